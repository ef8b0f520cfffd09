; Bytes in and out of lends, in the core. A page fault on the way is the
; lender's; limits are the lend's own.

%include "gates/core.inc"

extern lend_faulted

section .text

%ifdef FLAT ; a lend is its linear address
%define IN_FROM
%else
%define IN_FROM fs
%endif

; i32 lend_take(void *to, from void *bytes, u32 size): EAX, EDX, ECX
global lend_take
lend_take:
	push	esi
	push	edi
	mov	edi, eax
	mov	esi, edx
	mov	edx, ecx
	shr	ecx, 2
	FIXUP	lend_stop
	IN_FROM rep movsd
	mov	ecx, edx
	and	ecx, 3
	FIXUP	lend_stop
	IN_FROM rep movsb
	xor	eax, eax
	pop	edi
	pop	esi
	ret

; i32 lend_give(into void *to, const void *bytes, u32 size): EAX, EDX, ECX
global lend_give
lend_give:
	push	esi
	push	edi
	mov	edi, eax
	mov	esi, edx
	%ifndef FLAT
	mov	edx, gs
	mov	es, edx
	%endif
	mov	edx, ecx
	shr	ecx, 2
	FIXUP	lend_stop
	rep movsd
	mov	ecx, edx
	and	ecx, 3
	FIXUP	lend_stop
	rep movsb
	%ifndef FLAT
	mov	edx, ds
	mov	es, edx
	%endif
	xor	eax, eax
	pop	edi
	pop	esi
	ret

; i32 linear_copy(void *to, const void *bytes, u32 size): EAX, EDX, ECX
global linear_copy
linear_copy:
	push	esi
	push	edi
	mov	edi, eax
	mov	esi, edx
	mov	edx, ecx
	shr	ecx, 2
	FIXUP	linear_stop
	rep movsd
	mov	ecx, edx
	and	ecx, 3
	FIXUP	linear_stop
	rep movsb
	xor	eax, eax
	pop	edi
	pop	esi
	ret
linear_stop:
	mov	eax, -E_GONE
	pop	edi
	pop	esi
	ret

; The trap handler has put DS and ES right and FS and GS to null.
lend_stop:
	call	lend_faulted
	pop	edi
	pop	esi
	ret
