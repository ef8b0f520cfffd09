; Copies between the core and a process's memory. Each instruction that touches
; what is the user's has a fix-up: where the page cannot be had, the function
; answers -EFAULT. Addresses were checked to lie below USER_END.

%include "gates/core.inc"

section .text

; i32 copy_user(void *to, const void *of, u32 size)
; EAX: to, EDX: from, ECX: size; either may be the user's. Returns 0 or -EFAULT.
global copy_user
copy_user:
	push	esi
	push	edi
	mov	edi, eax
	mov	esi, edx
	mov	edx, ecx
	shr	ecx, 2
	FIXUP	.fault
	rep movsd
	mov	ecx, edx
	and	ecx, 3
	FIXUP	.fault
	rep movsb
	xor	eax, eax
	pop	edi
	pop	esi
	ret
.fault:
	mov	eax, -EFAULT
	pop	edi
	pop	esi
	ret

; i32 zero_user(u32 user, u32 size): EAX: user, EDX: size. 0 or -EFAULT.
global zero_user
zero_user:
	push	edi
	mov	edi, eax
	mov	ecx, edx
	shr	ecx, 2
	xor	eax, eax
	FIXUP	.fault
	rep stosd
	mov	ecx, edx
	and	ecx, 3
	FIXUP	.fault
	rep stosb
	pop	edi
	ret
.fault:
	mov	eax, -EFAULT
	pop	edi
	ret

; i32 load_user(u32 *to, u32 user): EAX: to, EDX: user. 0 or -EFAULT.
global load_user
load_user:
	FIXUP	fault_user
	mov	edx, [edx]
	mov	[eax], edx
	xor	eax, eax
	ret

; i32 store_user(u32 user, u32 value): EAX: user, EDX: value. 0 or -EFAULT.
global store_user
store_user:
	FIXUP	fault_user
	mov	[eax], edx
	xor	eax, eax
	ret

fault_user:
	mov	eax, -EFAULT
	ret

; i32 text_user(char *to, u32 user, u32 room)
; EAX: to, EDX: user, ECX: room, not 0. Returns the bytes before the NUL, room
; if there is none, or -EFAULT.
global text_user
text_user:
	push	esi
	push	edi
	mov	edi, eax
	mov	esi, edx
	mov	edx, eax
.next:
	FIXUP	.fault
	lodsb
	stosb
	test	al, al
	jz	.end
	dec	ecx
	jnz	.next
	inc	edi	; as if the NUL came behind the room
.end:
	lea	eax, [edi-1]
	sub	eax, edx
	pop	edi
	pop	esi
	ret
.fault:
	mov	eax, -EFAULT
	pop	edi
	pop	esi
	ret

; u32 exchange_user(u32 user, u32 expected, u32 wanted, i32 *error)
; EAX: user, EDX: expected, ECX: wanted, [ESP+4]: error. Returns what was found.
global exchange_user
exchange_user:
	push	ebx
	mov	ebx, eax
	mov	eax, edx
	mov	edx, [esp+8]
	mov	dword [edx], 0
	FIXUP	.fault
	lock cmpxchg [ebx], ecx
	pop	ebx
	ret
.fault:
	mov	dword [edx], -EFAULT
	pop	ebx
	ret
