; Relays: a domain calls another one through the core, since one of the two may
; be entered by the core alone. The way up is as in gates/up.inc, the way down
; as in gates/down.inc, with what those know of a function at compile time
; (struct relay) looked up.

%include "gates/core.inc"

extern relays, relay_prepare, relay_settle

%define ENTRY_BYTES 16

section .text

; ENTRIES way: one for each gate: [its relay][EIP][CS][ESP][SS], interrupts off.
%macro ENTRIES 1
align 16
%assign n 0
%rep RELAYS
	align ENTRY_BYTES, int3
	push	2
	popfd
	push	dword relays + n*RELAY_SIZE
	jmp	[ss:relays + n*RELAY_SIZE + %1]
%assign n n+1
%endrep
	align ENTRY_BYTES, int3
%endmacro

; For callers that are far, and for sealed ones.
global relay_entries, relay_entries_sealed
relay_entries:
	ENTRIES	RELAY_FAR
relay_entries_sealed:
	ENTRIES	RELAY_SEALED

; A server called: EDI is what it called with, SEL_CORE_DATA not yet loaded. On
; the stack lies what a gate would have pushed, with server_back as the caller.
global relay_from_server
relay_from_server:
	push	2
	popfd
	push	edi
	jmp	[ss:edi+RELAY_SERVER]

; WORD n, register: the caller's, if the function has so many; else 0. EDX: the
; masks; on PUSHAD's stack with 6-n words more.
%macro WORD 2
	mov	eax, [edx+4*(%1-1)]
	and	eax, [esp+4*(6-%1)+%2]
	push	eax
%endmacro

; The way that is good for all calls; gates/quick.asm has shorter ones. From
; here to the entry of a callee, interrupts are off, but where C may sleep.
; EDI: thread; EBP: its crossing page; ESI: the callee's door; EBX: its code
; selector. What the caller had in registers lies in PUSHAD's frame, the words
; EAX EDX ECX EBX ESI among it.
global relay
relay:
	ITEM	stub
	push	relay_back
	pushad
	ITEM	segments
	mov	edi, SEL_CORE_DATA
	mov	ds, edi
	mov	es, edi
	ITEM	lends
	xor	edi, edi
	mov	fs, edi
	mov	gs, edi
	ITEM	thread
	THREAD	edi
	ITEM	call
	mov	edx, [esp+36]
	cmp	dword [edx+RELAY_FLAGS], 0
	jne	.prepare
.prepared:
	mov	ebx, [edx+RELAY_CODE]
	test	ebx, ebx
	jz	.gone
	ITEM	record
	mov	ebp, [edi+THREAD_CROSSING]
	mov	ecx, [ebp+CROSSING_TOP]
	mov	[ebp+ecx*4+RECORD_ESP], esp
	mov	eax, [edx+RELAY_HEAD]
	mov	[ebp+ecx*4+RECORD_SS], eax
	mov	[ebp+ecx*4+RECORD_CS], ebx	; and the ticks, to 0
	add	ecx, LEND_SLOT
	mov	[ebp+CROSSING_TOP], ecx
	ITEM	monitor
	lea	esi, [ebx*8+DOORS_OF_CODE]
	test	byte [esi+DOOR_FLAGS], DOOR_CONCURRENT
	jnz	.entered
	lock bts dword [esi+DOOR_MONITOR], 0
	jc	.contended
.entered:
	ITEM	counters
	lock inc dword [esi+DOOR_CALLS]
	ITEM	ring
	mov	edx, [edi+THREAD_RING]
	movzx	ecx, byte [edx+RING_HEAD]
	inc	byte [edx+RING_HEAD]
	mov	eax, [esp+36]
	mov	eax, [eax+RELAY_HEAD]
	mov	[edx+ecx*8+RING_ENTRY], eax
	mov	[edx+ecx*8+RING_ENTRY+4], ebx
	ITEM	pool
	test	byte [esi+DOOR_FLAGS], DOOR_SEALED
	jz	.other
	bsf	ecx, [esi+DOOR_POOL_BITS]
	jz	relay_no_stack
	lock btr [esi+DOOR_POOL_BITS], ecx
	jnc	relay_no_stack
	mov	edx, [ebp+CROSSING_TOP]
	mov	[ebp+edx*4+RECORD_STACK-RECORD_SIZE], ecx
	lea	ecx, [esi+ecx*8+DOOR_STACK]
.have_stack:
	ITEM	stack
	push	dword [edi+THREAD_ESP0]
	mov	[edi+THREAD_ESP0], esp
	mov	edx, [edi+THREAD_CPU]
	mov	[edx+CPU_ESP0], esp
	ITEM	call
	mov	edx, [esp+40]
	mov	eax, [edx+RELAY_WORDS]
	neg	eax
	lea	edx, [word_masks+20+eax*4]
	WORD	5, SAVED_ESI
	WORD	4, SAVED_EBX
	WORD	3, SAVED_ECX
	WORD	2, SAVED_EDX
	WORD	1, SAVED_EAX
	mov	eax, [esp+24+36]
	mov	edx, [eax+RELAY_FLAGS]
	mov	eax, [eax+RELAY_ENTRY]
	jmp	core_enter
.other:
	test	byte [esi+DOOR_FLAGS], DOOR_SERVER
	jnz	relay_no_stack
	bsf	ecx, [esi+DOOR_FREE]
	jz	relay_no_stack
	lock btr [esi+DOOR_FREE], ecx
	jnc	relay_no_stack
	mov	edx, [ebp+CROSSING_TOP]
	mov	[ebp+edx*4+RECORD_STACK-RECORD_SIZE], ecx
	lea	ecx, [esi+ecx*8+DOOR_STACK]
	jmp	.have_stack
.contended:
	sti
	mov	eax, esi
	call	door_enter
	test	eax, eax
	jnz	core_unwind_down
	cli
	jmp	.entered
.prepare: ; ESI: are the lends unusual?
	ITEM	lend
	xor	esi, esi
	test	byte [edx+RELAY_FLAGS], RELAY_LENDS
	jz	.waits
	call	relay_lends
.waits:
	mov	eax, [edx+RELAY_FLAGS]
	and	eax, RELAY_WAITS
	or	eax, esi
	jz	.prepared
	sti
	mov	eax, edx
	mov	edx, esi
	call	relay_prepare
	cli
	mov	edx, [esp+36]
	test	eax, eax
	jz	.prepared
	jmp	.answer
.gone:
	mov	eax, -E_GONE
.answer:
	mov	[esp+SAVED_EAX], eax
	popad
	ret

; RELAY_LEND pair's number: ESI: the caller's pairs; EBX: its door; EBP: the LDT
; slots. EDI, EAX and ECX are free.
%macro RELAY_LEND 1
	FIXUP	core_unwind_faulted
	mov	eax, [esi+%1*8+4]
	dec	eax
	mov	ecx, eax
	sub	ecx, [edx+%1*PAIR_SIZE+PAIR_LEAST]
	cmp	ecx, [edx+%1*PAIR_SIZE+PAIR_SPAN]
	ja	.unusual
	FIXUP	core_unwind_faulted
	mov	ecx, [esi+%1*8]
	cmp	ecx, [ebx+DOOR_REACH]
	ja	.unusual
	add	ecx, [ebx+DOOR_BASE]
	mov	edi, [edx+%1*PAIR_SIZE+PAIR_SLOT]
	mov	[ebp+edi], eax
	mov	[ebp+edi+4], ecx
	mov	[ebp+edi+2], ecx
	mov	eax, [edx+%1*PAIR_SIZE+PAIR_ACCESS]
	mov	[ebp+edi+5], ax
%endmacro

; The lends of a call, from its caller's pairs, if they are as usual: as LENDS in
; gates/lend.inc. In: EDX: relay; EDI: thread. ESI: 1 if C has to make them.
relay_lends:
	mov	ebp, [edi+THREAD_CROSSING]
	mov	ecx, [ebp+CROSSING_TOP]
	movzx	eax, word [ebp+ecx*4+RECORD_CS-RECORD_SIZE]
	lea	ebx, [eax*8+DOORS_OF_CODE]
	add	ebp, ecx
	add	eax, 8
	cmp	ax, [esp+4+52]
	jne	.unusual
	mov	esi, [esp+4+48]
	mov	ecx, [ebx+DOOR_LIMIT]
	sub	ecx, 15
	cmp	esi, ecx
	ja	.unusual
	add	esi, [ebx+DOOR_BASE]
	mov	ecx, [edx+RELAY_FLAGS]
	mov	edx, [edx+RELAY_PAIRS]
	test	cl, RELAY_TWICE
	jz	.one
	RELAY_LEND 1
.one:
	RELAY_LEND 0
	xor	esi, esi
.done:
	THREAD	edi
	mov	edx, [esp+4+36]
	ret
.unusual:
	mov	esi, 1
	jmp	.done

; No bit told of a free stack, or the callee is a server.
global relay_no_stack
relay_no_stack:
	sti
	mov	eax, [esp+36]
	mov	edx, [eax+RELAY_FLAGS]
	call	core_stack
	cli
	jmp	relay.have_stack

; The callee has answered, or died: [relay][EIP][CS][ESP][SS]; EAX: the result.
; The caller's stub has saved EBP, EDI, FS and GS.
global relay_back
relay_back:
	ITEM	flags
	sti
	ITEM	watch
	THREAD	edi
	cmp	dword [edi+THREAD_PENDING], 0
	jne	.pending
.out:
	ITEM	call
	pop	ecx
	mov	edx, [ecx+RELAY_FLAGS]
	test	edx, edx
	jnz	.shaped
.settled:
	ITEM	segments
	FIXUP	core_unwind
	mov	ds, [esp+12]
	FIXUP	core_unwind
	mov	es, [esp+12]
	ITEM	call
	FIXUP	core_unwind
	retf
.pending:
	push	eax
	call	thread_pending
	test	eax, eax
	pop	eax
	jz	.out
	mov	eax, [esp]
	call	relay_settle
	add	esp, 4
	jmp	core_unwind
.shaped: ; its caller has its monitor again, and its pairs go
	test	dl, RELAY_WAITS
	jz	.monitored
	push	eax
	push	edx
	mov	eax, ecx
	call	relay_settle
	pop	edx
	pop	eax
.monitored:
	test	dl, RELAY_LENDS
	jz	.settled
	add	dword [esp+8], 8
	test	dl, RELAY_TWICE
	jz	.settled
	add	dword [esp+8], 8
	jmp	.settled

; What is left of five words, from 20 bytes less 4 for each word on.
section .rodata
align 4
word_masks:
	times 5 dd -1
	times 5 dd 0
