; The quick ways through a relay: into a domain that the core alone enters, with
; words and no buffers, and without waiting. One for each kind of caller and of
; callee, number of words, and for callees with a monitor or without. They do
; what gates/relay.asm does, which takes over where something is unusual; C that
; relays_open chooses among them. gates/leave.asm has the ways back.
;
; DS and ES stay the caller's until they become the callee's: what is the core's
; is reached through SS.

%include "gates/core.inc"

extern relay_no_stack, relay_back, fpu_shut

section .text

; In: as an entry of gates/relay.asm leaves it, interrupts off. EAX: relay; EBX:
; the callee's code; EDX: caller and function; EBP: crossing page; ESI: the
; callee's door; EDI: thread. Out: ECX: one of its stacks; EDX: TOP.
; QUICK_BEGIN back, monitored
%macro QUICK_BEGIN 2
	ITEM	stub
	push	relay_back
	pushad
	ITEM	lends
	xor	edi, edi
	mov	fs, edi
	mov	gs, edi
	ITEM	thread
	THREAD	edi
	ITEM	call
	mov	eax, [esp+36]
	mov	ebx, [ss:eax+RELAY_CODE]
	mov	esi, [ss:eax+RELAY_DOOR]
	ITEM	record
	mov	ebp, [ss:edi+THREAD_CROSSING]
	mov	ecx, [ebp+CROSSING_TOP]
	mov	edx, [ss:eax+RELAY_HEAD]
	mov	[ebp+ecx*4+RECORD_ESP], esp
	mov	[ebp+ecx*4+RECORD_SS], edx
	mov	[ebp+ecx*4+RECORD_CS], ebx	; and the ticks, to 0
	mov	dword [ebp+ecx*4+RECORD_BACK], %1
	add	dword [ebp+CROSSING_TOP], LEND_SLOT
	%if %2
	ITEM	monitor
	lock bts dword [ss:esi+DOOR_MONITOR], 0
	jc	.contended
.entered:
	%endif
	ITEM	counters
	lock inc dword [ss:esi+DOOR_CALLS]
	ITEM	ring
	mov	eax, [ss:edi+THREAD_CPU]
	mov	eax, [ss:eax+CPU_RING]
	movzx	ecx, byte [ss:eax+RING_HEAD]
	inc	byte [ss:eax+RING_HEAD]
	mov	[ss:eax+ecx*8+RING_ENTRY], edx
	mov	[ss:eax+ecx*8+RING_ENTRY+4], ebx
	ITEM	pool
	bsf	ecx, [ss:esi+DOOR_POOL_BITS]
	jz	.no_stack
	%if %2
	btr	[ss:esi+DOOR_POOL_BITS], ecx
	%else
	lock btr [ss:esi+DOOR_POOL_BITS], ecx
	jnc	.no_stack
	%endif
	lea	eax, [ecx+DOOR_POOL]
	mov	edx, [ebp+CROSSING_TOP]
	mov	[ebp+edx*4+RECORD_STACK-RECORD_SIZE], eax
	ITEM	stack
	push	dword [ss:edi+THREAD_ESP0]
	mov	[ss:edi+THREAD_ESP0], esp
	mov	eax, [ss:edi+THREAD_CPU]
	mov	[ss:eax+CPU_ESP0], esp
	ITEM	fpu
	cmp	dword [ss:eax+CPU_FPU_OPEN], 0
	jne	.fpu
.shut:
%endmacro

; What QUICK_BEGIN leaves aside.
%macro QUICK_END 1 ; monitored
	%if %1
.contended:
	mov	eax, esi
	call	quick_contended
	jmp	.entered
	%endif
.no_stack:
	mov	ecx, SEL_CORE_DATA
	mov	ds, ecx
	mov	es, ecx
	jmp	relay_no_stack
.fpu:
	call	quick_shut
	jmp	.shut
%endmacro

; QUICK_WORD n, words, register, where PUSHAD's frame has it, bytes pushed
%macro QUICK_WORD 5
	%if %2 >= %1
	mov	%3, [esp+%5+%4]
	%endif
%endmacro

