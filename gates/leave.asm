; Ways back from domains that the core alone enters. Where a call goes on stands
; in its record (RECORD_BACK): in a DOWN_STUB or a relay (stub), or, if it took a
; quick way, with its caller.

%include "gates/core.inc"

extern server_settle, down_leave, door_wake

section .text

; Where all meet that leave such a domain. EAX: the result. On: EDI: thread;
; EBP: crossing page; ESI: TOP; ECX: 0. Interrupts are off; DS and ES may be
; anything.
%macro LEAVE_FLAGS 0
	ITEM	flags
	push	0x002
	popfd
	ITEM	lends
	xor	ecx, ecx
	mov	fs, ecx
	mov	gs, ecx
	ITEM	thread
	THREAD	edi
	ITEM	record
	mov	ebp, [ss:edi+THREAD_CROSSING]
%endmacro

; The gate in a sealed domain's GDT: nobody else has it, and that GDT is loaded
; for what is on top alone. [EIP][CS][ESP][SS].
global sealed_leave
sealed_leave:
	LEAVE_FLAGS
	mov	esi, [ebp+CROSSING_TOP]
	jmp	[ebp+esi*4+RECORD_BACK-RECORD_SIZE]

; From SYSENTER: kernel/linux/entry.asm has seen that a server is on top. ESI:
; TOP; one word lies on the stack.
global server_leave
server_leave:
	LEAVE_FLAGS
	jmp	[ebp+esi*4+RECORD_BACK-RECORD_SIZE]

; ACCOUNT monitored: a stack and the monitor of the callee's are free again.
; Monitored 2: who knows. EDX: its door.
%macro ACCOUNT 1
	ITEM	pool
	movzx	edx, word [ebp+esi*4+RECORD_CS-RECORD_SIZE]
	lea	edx, [edx*8+DOORS_OF_CODE]
	movsx	ecx, byte [ebp+esi*4+RECORD_STACK-RECORD_SIZE]
	lock bts [ss:edx+DOOR_FREE], ecx
	%if %1
	ITEM	monitor
	%if %1 = 2
	test	byte [ss:edx+DOOR_FLAGS], DOOR_CONCURRENT
	jnz	%%left
	%endif
	lock and dword [ss:edx+DOOR_MONITOR], ~1
	jz	%%left
	call	leave_wake
%%left:
	%endif
%endmacro

leave_wake:
	mov	ecx, SEL_CORE_DATA
	mov	ds, ecx
	mov	es, ecx
	push	eax
	mov	eax, edx
	call	door_wake
	pop	eax
	ret

; OUTER bytes: esp0 is what it was before the call; EDX: the CPU. On the stack
; lie so many bytes that are not wanted any more.
%macro OUTER 1
	ITEM	stack
	add	esp, %1
	pop	ecx
	mov	[ss:edi+THREAD_ESP0], ecx
	mov	[ss:edx+CPU_ESP0], ecx
	ITEM	record
	sub	dword [ebp+CROSSING_TOP], LEND_SLOT
%endmacro

; To the tables of who called; EDX: the CPU afterwards. From a sealed callee,
; and for one that a sealed domain called:
%macro TABLES_far_sealed 0
	mov	[ss:edi+THREAD_LDT_BASE], ebp
	mov	edx, [ss:edi+THREAD_CPU]
	mov	dword [ss:edx+CPU_SEALED_GDTR+2], 0
	lgdt	[ss:edx+CPU_GDTR]
	mov	ecx, SEL_LDT
	lldt	cx
%endmacro

%macro TABLES_sealed_sealed 0
	lea	ecx, [ebp+esi-2*LEND_SLOT]
	mov	[ss:edi+THREAD_LDT_BASE], ecx
	mov	edx, [ss:edi+THREAD_CPU]
	mov	ecx, [ebp+esi*4+RECORD_LDT-2*RECORD_SIZE]
	mov	ebx, [ss:edx+CPU_SEALED]
	mov	[ss:ebx+LDT_AT], ecx
	movzx	ecx, word [ebp+esi*4+RECORD_CS-2*RECORD_SIZE]
	mov	ecx, [ss:ecx*8+DOORS_OF_CODE+DOOR_TABLES]
	add	ecx, [ss:edx+CPU_SEALED_VIEW]
	mov	[ss:edx+CPU_SEALED_GDTR+2], ecx
	lgdt	[ss:edx+CPU_SEALED_GDTR]
	mov	ecx, SEL_LDT
	lldt	cx
%endmacro

; From a server:
%macro TABLES_far_server 0
	mov	edx, [ss:edi+THREAD_CPU]
	mov	dword [ss:edx+CPU_SERVED], 0
	mov	ecx, [ss:edx+CPU_DIRECTORY]
	mov	cr3, ecx
