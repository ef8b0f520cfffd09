; The three doors for system calls: int 0x80, SYSENTER and a call gate. Each
; leaves a whole frame at the top of the thread's kernel stack, the call's
; number in its `error`, and goes out by way of call_leave.

%include "gates/core.inc"
%include "kernel/frame.inc"

extern call_enter, call_wrong_ring, trap_leave, frame_return, frame_fixup
extern vdso_way_sysenter

extern server_back, server_leave, server_backs, server_backs_end

section .text

; SERVER label: who came by SYSENTER is a server that calls (kernel/server.h)?
; Then go where it called, with the frame that a gate would have pushed, and
; EDI what belongs to the call. EBP is its stack: its EBP, a far return address, and
; the pairs behind it. Else everything is as before, and `label` follows.
%macro SERVER 1
	push	0			; SS, in a moment
	push	ebp			; ESP
	push	SEL_CORE_CODE
	push	server_back
	push	eax
	push	ecx
	mov	ecx, esp
	and	ecx, STACK_MASK
	mov	ecx, [ss:ecx]
	mov	ecx, [ss:ecx+THREAD_CROSSING]
	mov	eax, [ss:ecx+CROSSING_TOP]
	lea	ecx, [ecx+eax*4]
	movzx	eax, word [ss:ecx+RECORD_CS-RECORD_SIZE]
	test	byte [ss:eax*8+DOORS_OF_CODE+DOOR_FLAGS], DOOR_SERVER
	jz	%%no
	cmp	ebp, [ss:eax*8+DOORS_OF_CODE+DOOR_LIMIT]
	ja	%%no
	push	dword [ss:eax*8+DOORS_OF_CODE+DOOR_TABLES]
	FIXUP	%%pop
	push	dword [ss:ebp]
	pop	dword [ss:ecx+RECORD_FAR_ESP-RECORD_SIZE]
	FIXUP	%%pop
	mov	ebp, [ss:ebp+4]
	mov	[ss:ecx+RECORD_SPILL-RECORD_SIZE], ebp
	pop	ebp
	sub	edi, SERVER_NUMBER
	cmp	edi, [ss:ebp+SERVER_COUNT]
	jae	%%none
	add	eax, 8
	mov	[ss:esp+20], eax
	add	dword [ss:esp+16], 12
	mov	ecx, [ss:ebp+edi*8+SERVER_CALL+4]
	mov	ebp, [ss:ebp+edi*8+SERVER_CALL]
	mov	edi, ecx
	pop	ecx
	pop	eax
	jmp	ebp
%%none:
	add	edi, SERVER_NUMBER
	jmp	%%no
%%pop:
	pop	ebp
%%no:
	pop	ecx
	pop	eax
	add	esp, 16
%endmacro

; SAVE: the rest of a frame. In: EAX, the call's number.
%macro SAVE 0
	push	eax			; error
	push	VECTOR_SYSCALL
	FRAME_PUSH
	FRAME_ENTER
%endmacro

; USER_ONLY: a program's frame lies at the top of the stack. One of ring 1, or
; of a domain that left its ring with a program's selectors, goes another way.
%macro USER_ONLY 0
	cmp	word [esp+FRAME_CS], SEL_USER_CODE
	jne	wrong_ring
	lea	eax, [esp+FRAME_SIZE]
	test	eax, ~STACK_MASK
	jnz	wrong_ring
%endmacro

; int 0x80. [EIP][CS][EFLAGS][ESP][SS] are there; interrupts are off.
global call_int80
call_int80:
	SAVE
	USER_ONLY
	sti
	mov	eax, esp
	call	call_enter
	jmp	call_leave

; SYSENTER. ESP: the last word of this CPU's doorway, which names its TSS. EBP:
; the user's stack, [EBP] its EBP. Interrupts are off. With TF set, #DB comes
; between the first two instructions; trap.asm knows. What costs most is left
; out: odd flags are cleared only if there are any, flat segments are as good as
; the core's own, and FS and GS stay as they are: C has no use for them, and
; who calls a domain clears them.
global call_sysenter, call_sysenter_next
	MESSAGE_TEXT
call_sysenter:
	mov	esp, [ss:esp]
call_sysenter_next:
	mov	esp, [ss:esp+4]		; esp0
	test	esp, ~STACK_MASK
	jnz	.domain
	push	SEL_USER_DATA
	push	ebp
	pushfd
	or	dword [esp], 0x200
	push	SEL_USER_CODE
	push	VDSO_LANDING
	push	eax			; error
	push	VECTOR_SYSCALL
	FRAME_PUSH
	test	dword [esp+FRAME_EFLAGS], ODD_FLAGS
	jnz	.flags
