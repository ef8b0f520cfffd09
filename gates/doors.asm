; The core's own doors, the way back from a down crossing, and the ways out
; that the unwinder takes.

%define DOORS
%include "gates/core.inc"

extern frame_return, unwind, unwind_down, up_pairs_fault, door_wake
extern gate_monitor_enter, gate_monitor_wake, gate_stack_take
extern gate_waits_begin, gate_waits_end, frame_unreserve, unwind_refuse_down
extern gate_lend_build, gate_revive, gate_check, gate_bad_return
extern gate_bad_stack
extern tables_restore, server_bad_call

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

; A far domain's down thunk comes back: [EIP][CS][ESP][SS] below the core's frame.
; EAX: the result.
global door_down_return, down_finish
door_down_return:
	ITEM	interrupts
	cli			; until esp0 is the outer one
	ITEM	flags
	FLAGS_CLEAN edi
	ITEM	segments
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	ITEM	lends
	xor	ecx, ecx
	mov	fs, ecx
	mov	gs, ecx
	ITEM	thread
	THREAD	edi
	ITEM	record
	mov	ebp, [edi+THREAD_CROSSING]
	mov	esi, [ebp+CROSSING_TOP]
	ITEM	check
	cmp	word [ebp+esi*4+RECORD_SS-RECORD_SIZE], SEL_CORE_DATA
	jne	down_bad
	mov	edx, [esp+4]		; CS: must be the callee's own
	cmp	[ebp+esi*4+RECORD_CS-RECORD_SIZE], dx
	jne	down_bad
	ITEM	lends
	mov	[ebp+esi-LEND_SLOT+SLOT_FROM+4], ecx
	mov	[ebp+esi-LEND_SLOT+SLOT_INTO+4], ecx
	ITEM	pool
	lea	edx, [edx*8+DOORS_OF_CODE]
	movsx	ecx, byte [ebp+esi*4+RECORD_STACK-RECORD_SIZE]
	lock bts [edx+DOOR_FREE], ecx
	ITEM	monitor
	test	byte [edx+DOOR_FLAGS], DOOR_CONCURRENT
	jnz	down_left
	lock and dword [edx+DOOR_MONITOR], ~1
	jnz	down_wake
down_left:
	ITEM	record
	sub	dword [ebp+CROSSING_TOP], LEND_SLOT
	ITEM	tables
	jnz	door_down_return.nested
door_down_return.restored:
	ITEM	stack
	add	esp, 16
	pop	ecx

; Back from a DOWN_STUB or a relay. Interrupts off; EDI: thread; ECX: the outer
; esp0; EAX: the result; ESP: what the stub's PUSHAD left.
global down_leave
down_leave:
	ITEM	stack
	mov	[edi+THREAD_ESP0], ecx
	mov	edx, [edi+THREAD_CPU]
	mov	[edx+CPU_ESP0], ecx
down_finish:
	ITEM	reservation
	cmp	dword [edi+THREAD_RESERVED], 0
	jne	.unreserve
.unreserved:
	ITEM	stub
	mov	[esp+SAVED_EAX], eax
	popad
	ITEM	interrupts
	sti
	ITEM	stub
	ret
.unreserve:
	sti
	push	eax
	call	frame_unreserve
	pop	eax
	jmp	.unreserved

door_down_return.nested:
	call	down_restore
	jmp	door_down_return.restored

; A callee is left, and another domain is on top of the linkage again: the tables
; that it runs with, if it has some of its own. EDI: thread; EBP: its crossing
; page. Interrupts are off. Changes EDX.
global down_restore
down_restore:
	mov	edx, [ebp+CROSSING_TOP]
	movzx	edx, word [ebp+edx*4+RECORD_CS-RECORD_SIZE]
	test	byte [edx*8+DOORS_OF_CODE+DOOR_FLAGS], DOOR_CORE
	jnz	tables_again
	ret

; Whatever tables are due. EDI: thread. Interrupts are off. Changes EDX.
tables_again:
	push	eax
	push	ecx
	mov	eax, [edi+THREAD_CPU]
	mov	edx, edi
	call	tables_restore
	pop	ecx
	pop	eax
	ret

down_wake:
	push	eax
	mov	eax, edx
	call	door_wake
	pop	eax
	jmp	down_left
	FLAGS_ODD 0x002, door_down_return
down_bad:
	FRAME	gate_bad_return

; A server's call is over: [ESP][SS], EAX: the result. Its record has where to.
global server_back
server_back:
	pop	ecx
	add	esp, 4
	mov	edi, SEL_USER_DATA
	mov	ds, edi
	mov	es, edi
	THREAD	edi
	mov	edi, [edi+THREAD_CROSSING]
	mov	edx, [edi+CROSSING_TOP]
	lea	edi, [edi+edx*4]
	mov	ebp, [edi+RECORD_FAR_ESP-RECORD_SIZE]
	mov	edx, [edi+RECORD_SPILL-RECORD_SIZE]
	sysexit

; A caller's stack is not its own: see GUARD.
global core_bad_stack
core_bad_stack:
	FRAME	gate_bad_stack

; It called by a number that it does not have.
global call_refused
call_refused:
	FRAME	server_bad_call

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
	call	tables_again
	jmp	down_leave

; An up call ends here, with its lends, however far it got. ESP: the frame that
; the gate pushed. EDI: thread. EBP: lost.
%macro UP_OVER 0
	THREAD	edi
	mov	dword [edi+THREAD_UP_GATE], 0
	mov	ebp, [edi+THREAD_CROSSING]
	add	ebp, [ebp+CROSSING_TOP]
	mov	dword [ebp+SLOT_FROM+4], 0
	mov	dword [ebp+SLOT_INTO+4], 0
	mov	esp, [edi+THREAD_ESP0]
	sub	esp, 16
%endmacro

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
	UP_OVER
	FRAME	unwind

; An up call whose lends cannot be made, though nobody is at fault: EAX is the
; answer; EDX: bytes of pairs to drop. core_refuse_saved: EBX and ESI lie below
; the gate's frame.
global core_refuse, core_refuse_saved
core_refuse_saved:
	THREAD	edi
	mov	esi, [edi+THREAD_ESP0]
	mov	ebx, [esi-20]
	mov	esi, [esi-24]
core_refuse:
	UP_OVER
	FIXUP	core_unwind
	mov	ds, [esp+12]
	FIXUP	core_unwind
	mov	es, [esp+12]
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
	UP_OVER
	FRAME	up_pairs_fault

; A down call that did not get as far as the domain: drop its record.
global core_unwind_down
core_unwind_down:
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	sti
	jmp	unwind_down
