; The FPU's registers straight into and out of a signal frame in the user's
; memory. Each instruction may fault: the page is not there (and then is had, if
; it can be), MXCSR is not a value, or the task lost the FPU to a switch.

%include "gates/core.inc"

section .text

; i32 fpu_store_user(u32 fxsave, u32 legacy)
; EAX: where FXSAVE's 512 bytes go, EDX: FNSAVE's 108, both checked. Returns 0
; with the x87 as new, or -1.
global fpu_store_user
fpu_store_user:
	FIXUP	fpu_user_failed
	fxsave	[eax]
	FIXUP	fpu_user_failed
	fnsave	[edx]
	xor	eax, eax
	ret

; i32 fpu_fetch_user(u32 fxsave, u32 legacy)
; The same two, to be loaded: SSE counts from the first, x87 from the second.
global fpu_fetch_user
fpu_fetch_user:
	FIXUP	fpu_user_failed
	fxrstor	[eax]
	FIXUP	fpu_user_failed
	frstor	[edx]
	xor	eax, eax
	ret

fpu_user_failed:
	or	eax, -1
	ret
