; The core's own doors, the way back from a down crossing, and the ways out
; that the unwinder takes.

%define DOORS
%include "gates/core.inc"

extern frame_return, unwind, unwind_down, up_pairs_fault, door_wake
extern gate_monitor_enter, gate_monitor_wake, gate_stack_take
extern gate_waits_begin, gate_waits_end, frame_unreserve, unwind_refuse_down
extern gate_lend_build, gate_revive, gate_check, gate_bad_return

section .text

; A call gate's stack [EIP][CS][ESP][SS] made into a trap frame, all
; registers kept, FS and GS as they are. Then C gets the frame in EAX.
%macro FRAME 1 ; C function
	push	dword [esp+12]		; SS
	push	dword [esp+4+8]		; ESP
	push	CLEAN_FLAGS
	push	dword [esp+12+4]	; CS
	push	dword [esp+16]		; EIP
	push	0
	push	0x100			; no vector: a door
	pushad
	push	ds
	push	es
	push	fs
	push	gs
	push	CLEAN_FLAGS
	popfd
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	mov	eax, esp
	call	%1
	jmp	frame_return
%endmacro

%macro DOOR 2 ; label, C function
global %1
%1:
	FRAME	%2
%endmacro

	DOOR	door_monitor_enter, gate_monitor_enter
	DOOR	door_monitor_wake, gate_monitor_wake
	DOOR	door_stack_take, gate_stack_take
	DOOR	door_lend_build, gate_lend_build
	DOOR	door_revive, gate_revive
	DOOR	door_waits_begin, gate_waits_begin
	DOOR	door_waits_end, gate_waits_end
	DOOR	door_check, gate_check

; The gate of a domain that is not there, or of an empty import slot: answers
; -E_GONE and takes the pairs of 0, 1 or 2 buffers off the caller's stack.
global door_gone_0, door_gone_1, door_gone_2
door_gone_2:
	add	dword [ss:esp+8], 8
door_gone_1:
	add	dword [ss:esp+8], 8
door_gone_0:
	push	CLEAN_FLAGS
	popfd
	mov	eax, -E_GONE
	FIXUP	core_unwind
	retf

; A domain's down thunk comes back: [EIP][CS][ESP][SS] below the core's frame.
; EAX: the result.
global door_down_return
door_down_return:
	push	0x002		; interrupts off until esp0 is the outer one
	popfd
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	xor	edi, edi
	mov	fs, edi
	mov	gs, edi
	THREAD	edi
	mov	ebp, [edi+THREAD_CROSSING]
	mov	esi, [ebp+CROSSING_TOP]
	lea	ebx, [ebp+esi*4-RECORD_SIZE]
	cmp	word [ebx+RECORD_SS], SEL_CORE_DATA
	jne	.bad
	mov	edx, [esp+4]		; CS: must be the callee's own
	cmp	[ebx+RECORD_CS], dx
	jne	.bad
	xor	ecx, ecx
	mov	[ebp+esi-LEND_SLOT+SLOT_FROM+4], ecx
	mov	[ebp+esi-LEND_SLOT+SLOT_INTO+4], ecx
	lea	edx, [edx*8+DOORS_OF_CODE]
	mov	ecx, [ebx+RECORD_STACK]
	and	ecx, 0xFF
	lock bts [edx+DOOR_FREE], ecx
	test	byte [edx+DOOR_FLAGS], DOOR_CONCURRENT
	jnz	.left
	lock and dword [edx+DOOR_MONITOR], ~1
	jnz	.wake
.left:
	sub	dword [ebp+CROSSING_TOP], LEND_SLOT
	add	esp, 16
	pop	ecx
	jmp	down_leave
.wake:
	push	eax
	mov	eax, edx
	call	door_wake
	pop	eax
	jmp	.left
.bad:
	FRAME	gate_bad_return

; Back from a DOWN_STUB. Interrupts off; EDI: thread; ECX: the outer esp0;
; EAX: the result; ESP: what the stub pushed.
down_leave:
	mov	[edi+THREAD_ESP0], ecx
	mov	edx, [edi+THREAD_CPU]
	mov	[edx+CPU_ESP0], ecx
	sti
	cmp	dword [edi+THREAD_RESERVED], 0
	jne	.unreserve
.unreserved:
	pop	edx
	pop	ecx
	pop	edi
	pop	esi
	pop	ebx
	pop	ebp
	ret
.unreserve:
	push	eax
	call	frame_unreserve
	pop	eax
	jmp	.unreserved

; The unwinder's way back into the core: the down call that has its registers
; at EDX answers EAX, and traps arrive at ECX again.
global core_resume_down
core_resume_down:
	cli
	THREAD	edi
	mov	esp, edx
	xor	edx, edx
	mov	fs, edx
	mov	gs, edx
	jmp	down_leave

; The caller of this up call is gone, or its return address is no good: make a
; frame of what the gate pushed and let the unwinder find where to go on.
global core_unwind
core_unwind:
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	xor	ecx, ecx
	mov	fs, ecx
	mov	gs, ecx
	THREAD	edi
	mov	dword [edi+THREAD_UP_GATE], 0
	mov	esp, [edi+THREAD_ESP0]
	sub	esp, 16
	FRAME	unwind

; An up call whose lends cannot be made, though nobody is at fault: EAX is the
; answer. The thunk pushed EDI, EBP, EBX, ESI; EDX: bytes of pairs to drop.
global core_refuse
core_refuse:
	THREAD	edi
	mov	dword [edi+THREAD_UP_GATE], 0
	mov	esp, [edi+THREAD_ESP0]
	sub	esp, 32
	mov	edi, [esp+28]
	FIXUP	core_unwind
	mov	ds, edi
	mov	es, edi
	pop	esi
	pop	ebx
	pop	ebp
	pop	edi
	add	[ss:esp+8], edx
	FIXUP	core_unwind
	retf

; The same for a down call.
global core_refuse_down
core_refuse_down:
	jmp	unwind_refuse_down

; The caller's stack, where its pairs should be, is not mapped.
global core_unwind_faulted
core_unwind_faulted:
	THREAD	edi
	mov	esp, [edi+THREAD_ESP0]
	sub	esp, 16
	FRAME	up_pairs_fault

; A down call that did not get as far as the domain: drop its record.
global core_unwind_down
core_unwind_down:
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	sti
	jmp	unwind_down