%endmacro

%macro TABLES_server_server 0
	mov	edx, [ss:edi+THREAD_CPU]
	movzx	ecx, word [ebp+esi*4+RECORD_CS-2*RECORD_SIZE]
	mov	ecx, [ss:ecx*8+DOORS_OF_CODE+DOOR_TABLES]
	mov	ecx, [ss:ecx+SERVER_DIRECTORY]
	mov	[ss:edx+CPU_SERVED], ecx
	mov	cr3, ecx
	mov	ebx, [ss:edx+CPU_GDT]
%assign n 0
%rep 4
	mov	ecx, [ebp+esi+CROSSING_SERVED-2*LEND_SLOT+n]
	mov	[ss:ebx+SERVED_AT+n], ecx
%assign n n+4
%endrep
%endmacro

; What a callee of that kind leaves on the stack.
%define LEFT_sealed 16
%define LEFT_server 4

; Out to who called. The frame of PUSHAD lies at ESP, [relay_back][relay] and
; what a gate pushed behind it. ESI: what TOP was.
%macro OUT_domain 0
	ITEM	stub
	mov	ebx, [esp+SAVED_EBX]
	mov	esi, [esp+SAVED_ESI]
	add	esp, 40
	ITEM	segments
	FIXUP	core_unwind
	mov	ds, [esp+12]
	FIXUP	core_unwind
	mov	es, [esp+12]
	ITEM	call
	sti
	FIXUP	core_unwind
	retf
%endmacro
%define OUT_far OUT_domain
%define OUT_sealed OUT_domain

%macro OUT_server 0
	ITEM	stub
	mov	ebx, [esp+SAVED_EBX]
	mov	ecx, [esp+40+8]
	mov	edx, [ebp+esi*4+RECORD_SPILL-2*RECORD_SIZE]
	mov	ebp, [ebp+esi*4+RECORD_FAR_ESP-2*RECORD_SIZE]
	mov	esi, [esp+SAVED_ESI]
	ITEM	segments
	mov	edi, SEL_USER_DATA
	mov	ds, edi
	mov	es, edi
	ITEM	call
	sti
	sysexit
%endmacro

; BACK caller, callee, monitored: from a quick way.
%macro BACK 3
global back_%1_%2_%3
back_%1_%2_%3:
	ACCOUNT	%3
	ITEM	tables
	TABLES_%1_%2
	OUTER	LEFT_%2
	ITEM	watch
	cmp	dword [ss:edi+THREAD_PENDING], 0
	jne	back_pending
	OUT_%1
%endmacro

	BACK	far, sealed, 0
	BACK	far, sealed, 1
	BACK	sealed, sealed, 0
	BACK	sealed, sealed, 1
	BACK	far, server, 0
	BACK	far, server, 1
	BACK	server, server, 0
	BACK	server, server, 1

; Somebody died: relay_back sees to it.
back_pending:
	mov	ecx, SEL_CORE_DATA
	mov	ds, ecx
	mov	es, ecx
	mov	[esp+SAVED_EAX], eax
	popad
	ret

; Into a DOWN_STUB or a relay; the latter gives its caller its tables back.
; Lends end here.
global back_stub_sealed, back_stub_server
back_stub_sealed:
	call	stub_begin
	ACCOUNT	2
	ITEM	tables
	TABLES_far_sealed
	OUTER	16
	jmp	down_leave

back_stub_server:
	ITEM	lend
	mov	ecx, [ebp+esi+CROSSING_SERVED-LEND_SLOT+4]
	or	ecx, [ebp+esi+CROSSING_SERVED-LEND_SLOT+12]
	call	stub_begin
	jnz	.settle
.settled:
	ACCOUNT	2
	ITEM	tables
	TABLES_far_server
	OUTER	4
	jmp	down_leave
.settle: ; what it filled, before its stack is another's
	push	eax
	call	server_settle
	pop	eax
	mov	esi, [ebp+CROSSING_TOP]
	jmp	.settled

; To the thread of a server's that did a call for another thread.
global back_queue_server
back_queue_server:
	call	stub_begin
	ITEM	tables
	TABLES_far_server
	OUTER	4
	jmp	down_leave

; The core's segments, and no lends; flags are kept.
stub_begin:
	ITEM	segments
	mov	edx, SEL_CORE_DATA
	mov	ds, edx
	mov	es, edx
	ITEM	lends
	mov	dword [ebp+esi-LEND_SLOT+SLOT_FROM+4], 0
	mov	dword [ebp+esi-LEND_SLOT+SLOT_INTO+4], 0
	ret
