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

; In: as an entry of gates/relay.asm leaves it, interrupts off. Out: EAX: relay;
; EBX: the callee's code; ECX: what TOP was; EDX: one of the callee's stacks;
; EBP: crossing page; ESI: the callee's door; EDI: the CPU. PUSHAD's frame has
; thread and crossing page for the way back: the caller's stub has saved EDI and
; EBP, and FS and GS.
; QUICK_BEGIN back, monitored
%macro QUICK_BEGIN 2
	ITEM	stub
	push	relay_back
	ITEM	thread
	THREAD	edi
	ITEM	record
	mov	ebp, [ss:edi+THREAD_CROSSING]
	ITEM	stub
	pushad
	mov	dword [esp+SAVED_BACK], %1
	ITEM	lends
	LENDS_NULL
	ITEM	call
	mov	eax, [esp+36]
	mov	ebx, [ss:eax+RELAY_CODE]
	ITEM	record
	mov	edx, [ss:eax+RELAY_HEAD]
	mov	ecx, [ebp+CROSSING_TOP]
	mov	[ebp+ecx*4+RECORD_ESP], esp
	mov	[ebp+ecx*4+RECORD_SS], edx
	mov	[ebp+ecx*4+RECORD_CS], ebx	; and the ticks, to 0
	add	dword [ebp+CROSSING_TOP], LEND_SLOT
	ITEM	ring
	mov	eax, [ss:edi+THREAD_RING]
	movzx	esi, byte [ss:eax+RING_HEAD]
	inc	byte [ss:eax+RING_HEAD]
	mov	[ss:eax+esi*8+RING_ENTRY], edx
	mov	[ss:eax+esi*8+RING_ENTRY+4], ebx
	ITEM	call
	mov	eax, [esp+36]
	mov	esi, [ss:eax+RELAY_DOOR]
	%if %2
	ITEM	monitor
	lock bts dword [ss:esi+DOOR_MONITOR], 0
	jc	.contended
.entered:
	%endif
	ITEM	counters
	lock inc dword [ss:esi+DOOR_CALLS]
	ITEM	pool
	bsf	edx, [ss:esi+DOOR_POOL_BITS]
	jz	.no_stack
	%if %2
	btr	[ss:esi+DOOR_POOL_BITS], edx
	%else
	lock btr [ss:esi+DOOR_POOL_BITS], edx
	jnc	.no_stack
	%endif
	mov	[ebp+ecx*4+RECORD_STACK], edx
	ITEM	stack
	push	dword [ss:edi+THREAD_ESP0]
	mov	[ss:edi+THREAD_ESP0], esp
	mov	edi, [ss:edi+THREAD_CPU]
	mov	[ss:edi+CPU_ESP0], esp
	ITEM	fpu
	cmp	dword [ss:edi+CPU_FPU_OPEN], 0
	jne	.fpu
.shut:
%endmacro

; What QUICK_BEGIN leaves aside.
%macro QUICK_END 1 ; monitored
	%if %1
.contended:
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
	push	dword [ss:esi+edx*8+DOOR_STACK+4]
	push	dword [ss:esi+edx*8+DOOR_STACK]
	ITEM	interrupts
	push	CLEAN_FLAGS
	ITEM	call
	push	ebx
	push	dword [ss:eax+RELAY_ENTRY]
	ITEM	tables
	TABLES_SEALED edi, esi, ebp+ecx*4+RECORD_SIZE, ecx, ebx
	ITEM	segments
	FIXUP	core_unwind_down
	mov	es, [ss:esi+edx*8+DOOR_STACK+4]
	FIXUP	core_unwind_down
	mov	ds, [ss:esi+edx*8+DOOR_STACK+4]
	ITEM	call
	QUICK_WORD 1, %3, eax, SAVED_EAX, 24
	QUICK_WORD 2, %3, edx, SAVED_EDX, 24
	QUICK_WORD 3, %3, ecx, SAVED_ECX, 24
	QUICK_WORD 4, %3, ebx, SAVED_EBX, 24
	QUICK_WORD 5, %3, esi, SAVED_ESI, 24
	FIXUP	core_unwind_down
	iretd
	QUICK_END %4
%endmacro

; QUICK_SERVER label, back, words, monitored: up to one word goes straight to the
; entry; with more, EDX and ECX travel in EDI and EBP, and the entry on the
; server's stack, for the landing. CR3 comes last, for what is touched after it
; is looked up anew.
%macro QUICK_SERVER 4
%1:
	QUICK_BEGIN %2, %4
	mov	ecx, [ss:esi+edx*8+DOOR_STACK]
	mov	edx, [ss:eax+RELAY_ENTRY]
	%if %3 > 1
	sub	ecx, 4
	mov	ebx, [ss:esi+DOOR_BASE]
	mov	[ss:ebx+ecx], edx
	%define DIRECTORY edx
	%else
	%define DIRECTORY ebx
	%endif
	ITEM	tables
	mov	DIRECTORY, [ss:eax+RELAY_DIRECTORY]
	mov	[ss:edi+CPU_SERVED], DIRECTORY
	ITEM	segments
	mov	ds, [ss:selectors+SELECTOR_USER]
	mov	es, [ss:selectors+SELECTOR_USER]
	ITEM	call
	QUICK_WORD 1, %3, eax, SAVED_EAX, 4
	QUICK_WORD 2, %3, edi, SAVED_EDX, 4
	QUICK_WORD 3, %3, ebp, SAVED_ECX, 4
	QUICK_WORD 4, %3, ebx, SAVED_EBX, 4
	QUICK_WORD 5, %3, esi, SAVED_ESI, 4
	ITEM	tables
	mov	cr3, DIRECTORY
	ITEM	call
	%if %3 > 1
	mov	edx, SERVER_LANDING
	%endif
	sti
	sysexit
	QUICK_END %4
%endmacro

; Wait for the monitor of the door in ESI; DS and ES are the core's afterwards.
; Does not return if the domain died meanwhile.
quick_contended:
	mov	eax, SEL_CORE_DATA
	mov	ds, eax
	mov	es, eax
	mov	eax, esi
	sti
	call	door_enter
	cli
	test	eax, eax
	jnz	core_unwind_down
	mov	eax, [esp+4+36]
	mov	ecx, [ebp+CROSSING_TOP]
	sub	ecx, LEND_SLOT
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
	QUICK	server, server, QUICK_SERVER
	MESSAGE_TEXT
	QUICK	far, server, QUICK_SERVER

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
