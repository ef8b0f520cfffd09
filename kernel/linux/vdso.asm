; The vDSO's code, assembled three times: WAY is int80, sysenter or gate. Its
; functions lie at fixed offsets (kernel/linux/vdso.h); the unwind tables that
; debuggers like are left out. A program calls __kernel_vsyscall with a system
; call's number and words in EAX, EBX, ECX, EDX, ESI, EDI, EBP.

%include "offsets.inc"

%define VDSO VDSO_CALL_OFFSET

section .text
align 64
global __kernel_vsyscall:function
__kernel_vsyscall:
	push	ecx		; SYSEXIT needs ECX and EDX
	push	edx
	push	ebp		; and the core finds the stack through EBP
	mov	ebp, esp
%ifidn WAY,sysenter
	sysenter
%elifidn WAY,gate
	mov	ebp, [esp]
	call	SEL_SYSCALL:0	; comes back at the landing
%else
	mov	ebp, [esp]
	jmp	short again
%endif
	times 30-($-__kernel_vsyscall) nop
again:
	int	0x80		; a call that was broken off comes here again
landing:
	pop	ebp
	pop	edx
	pop	ecx
	ret
	times 64-($-__kernel_vsyscall) nop

global __kernel_sigreturn:function
__kernel_sigreturn:
	pop	eax		; the signal's number
	mov	eax, 119
	int	0x80
	times 128-($-__kernel_vsyscall) nop

global __kernel_rt_sigreturn:function
__kernel_rt_sigreturn:
	mov	eax, 173
	int	0x80
