; Ways back from domains that the core alone enters. Where a call goes on stands
; in PUSHAD's frame of whoever entered the domain (SAVED_BACK): in a DOWN_STUB or
; a relay (stub), or, after a quick way, with the caller.

%include "gates/core.inc"

extern server_settle, down_leave, down_restore, door_wake

section .text

; What a callee of that kind leaves on the stack; behind it lie the outer esp0
; and PUSHAD's frame.
%define LEFT_sealed 16
%define LEFT_server 0

; Where all meet that leave such a domain. EAX: the result. Interrupts are off;
; all segment registers but SS may be anything.
%macro LEAVE 1
	ITEM	flags
	push	0x002
	popfd
	ITEM	call
	jmp	[esp+LEFT_%1+4+SAVED_BACK]
%endmacro

; The gate in a sealed domain's GDT: nobody else has it, and that GDT is loaded
; for what is on top alone. [EIP][CS][ESP][SS].
global sealed_leave
sealed_leave:
	LEAVE	sealed

; ACCOUNT monitored: a stack and the monitor of the callee's are free again.
; Monitored 2: who knows. EDX: its door.
%macro ACCOUNT 1
	ITEM	pool
	movzx	edx, word [ebp+esi*4+RECORD_CS-RECORD_SIZE]
	lea	edx, [edx*8+DOORS_OF_CODE]
	movsx	ecx, byte [ebp+esi*4+RECORD_STACK-RECORD_SIZE]
	lock bts [ss:edx+DOOR_POOL_BITS], ecx
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

; OUTER callee: esp0 is what it was before the call; EDX: the CPU.
%macro OUTER 1
	ITEM	stack
	mov	ecx, [esp+LEFT_%1]
	mov	[ss:edi+THREAD_ESP0], ecx
	mov	[ss:edx+CPU_ESP0], ecx
	ITEM	record
	sub	dword [ebp+CROSSING_TOP], LEND_SLOT
%endmacro

; To the tables of who called; EDX: the CPU afterwards. From a sealed callee,
; and for one that a sealed domain called:
%macro TABLES_far_sealed 0
	mov	edx, [ss:edi+THREAD_CPU]
	TABLES_OWN edx
%endmacro

%macro TABLES_sealed_sealed 0
	mov	edx, [ss:edi+THREAD_CPU]
	movzx	ebx, word [ebp+esi*4+RECORD_CS-2*RECORD_SIZE]
	lea	ebx, [ebx*8+DOORS_OF_CODE]
	TABLES_SEALED edx, ebx, ebp+esi*4-RECORD_SIZE, ecx, ebx
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

; OUT caller, callee: PUSHAD's frame, [relay_back][relay] and what a gate pushed
; behind it. ESI: what TOP was. A caller that is dead is met by its selectors.
%macro OUT_domain 1
	ITEM	stub
	mov	ebx, [esp+LEFT_%1+4+SAVED_EBX]
	mov	esi, [esp+LEFT_%1+4+SAVED_ESI]
	add	esp, LEFT_%1+4+40
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

%macro OUT_server 1
	ITEM	watch
	add	esp, LEFT_%1+4
	cmp	dword [ss:edi+THREAD_PENDING], 0
	jne	back_pending
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

; What FS and GS hold of a callee's: a far caller's stub loads its own at once,
; any other may be hostile.
%define RID_far
%define RID_sealed LENDS_NULL
%define RID_server LENDS_NULL

%macro BACK_RECORD 1
	ITEM	record
	mov	ebp, [esp+LEFT_%1+4+SAVED_EBP]
	mov	esi, [ebp+CROSSING_TOP]
%endmacro

; BACK caller, callee, monitored: from a quick way, whose frame it finds. The
; record is over before somebody may be woken; what it says stays until then.
%macro BACK 3
global back_%1_%2_%3
back_%1_%2_%3:
	ITEM	thread
	mov	edi, [esp+LEFT_%2+4+SAVED_EDI]
	ITEM	lends
	RID_%1
	ITEM	tables
	%ifidn %1, far
	TABLES_%1_%2
	BACK_RECORD %2
	%else
	BACK_RECORD %2
	ITEM	tables
	TABLES_%1_%2
	%endif
	OUTER	%2
	ACCOUNT	%3
	OUT_%1	%2
%endmacro

	BACK	far, sealed, 0
	BACK	far, sealed, 1
	BACK	sealed, sealed, 0
	BACK	sealed, sealed, 1

; Somebody died: relay_back sees to it.
back_pending:
	mov	ecx, SEL_CORE_DATA
	mov	ds, ecx
	mov	es, ecx
	mov	[esp+SAVED_EAX], eax
	popad
	ret

	MESSAGE_TEXT
global server_backs, server_backs_end
server_backs:
	BACK	far, server, 0
	BACK	far, server, 1
	BACK	server, server, 0
	BACK	server, server, 1

; Into a DOWN_STUB or a relay. Lends end here. STUB_LEAVE callee
%macro STUB_LEAVE 1
	OUTER	%1
	ITEM	tables
	jnz	%%nested
%%left:
	ITEM	stack
	add	esp, LEFT_%1+4
	jmp	down_leave
%%nested:
	call	down_restore
	jmp	%%left
%endmacro

global back_stub_server
back_stub_server:
	call	stub_begin
	ITEM	lend
	mov	ecx, [ebp+esi+CROSSING_SERVED-LEND_SLOT+4]
	or	ecx, [ebp+esi+CROSSING_SERVED-LEND_SLOT+12]
	jnz	.settle
.settled:
	ACCOUNT	2
	ITEM	tables
	TABLES_far_server
	STUB_LEAVE server
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
	STUB_LEAVE server
server_backs_end:

; From SYSENTER: kernel/linux/entry.asm has seen that a server is on top, for
; SAVED_BACK lies in server_backs.
global server_leave
server_leave:
	LEAVE	server

section .text

global back_stub_sealed
back_stub_sealed:
	call	stub_begin
	ACCOUNT	2
	ITEM	tables
	TABLES_far_sealed
	STUB_LEAVE sealed

; The core's segments, no lends, and EDI: thread; EBP: crossing page; ESI: TOP.
stub_begin:
	ITEM	segments
	mov	edx, SEL_CORE_DATA
	mov	ds, edx
	mov	es, edx
	ITEM	lends
	LENDS_NULL
	ITEM	thread
	THREAD	edi
	ITEM	record
	mov	ebp, [edi+THREAD_CROSSING]
	mov	esi, [ebp+CROSSING_TOP]
	ITEM	lends
	mov	dword [ebp+esi-LEND_SLOT+SLOT_FROM+4], 0
	mov	dword [ebp+esi-LEND_SLOT+SLOT_INTO+4], 0
	ret