.plain:
	cmp	word [esp+FRAME_DS], SEL_USER_DATA
	jne	.segments
	cmp	word [esp+FRAME_ES], SEL_USER_DATA
	jne	.segments
.flat:
	sti
	cmp	ebp, USER_END-4
	ja	.fault
	FIXUP	.fault
	mov	ebp, [ebp]
	mov	[esp+FRAME_EBP], ebp
	mov	eax, esp
	call	call_enter
	jmp	call_leave
.flags:
	push	2
	popfd
	jmp	.plain
.segments:
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	jmp	.flat
.fault:
	mov	dword [esp+FRAME_EAX], -EFAULT
	jmp	call_leave
.domain: ; esp0 is lowered: a domain is below, and that is who came
	cmp	edi, SERVER_NUMBER + SERVER_CALL_RETURN
	je	.leave
.call:
	SERVER	.stranger
.stranger:
	push	SEL_USER_DATA
	push	ebp
	pushfd
	push	0
	push	0
	SAVE
	jmp	wrong_ring
.leave: ; if the core entered a server here: [outer esp0], PUSHAD's frame
	mov	edi, [esp+4+SAVED_BACK]
	cmp	edi, server_backs
	jb	.unasked
	cmp	edi, server_backs_end
	jb	server_leave
.unasked:
	mov	edi, SERVER_NUMBER + SERVER_CALL_RETURN
	jmp	.call

section .text

; The call gate. [EIP][CS][ESP][SS]: room for EFLAGS is made between them.
; EIP becomes the landing: the vDSO alone has the gate's selector.
global call_gate
call_gate:
	push	eax
	pushfd				; [EFLAGS][EAX][EIP][CS][ESP][SS]
	mov	eax, [ss:esp+12]	; CS
	mov	[ss:esp+8], eax
	mov	eax, [ss:esp]
	mov	[ss:esp+12], eax
	mov	eax, [ss:esp+4]
	mov	dword [ss:esp+4], VDSO_LANDING
	add	esp, 4			; [EIP][CS][EFLAGS][ESP][SS]
	SAVE
	USER_ONLY
	or	dword [esp+FRAME_EFLAGS], 0x200
	sti
	mov	eax, esp
	call	call_enter
	jmp	call_leave

wrong_ring:
	mov	eax, esp
	call	call_wrong_ring
	jmp	frame_return

; Out. The frame at ESP; interrupts on. What has become pending is done first.
; A frame that goes back to the landing needs neither ECX nor EDX: SYSEXIT.
global call_leave, call_leave_now
call_leave:
	THREAD	ebx
	cli
	mov	ecx, [ebx+THREAD_CPU]
	mov	edx, [ebx+THREAD_ATTENTION]
	and	edx, ATTENTION_LEAVE
	or	edx, [ecx+CPU_WANT_SWITCH]
	jnz	.busy
	cmp	dword [esp+FRAME_EIP], VDSO_LANDING
	jne	frame_return
	cmp	dword [vdso_way_sysenter], 0
	je	frame_return
	test	dword [esp+FRAME_EFLAGS], ODD_FLAGS
	jnz	frame_return
	mov	eax, ds
	cmp	ax, [esp+FRAME_DS]
	jne	.segments
	mov	eax, es
	cmp	ax, [esp+FRAME_ES]
	jne	.segments
	mov	eax, fs
	cmp	ax, [esp+FRAME_FS]
	jne	.segments
	mov	eax, gs
	cmp	ax, [esp+FRAME_GS]
	jne	.segments
	add	esp, 16
.registers:
	popad
	mov	ecx, [ss:esp+20]	; the user's ESP
	mov	edx, VDSO_LANDING
	sti
	sysexit
.segments:
	FRAME_SEGMENTS
	jmp	.registers
.busy:
	mov	eax, esp
	call	trap_leave
	jmp	call_leave

; A new task's thread begins here: its frame lies at ESP.
extern thread_task_begin
global thread_task_entry
thread_task_entry:
	call	thread_task_begin
	jmp	call_leave

; The vDSOs, one page each.
section .rodata
global vdso_int80, vdso_sysenter, vdso_gate
align 4096
vdso_int80:	incbin "vdso_int80.so"
	align 4096, db 0
vdso_sysenter:	incbin "vdso_sysenter.so"
	align 4096, db 0
vdso_gate:	incbin "vdso_gate.so"
	align 4096, db 0
