; Vectors, the common way in, and the way out with its fix-ups.

%include "gates/core.inc"
%include "kernel/frame.inc"

extern trap, trap_fault_task, call_int80, call_sysenter, call_sysenter_next


section .text

; #DB. SYSENTER keeps TF: then the trap comes at the doorway's first
; instructions, on a stack of a few words. TF goes, and the call goes on.
vector_debug:
	cmp	dword [ss:esp], call_sysenter
	je	.doorway
	cmp	dword [ss:esp], call_sysenter_next
	jne	vector_1
.doorway:
	and	dword [ss:esp+8], ~0x100
	iretd

%assign v 0
%rep 256
vector_%[v]:
	%if !(v = 8 || (v >= 10 && v <= 14) || v = 17)
	push	0
	%endif
	push	v
	jmp	near trap_common
%assign v v+1
%endrep

; In: [vector][error][EIP][CS][EFLAGS], and [ESP][SS] from an outer ring.
; A trap taken in ring 0 reloads the segment registers like any other.
trap_common:
	FRAME_PUSH
	FRAME_ENTER
	mov	eax, esp
	call	trap
	; interrupts are off here

; Out: the frame at ESP. The IRET may fault like the segments before it.
global frame_return
frame_return:
	cli
	FRAME_SEGMENTS
	popad
	add	esp, 8
	FIXUP	frame_fixup
	iretd

; void frame_restore(const struct frame *copy, struct frame *to): put a frame
; back where it was and leave the core through it.
extern frame_unreturnable
global frame_restore, frame_fixup
frame_fixup: ; names the fix-ups of frame_return; C calls frame_restore
frame_restore:
	mov	esp, eax
	mov	esi, eax
	mov	edi, edx
	mov	ecx, FRAME_SIZE / 4
	rep movsd
	mov	esp, edx
	mov	eax, edx
	call	frame_unreturnable
	jmp	frame_return

; #DF comes through a task gate, on a stack and a TSS of its own; it reports
; and never returns.
global fault_task
fault_task:
	call	trap_fault_task
	hlt
	jmp	fault_task

section .rodata
global vectors
vectors:
%assign v 0
%rep 256
	%if v = 1
	dd	vector_debug
	%elif v = VECTOR_SYSCALL
	dd	call_int80
	%else
	dd	vector_%[v]
	%endif
%assign v v+1
%endrep