; QUICK_SEALED label, back, words, monitored
%macro QUICK_SEALED 4
%1:
	QUICK_BEGIN %2, %4
	push	dword [ss:esi+ecx*8+DOOR_STACK+4]
	push	dword [ss:esi+ecx*8+DOOR_STACK]
	ITEM	call
	push	ebx
	mov	ebx, [esp+16+36]
	push	dword [ss:ebx+RELAY_ENTRY]
	ITEM	tables
	lea	ebx, [ebp+edx-LEND_SLOT]
	mov	[ss:edi+THREAD_LDT_BASE], ebx
	mov	ebx, [ebp+edx*4+RECORD_LDT-RECORD_SIZE]
	mov	edi, [ss:eax+CPU_SEALED]
	mov	[ss:edi+LDT_AT], ebx
	mov	ebx, [ss:esi+DOOR_TABLES]
	add	ebx, [ss:eax+CPU_SEALED_VIEW]
	mov	[ss:eax+CPU_SEALED_GDTR+2], ebx
	lgdt	[ss:eax+CPU_SEALED_GDTR]
	mov	ebx, SEL_LDT
	lldt	bx
	ITEM	segments
	FIXUP	core_unwind_down
	mov	es, [ss:esi+ecx*8+DOOR_STACK+4]
	FIXUP	core_unwind_down
	mov	ds, [ss:esi+ecx*8+DOOR_STACK+4]
	ITEM	call
	QUICK_WORD 1, %3, eax, SAVED_EAX, 20
	QUICK_WORD 2, %3, edx, SAVED_EDX, 20
	QUICK_WORD 3, %3, ecx, SAVED_ECX, 20
	QUICK_WORD 4, %3, ebx, SAVED_EBX, 20
	QUICK_WORD 5, %3, esi, SAVED_ESI, 20
	sti
	FIXUP	core_unwind_down
	retf
	QUICK_END %4
%endmacro

; QUICK_SERVER label, back, words, monitored: EDX and ECX travel in EDI and EBP,
; and the entry on the server's stack, for the landing.
%macro QUICK_SERVER 4
%1:
	QUICK_BEGIN %2, %4
	mov	ebx, [esp+4+36]
	mov	edx, [ss:ebx+RELAY_ENTRY]
	mov	ebx, [ss:esi+DOOR_BASE]
	mov	ecx, [ss:esi+ecx*8+DOOR_STACK]
	sub	ecx, 4
	mov	[ss:ebx+ecx], edx
	ITEM	tables
	mov	ebx, [ss:esi+DOOR_TABLES]
	mov	ebx, [ss:ebx+SERVER_DIRECTORY]
	mov	[ss:eax+CPU_SERVED], ebx
	mov	cr3, ebx
	ITEM	segments
	mov	ebx, SEL_USER_DATA
	mov	ds, ebx
	mov	es, ebx
	ITEM	call
	QUICK_WORD 1, %3, eax, SAVED_EAX, 4
	QUICK_WORD 2, %3, edi, SAVED_EDX, 4
	QUICK_WORD 3, %3, ebp, SAVED_ECX, 4
	QUICK_WORD 4, %3, ebx, SAVED_EBX, 4
	QUICK_WORD 5, %3, esi, SAVED_ESI, 4
	mov	edx, SERVER_LANDING
	sti
	sysexit
	QUICK_END %4
%endmacro

; Wait for the monitor of the door in EAX; EDX is kept, DS and ES are the core's
; afterwards. Does not return if the domain died meanwhile.
quick_contended:
	mov	ecx, SEL_CORE_DATA
	mov	ds, ecx
	mov	es, ecx
	push	edx
	sti
	call	door_enter
	cli
	pop	edx
	test	eax, eax
	jnz	core_unwind_down
	ret

; A program's FPU is open: no more. Keeps all but DS and ES.
quick_shut:
	pushad
	mov	ecx, SEL_CORE_DATA
	mov	ds, ecx
	mov	es, ecx
	call	fpu_shut
	popad
	ret

; QUICK caller, callee, how: by monitor and words
%macro QUICK 3
	%assign monitored 0
	%rep 2
		%assign words 0
		%rep 6
	%3	quick_%1_%2_%[monitored]_%[words], \
		back_%1_%2_%[monitored], words, monitored
extern back_%1_%2_%[monitored]
			%assign words words+1
		%endrep
		%assign monitored monitored+1
	%endrep
%endmacro

	QUICK	far, sealed, QUICK_SEALED
	QUICK	sealed, sealed, QUICK_SEALED
	QUICK	far, server, QUICK_SERVER
	QUICK	server, server, QUICK_SERVER

; WAYS caller, callee
%macro WAYS 2
	%assign monitored 0
	%rep 2
		%assign words 0
		%rep 6
	dd	quick_%1_%2_%[monitored]_%[words]
			%assign words words+1
		%endrep
		%assign monitored monitored+1
	%endrep
%endmacro

; u32 quick_ways[4][2][6]: by whom and whither, as enum quick_way has them.
section .rodata
global quick_ways
align 4
quick_ways:
	WAYS	far, sealed
	WAYS	sealed, sealed
	WAYS	far, server
	WAYS	server, server
