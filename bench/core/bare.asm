; Bare mechanisms for the command `bench`: each loop does one thing again and
; again, in ring 0, 1 or 3, with interrupts off. bench/core/bare.c makes what
; they use, and takes it away.

%include "offsets.inc"

extern bare_first, bare_second, bare_esp0, bare_esp1, bare_worker

section .bss
align 16
bare_stack: resd 1		; ESP of bare_run
	resd 63
global bare_outer
bare_outer:			; top of ring 1's stack
	resd 64
global bare_task_stack
bare_task_stack:

section .data
bare_pointer: dd bare_near_return

section .text

; u64 bare_run(code, calls, ring). EAX, EDX, ECX. Runs a loop: EBX: how often;
; EDI, EBP: bare_first, bare_second. Answers EDX:EAX. What comes from the loop's
; ring arrives below the stack of here.
global bare_run
bare_run:
	push	ebp
	push	ebx
	push	esi
	push	edi
	push	fs
	push	gs
	mov	[bare_stack], esp
	mov	ebx, [bare_esp0]
	mov	[ebx], esp
	mov	ebx, edx
	mov	edi, [bare_first]
	mov	ebp, [bare_second]
	cmp	ecx, 1
	jb	.core
	je	.domain
	mov	ecx, SEL_USER_DATA
	push	ecx
	push	BARE_PAGES + 4096
	push	SEL_USER_CODE
	jmp	.outward
.domain:
	mov	ecx, SEL_BARE_DATA
	push	ecx
	push	dword [bare_esp1]
	push	SEL_BARE_CODE
.outward:
	push	eax
	mov	ds, ecx
	mov	es, ecx
	retf
.core:
	call	eax
global bare_exit
bare_exit:
	mov	ecx, SEL_CORE_DATA
	mov	ds, ecx
	mov	es, ecx
	mov	ss, ecx
	mov	esp, [bare_stack]
	pop	gs
	pop	fs
	pop	edi
	pop	esi
	pop	ebx
	pop	ebp
	ret

; What the loops lead to.
bare_near_return:
	ret
global bare_return, bare_return_clock, bare_int, bare_int_clock
bare_return_clock:
	rdtsc
bare_return:
	retf
bare_int_clock:
	rdtsc
bare_int:
	iretd
global bare_sysenter
bare_sysenter:
	sysexit
global bare_task
bare_again:
	iretd
bare_task:
	jmp	bare_again

; LEAVE ring: EDX:EAX is the answer.
%macro LEAVE 1
	%if %1 = 0
	ret
	%else
	call	SEL_BARE_EXIT:0
	%endif
%endmacro

; LOOP name ... DONE ring: the time of all passes. A pass finds EDI in EDX and
; EBP in ECX at the first time, and leaves EBX and ESI alone.
%macro LOOP 1
	%push
align 16
global bare_%1
bare_%1:
	rdtsc
	mov	esi, eax
	mov	edx, edi
	mov	ecx, ebp
%$again:
%endmacro
%macro DONE 1
	dec	ebx
	jnz	%$again
	rdtsc
	sub	eax, esi
	xor	edx, edx
	LEAVE	%1
	%pop
%endmacro

; CLOCKED name ... TWICE ring: the same for what reads the clock on the other
; side: EAX is all ways in, EDX all ways back.
%macro CLOCKED 1
	%push
align 16
global bare_%1
bare_%1:
	xor	esi, esi
	xor	ebp, ebp
%$again:
	rdtsc
	mov	ecx, eax
%endmacro
%macro TWICE 1
	mov	edi, eax
	rdtsc
	sub	esi, ecx
	add	esi, edi
	sub	ebp, edi
	add	ebp, eax
	dec	ebx
	jnz	%$again
	mov	eax, esi
	mov	edx, ebp
	LEAVE	%1
	%pop
%endmacro

; ---- ring 0 ----

	LOOP	empty_core
	DONE	0
	LOOP	near
	call	bare_near_return
	DONE	0
	LOOP	indirect
	call	[bare_pointer]
	DONE	0
	LOOP	far_direct
	call	SEL_CORE_CODE:bare_return
	DONE	0
	LOOP	int_same
	int	BARE_INT
	DONE	0
	LOOP	load_ds
	mov	ds, ecx
	DONE	0
	LOOP	load_fs
	mov	fs, ecx
	DONE	0
	LOOP	load_ss
	mov	ss, ecx
	DONE	0
	LOOP	lldt
	lldt	cx
	DONE	0
	LOOP	lgdt
	lgdt	[edx]
	DONE	0
	LOOP	cr3			; two loads: this directory, another
	mov	cr3, ecx
	mov	cr3, edx
	DONE	0

%macro TOUCH 0
%assign page 0
%rep BARE_PAGE_SUM
	mov	eax, [BARE_PAGES + page * 4096]
%assign page page + 1
%endrep
%endmacro

	LOOP	touch
	TOUCH
	DONE	0
	LOOP	cr3_touch
	mov	cr3, edx
	TOUCH
	DONE	0
	LOOP	task_gate
	call	SEL_BARE_TASK:0
	DONE	0

; ---- ring 1 ----

	LOOP	empty_domain
	DONE	1
	LOOP	work			; wherever this ring's segments begin
	mov	eax, edi
	call	bare_worker
	DONE	1
	LOOP	gate_same
	call	SEL_BARE_SAME:0
	DONE	1
	LOOP	gate_inner
	call	SEL_BARE_INNER:0
	DONE	1
	CLOCKED	clock_domain
	rdtsc
	TWICE	1
	CLOCKED	gate_clock
	call	SEL_BARE_CLOCK:0
	TWICE	1

; ---- ring 3: copied to BARE_USER ----

align 16
global bare_user_begin, bare_user_end
bare_user_begin:
	LOOP	empty_user
	DONE	3
	LOOP	gate_user
	call	SEL_BARE_INNER:0
	DONE	3
	LOOP	int_user
	int	BARE_INT
	DONE	3
	LOOP	sysenter_user
	sysenter
global bare_sysenter_back
bare_sysenter_back:
	DONE	3
	CLOCKED	clock_user
	rdtsc
	TWICE	3
	CLOCKED	int_clock_user
	int	BARE_INT_CLOCK
	TWICE	3
bare_user_end:
