; Into domains that the core alone enters, and, for relays, into far ones: a
; stack of the callee's, the tables that it runs with, its words and lends.

%define ENTER
%include "gates/core.inc"

extern fpu_shut, server_lend, unwind_refuse_down, queue_call
extern back_stub_sealed, back_stub_server, back_queue_server

section .text

; A stack that no bit told of. ESI: the door, EBX: its code. Answers ECX, as
; stack_take does; does not return if the domain died meanwhile.
stack_from_core:
	mov	eax, esi
	call	door_stack
	cmp	eax, -1
	je	core_unwind_down
	mov	ecx, [ebp+CROSSING_TOP]
	lea	ecx, [ebp+ecx*4-RECORD_SIZE]
	mov	[ecx+RECORD_STACK], eax
	mov	[ecx+RECORD_FAR_ESP], edx
	lea	edx, [ebx+8]
	mov	[ecx+RECORD_FAR_ESP+4], edx
	add	ecx, RECORD_FAR_ESP
	ret

; For a call of shape EDX, which may change: a stack of the callee's. ECX: where
; its top lies, and its SS. A server's lends are mapped there.
global core_stack
core_stack:
	bsf	ecx, [esi+DOOR_POOL_BITS]
	jz	.none
	lock btr [esi+DOOR_POOL_BITS], ecx
	jnc	core_stack
	mov	eax, [ebp+CROSSING_TOP]
	mov	[ebp+eax*4+RECORD_STACK-RECORD_SIZE], ecx
	lea	ecx, [esi+ecx*8+DOOR_STACK]
.taken:
	test	byte [esi+DOOR_FLAGS], DOOR_SERVER
	jz	.done
	test	dl, RELAY_LENDS
	jz	.done
	push	ecx
	mov	eax, edx
	call	server_lend
	pop	ecx
	test	eax, eax
	js	.refused
.done:
	ret
.none:
	push	edx
	call	stack_from_core
	pop	edx
	jmp	.taken
.refused:
	mov	edx, [ebp+CROSSING_TOP]
	movsx	ecx, byte [ebp+edx*4+RECORD_STACK-RECORD_SIZE]
	lock bts [esi+DOOR_POOL_BITS], ecx
	jmp	unwind_refuse_down

; The core's own tables for a down call within an up call. EDI: thread, whose
; linkage has the callee on top: from here on it finds what that needs whenever
; it was away. Changes ECX and EDX.
global down_nested
down_nested:
	cli
	mov	ecx, [edi+THREAD_CPU]
	cmp	dword [ecx+CPU_SEALED_GDTR+2], 0
	je	.unsealed
	TABLES_OWN ecx
.unsealed:
	cmp	dword [ecx+CPU_SERVED], 0
	je	.unserved
	DIRECTORY_OWN ecx, edx
.unserved:
	sti
	ret

; Where core_enter finds PUSHAD's frame: behind five words and the outer esp0.
%define FRAME_BEHIND 24

; Into a domain, of whatever organization. Interrupts are off, THREAD_ESP0 is
; set. Stack: five words. EAX: the entry; EBX: code selector; ECX: its stack;
; EDX: enum relay_shape; ESI: door; EDI: thread; EBP: crossing page.
global core_enter
core_enter:
	ITEM	fpu
	push	ebx
	mov	ebx, [edi+THREAD_CPU]
	cmp	dword [ebx+CPU_FPU_OPEN], 0
	pop	ebx
	jne	.fpu
.shut:
	ITEM	call
	test	byte [esi+DOOR_FLAGS], DOOR_SERVER
	jnz	server_enter
	push	dword [ecx+4]
	push	dword [ecx]
	push	CLEAN_FLAGS
	push	ebx
	push	eax
	mov	eax, [ebp+CROSSING_TOP]
	test	byte [esi+DOOR_FLAGS], DOOR_SEALED
	jz	.far
	mov	dword [esp+20+FRAME_BEHIND+SAVED_BACK], back_stub_sealed
	ITEM	tables
	mov	edi, [edi+THREAD_CPU]
	cmp	dword [edi+CPU_SERVED], 0
	jne	.served
.unserved:
	TABLES_SEALED edi, esi, ebp+eax*4, eax, ebx
	ITEM	lend
	test	dl, RELAY_LENDS
	jz	.go
	test	dl, RELAY_FROM
	jz	.no_from
	mov	eax, SEL_SEALED_FROM
	mov	fs, eax
.no_from:
	test	dl, RELAY_INTO
	jz	.go
	mov	eax, SEL_SEALED_INTO
	mov	gs, eax
.go:
	ITEM	segments
	FIXUP	core_unwind_down
	mov	es, [ecx+4]
	FIXUP	core_unwind_down
	mov	ds, [ecx+4]
	ITEM	call
	mov	eax, [esp+20]
	mov	edx, [esp+24]
	mov	ecx, [esp+28]
	mov	ebx, [esp+32]
	mov	esi, [esp+36]
	xor	edi, edi
	xor	ebp, ebp
	FIXUP	core_unwind_down
	iretd
.far:
	ITEM	tables
	mov	ebx, [edi+THREAD_CPU]
	cmp	dword [ebx+CPU_SEALED_GDTR+2], 0
	jne	.tables
	cmp	dword [ebx+CPU_SERVED], 0
	jne	.directory
.own:
	ITEM	lend
	test	dl, RELAY_LENDS
	jz	.go
	test	dl, RELAY_FROM
	jz	.far_no_from
	lea	ebx, [eax-LEND_SLOT+SLOT_FROM+5]
	mov	fs, ebx
.far_no_from:
	test	dl, RELAY_INTO
	jz	.go
	lea	ebx, [eax-LEND_SLOT+SLOT_INTO+5]
	mov	gs, ebx
	jmp	.go
.fpu: ; a program's
	pushad
	call	fpu_shut
	popad
	jmp	.shut
.tables: ; the caller was sealed
	TABLES_OWN ebx
	jmp	.own
.served: ; a server
	DIRECTORY_OWN edi, ebx
	jmp	.unserved
.directory:
	DIRECTORY_OWN ebx, esi
	jmp	.own

; Into a server. What SYSEXIT has no registers for goes to the landing.
server_enter:
	ITEM	tables
	mov	dword [esp+FRAME_BEHIND+SAVED_BACK], back_stub_server
	test	byte [esi+DOOR_FLAGS], DOOR_QUEUED
	jnz	queue_enter
server_enter_as: ; whose way back is known
	mov	ebx, [edi+THREAD_CPU]
	cmp	dword [ebx+CPU_SEALED_GDTR+2], 0
	jne	.sealed
.own:
	mov	edi, ebx
	mov	ebx, [esi+DOOR_TABLES]
	test	dl, RELAY_LENDS
	jnz	.lends
.lent:
	ITEM	stack
	mov	ebp, [esi+DOOR_BASE]
	mov	ecx, [ecx]
	sub	ecx, 4
	mov	[ebp+ecx], eax
	ITEM	tables
	mov	eax, [ebx+SERVER_DIRECTORY]
	mov	[edi+CPU_SERVED], eax
	mov	cr3, eax
	ITEM	segments
	mov	eax, SEL_USER_DATA
	mov	ds, eax
	mov	es, eax
	ITEM	call
	pop	eax
	pop	edi
	pop	ebp
	pop	ebx
	pop	esi
	mov	edx, SERVER_LANDING
	sti
	sysexit
.lends:
	ITEM	lend
	push	esi
	push	eax
	mov	eax, [ebp+CROSSING_TOP]
	lea	ebp, [ebp+eax+CROSSING_SERVED-LEND_SLOT]
	mov	esi, [edi+CPU_GDT]
%assign n 0
%rep 4
	mov	eax, [ebp+n]
	mov	[esi+SERVED_AT+n], eax
%assign n n+4
%endrep
	pop	eax
	test	dl, RELAY_FROM
	jz	.no_from
	mov	esi, SEL_SERVED_FROM
	mov	fs, esi
.no_from:
	test	dl, RELAY_INTO
	jz	.no_into
	mov	esi, SEL_SERVED_INTO
	mov	gs, esi
.no_into:
	pop	esi
	jmp	.lent

.sealed: ; the caller is sealed
	TABLES_OWN ebx
	jmp	.own

; Into a server by way of a thread of its own: five words lie on the stack, and
; with what comes on top of them they are a struct message_words.
queue_enter:
	ITEM	call
	push	dword [ecx]
	push	edx
	push	eax
	mov	eax, esp
	sti
	call	queue_call
	cli
	add	esp, MESSAGE_WORDS+20	; as SYSENTER leaves it
	jmp	back_stub_server

; i32 queue_run(const struct message *m): by a thread of the server's. EAX.
global queue_run
queue_run:
	pushad
	cli
	ITEM	thread
	THREAD	edi
	ITEM	check
	mov	edx, [eax+MESSAGE_GENERATION]
	cmp	byte [edx+GENERATION_DEAD], 0
	jne	.gone
	ITEM	record
	mov	ebp, [edi+THREAD_CROSSING]
	mov	ecx, [ebp+CROSSING_TOP]
	mov	edx, [eax+MESSAGE_RECORD]
	mov	[ebp+ecx*4+RECORD_ESP], esp
%macro MESSAGE_FIELD 1 ; of the sender's record
	mov	ebx, [edx+RECORD_%1-RECORD_FIRST]
	mov	[ebp+ecx*4+RECORD_%1], ebx
%endmacro
	MESSAGE_FIELD SS
	MESSAGE_FIELD CS
	MESSAGE_FIELD STACK
	mov	dword [esp+SAVED_BACK], back_queue_server
	add	dword [ebp+CROSSING_TOP], LEND_SLOT
	ITEM	stack
	push	dword [edi+THREAD_ESP0]
	mov	[edi+THREAD_ESP0], esp
	mov	ebx, [edi+THREAD_CPU]
	mov	[ebx+CPU_ESP0], esp
	ITEM	call
	mov	esi, [eax+MESSAGE_DOOR]
	mov	ebx, [eax+MESSAGE_AT]
%assign n 5
%rep 5
	%assign n n-1
	push	dword [ebx+MESSAGE_WORDS+4*n]
%endrep
	lea	ecx, [ebx+MESSAGE_STACK]
	mov	edx, [ebx+MESSAGE_SHAPE]
	mov	eax, [ebx+MESSAGE_ENTRY]
	jmp	server_enter_as
.gone:
	sti
	mov	dword [esp+SAVED_EAX], -E_GONE
	popad
	ret
