; The acts of the enforcement probe. Registers by regparm(3): EAX, EDX, ECX.

%include "gates/core.inc"

section .text

%macro ACT 2+ ; name, act on FS
global probe_%1
probe_%1:
	push	ebx
	FIXUP	faulted
	mov	fs, eax
	FIXUP	faulted
	%2
	xor	ecx, ecx
	jmp	finish
%endmacro

	ACT	read, mov ecx, [fs:edx]
	ACT	write, mov dword [fs:edx], 0
	ACT	load, nop

faulted:
	mov	ecx, 1
finish:
	xor	eax, eax
	mov	fs, eax
	mov	eax, ecx
	pop	ebx
	ret
