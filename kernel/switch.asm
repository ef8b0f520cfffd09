; The switch between kernel stacks.

%include "gates/core.inc"

extern thread_begin

section .text

; void thread_switch(struct thread *out, struct thread *in)
; EAX: out, EDX: in. Registers that C preserves go on out's stack; FS and GS
; are saved by the caller of this in C. Returns on in's stack.
global thread_switch
thread_switch:
	push	ebp
	push	ebx
	push	esi
	push	edi
	mov	[eax+THREAD_ESP], esp
	mov	esp, [edx+THREAD_ESP]
	pop	edi
	pop	esi
	pop	ebx
	pop	ebp
	ret

; void segments_load(u32 fs, u32 gs)
; EAX: fs, EDX: gs. A domain's own, if the core was called by a function without
; buffers: what they name may have died while the thread slept. Null then: the
; trap handler returns with both null.
global segments_load
segments_load:
	FIXUP	.second
	mov	fs, eax
.second:
	FIXUP	.gone
	mov	gs, edx
.gone:
	ret

; Where a new thread's first switch returns to.
global thread_entry
thread_entry:
	call	thread_begin
	ud2
