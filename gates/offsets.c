/*
 * Numbers that assembly needs from C. Compiled, never linked: each line of
 * the output that starts with -> becomes a definition in offsets.inc.
 */
#include <stddef.h>

#include "bench/core/bare.h"
#include "gates/linkage.h"
#include "gates/manifest.h"
#include "gates/relay.h"
#include "kernel/cpu.h"
#include "kernel/domain.h"
#include "kernel/linux/call.h"
#include "kernel/linux/vdso.h"
#include "kernel/server.h"
#include "kernel/server_queue.h"
#include "kernel/space/space.h"
#include "kernel/thread.h"
#include "kernel/trap.h"
#include "seg/gdt.h"

#define NUMBER(name, value) \
	__asm__ volatile("\n->" #name " %0" : : "i"((u32)(value)))
#define SELF(name) __asm__ volatile("\n->" #name " %0" : : "i"((u32)(name)))
#define RECORD(field) \
	(offsetof(struct crossing, records) + offsetof(struct record, field))

void offsets(void);
void offsets(void)
{
	SELF(SEL_CORE_CODE);
	SELF(SEL_CORE_DATA);
	SELF(SEL_CROSSING);
	SELF(SEL_DOORS);
	NUMBER(GATE_DOWN_RETURN, GATE_SELECTOR(SLOT_DOWN_RETURN));
	NUMBER(GATE_GONE, GATE_SELECTOR(SLOT_GONE));
	NUMBER(GATE_MONITOR_ENTER, GATE_SELECTOR(SLOT_MONITOR_ENTER));
	NUMBER(GATE_MONITOR_WAKE, GATE_SELECTOR(SLOT_MONITOR_WAKE));
	NUMBER(GATE_STACK_TAKE, GATE_SELECTOR(SLOT_STACK_TAKE));
	NUMBER(GATE_LEND_BUILD, GATE_SELECTOR(SLOT_LEND_BUILD));
	NUMBER(DOOR_RETURN, MANIFEST_DOOR_RETURN);
	NUMBER(DOOR_REVIVE, MANIFEST_DOOR_REVIVE);
	NUMBER(GATE_REVIVE, GATE_SELECTOR(SLOT_REVIVE));
	NUMBER(GATE_WAITS_BEGIN, GATE_SELECTOR(SLOT_WAITS_BEGIN));
	NUMBER(GATE_WAITS_END, GATE_SELECTOR(SLOT_WAITS_END));
	NUMBER(GATE_CHECK, GATE_SELECTOR(SLOT_CHECK));

	/* Where the door of a code or a data selector lies, less 8 times it. */
	NUMBER(DOOR_OF_CODE, sizeof(struct door[32]) - 8 * SEL_DOMAINS);
	NUMBER(DOOR_OF_DATA, sizeof(struct door[32]) - 8 * (SEL_DOMAINS + 8));
	NUMBER(DOOR_MONITOR, offsetof(struct door, monitor));
	NUMBER(DOOR_CALLS, offsetof(struct door, calls));
	NUMBER(DOOR_BASE, offsetof(struct door, base));
	NUMBER(DOOR_LIMIT, offsetof(struct door, limit));
	NUMBER(DOOR_REACH, offsetof(struct door, reach));
	NUMBER(DOOR_FLAGS, offsetof(struct door, flags));
	NUMBER(DOOR_TABLES, offsetof(struct door, tables));
	NUMBER(DOOR_POOL_BITS, offsetof(struct door, pool));
	NUMBER(DOOR_FREE, offsetof(struct door, free));
	NUMBER(DOOR_STACK, offsetof(struct door, stacks));
	SELF(DOOR_TABLE);
	SELF(DOOR_CONCURRENT);
	SELF(DOOR_SEALED);
	SELF(DOOR_SERVER);
	SELF(DOOR_QUEUED);
	SELF(DOOR_CORE);
	NUMBER(RING_HEAD, offsetof(struct ring, head));
	NUMBER(RING_ENTRY, offsetof(struct ring, entries));

	SELF(LEND_SLOT);
	SELF(FROM_ACCESS);
	SELF(INTO_ACCESS);
	SELF(SMALL_FLAGS);
	NUMBER(CROSSING_TOP, offsetof(struct crossing, top));
	NUMBER(CROSSING_SERVED, offsetof(struct crossing, served));
	NUMBER(LDT_AT, SLOT_LDT * 8);
	SELF(SEL_LDT);
	SELF(SEL_SEALED_FROM);
	SELF(SEL_SEALED_INTO);
	NUMBER(RECORD_ESP, RECORD(esp));
	NUMBER(RECORD_SS, RECORD(ss));
	NUMBER(RECORD_CS, RECORD(cs));
	NUMBER(RECORD_GATE, RECORD(gate));
	NUMBER(RECORD_EBX, RECORD(ebx));
	NUMBER(RECORD_ESI, RECORD(esi));
	NUMBER(RECORD_STACK, RECORD(stack));
	NUMBER(RECORD_SPILL, RECORD(spill));
	NUMBER(RECORD_FAR_ESP, RECORD(far_esp));
	NUMBER(RECORD_LDT, RECORD(ldt));
	NUMBER(RECORD_SIZE, sizeof(struct record));

	NUMBER(THREAD_CROSSING, offsetof(struct thread, crossing));
	NUMBER(THREAD_ESP, offsetof(struct thread, esp));
	NUMBER(THREAD_ESP0, offsetof(struct thread, esp0));
	NUMBER(THREAD_CPU, offsetof(struct thread, cpu));
	NUMBER(THREAD_RING, offsetof(struct thread, ring));
	NUMBER(THREAD_UP_GATE, offsetof(struct thread, up_gate));
	NUMBER(THREAD_RESERVED, offsetof(struct thread, reserved));
	NUMBER(THREAD_PENDING, offsetof(struct thread, pending));
	NUMBER(CPU_ESP0, offsetof(struct cpu, tss.esp0));
	NUMBER(CPU_SEALED_VIEW, offsetof(struct cpu, sealed_view));
	NUMBER(CPU_SEALED_GDTR, offsetof(struct cpu, sealed_gdtr.limit));
	NUMBER(CPU_GDTR, offsetof(struct cpu, gdtr.limit));
	NUMBER(CPU_GDT, offsetof(struct cpu, gdt));
	NUMBER(CPU_DIRECTORY, offsetof(struct cpu, directory));
	NUMBER(CPU_SERVED, offsetof(struct cpu, served));
	NUMBER(CPU_FPU_OPEN, offsetof(struct cpu, fpu_open));
	NUMBER(SERVED_AT, SLOT_SERVED_FROM * 8);
	SELF(SEL_SERVED_FROM);
	SELF(SEL_SERVED_INTO);
	NUMBER(SERVER_DIRECTORY, offsetof(struct server, directory));
	NUMBER(SERVER_COUNT, offsetof(struct server, calls));
	NUMBER(SERVER_CALL, offsetof(struct server, call));
	SELF(SERVER_LANDING);
	NUMBER(STACK_MASK, ~(THREAD_STACK - 1));
	SELF(THREAD_STACK);
	SELF(STACK_CALLER);
	NUMBER(IMPORT_CODE, offsetof(struct import, code));
	NUMBER(IMPORT_ENTRIES, offsetof(struct import, entries));
	NUMBER(SELECTOR_LDT, offsetof(struct selectors, ldt));
	NUMBER(SELECTOR_NULL, offsetof(struct selectors, null));
	NUMBER(SELECTOR_USER, offsetof(struct selectors, user));
	NUMBER(RELAY_CODE, offsetof(struct relay, code));
	NUMBER(RELAY_ENTRY, offsetof(struct relay, entry));
	NUMBER(RELAY_HEAD, offsetof(struct relay, head));
	NUMBER(RELAY_FLAGS, offsetof(struct relay, shape));
	NUMBER(RELAY_WORDS, offsetof(struct relay, words));
	NUMBER(RELAY_DOOR, offsetof(struct relay, door));
	NUMBER(RELAY_FAR, offsetof(struct relay, way[CALLER_FAR]));
	NUMBER(RELAY_SEALED, offsetof(struct relay, way[CALLER_SEALED]));
	NUMBER(RELAY_SERVER, offsetof(struct relay, way[CALLER_SERVER]));
	NUMBER(RELAY_DIRECTORY, offsetof(struct relay, directory));
	NUMBER(RELAY_PAIRS, offsetof(struct relay, pairs));
	NUMBER(PAIR_LEAST, offsetof(struct relay_pair, least));
	NUMBER(PAIR_SPAN, offsetof(struct relay_pair, span));
	NUMBER(PAIR_SLOT, offsetof(struct relay_pair, slot));
	NUMBER(PAIR_ACCESS, offsetof(struct relay_pair, access));
	NUMBER(PAIR_SIZE, sizeof(struct relay_pair));
	NUMBER(RELAY_SIZE, sizeof(struct relay));
	SELF(RELAY_WAITS);
	NUMBER(MESSAGE_ENTRY, offsetof(struct message_words, entry));
	NUMBER(MESSAGE_SHAPE, offsetof(struct message_words, shape));
	NUMBER(MESSAGE_STACK, offsetof(struct message_words, stack));
	NUMBER(MESSAGE_WORDS, offsetof(struct message_words, words));
	NUMBER(MESSAGE_AT, offsetof(struct message, words));
	NUMBER(MESSAGE_GENERATION, offsetof(struct message, generation));
	NUMBER(MESSAGE_RECORD, offsetof(struct message, record));
	NUMBER(MESSAGE_DOOR, offsetof(struct message, door));
	NUMBER(GENERATION_DEAD, offsetof(struct generation, dead));
	NUMBER(RECORD_FIRST, offsetof(struct crossing, records));
	SELF(SERVER_CALL_RETURN);
	SELF(SERVER_NUMBER);
	SELF(RELAYS);
	SELF(RELAY_FROM);
	SELF(RELAY_INTO);
	SELF(RELAY_LENDS);
	SELF(RELAY_TWICE);
	SELF(E_GONE);
	SELF(E_RANGE);
	NUMBER(FRAME_SIZE, sizeof(struct frame));
	NUMBER(FRAME_GS, offsetof(struct frame, gs));
	NUMBER(FRAME_FS, offsetof(struct frame, fs));
	NUMBER(FRAME_ES, offsetof(struct frame, es));
	NUMBER(FRAME_DS, offsetof(struct frame, ds));
	NUMBER(FRAME_EAX, offsetof(struct frame, eax));
	NUMBER(FRAME_EBX, offsetof(struct frame, ebx));
	NUMBER(FRAME_EDX, offsetof(struct frame, edx));
	NUMBER(FRAME_ECX, offsetof(struct frame, ecx));
	NUMBER(FRAME_EBP, offsetof(struct frame, ebp));
	NUMBER(FRAME_EIP, offsetof(struct frame, eip));
	NUMBER(FRAME_CS, offsetof(struct frame, cs));
	NUMBER(FRAME_EFLAGS, offsetof(struct frame, eflags));
	NUMBER(FRAME_ESP, offsetof(struct frame, esp));
	NUMBER(FRAME_VECTOR, offsetof(struct frame, vector));
	NUMBER(FRAME_ERROR, offsetof(struct frame, error));
	SELF(SEL_USER_CODE);
	SELF(SEL_USER_DATA);
	SELF(SEL_SYSCALL);
	SELF(VECTOR_SYSCALL);
	SELF(ATTENTION_LEAVE);
	NUMBER(THREAD_ATTENTION, offsetof(struct thread, attention));
	NUMBER(CPU_WANT_SWITCH, offsetof(struct cpu, want_switch));
	SELF(CALLS);
	SELF(VDSO_LANDING);
	NUMBER(VDSO_CALL_OFFSET, VDSO_CALL_AT);
	NUMBER(VDSO_SIGRETURN_OFFSET, VDSO_SIGRETURN_AT);
	NUMBER(VDSO_RT_SIGRETURN_OFFSET, VDSO_RT_SIGRETURN_AT);
	SELF(USER_END);
	SELF(EFAULT);
	SELF(ENOSYS);

	SELF(SEL_BARE_CODE);
	SELF(SEL_BARE_DATA);
	SELF(SEL_BARE_EXIT);
	SELF(SEL_BARE_SAME);
	SELF(SEL_BARE_INNER);
	SELF(SEL_BARE_CLOCK);
	SELF(SEL_BARE_TASK);
	SELF(BARE_INT);
	SELF(BARE_INT_CLOCK);
	SELF(BARE_PAGES);
	SELF(BARE_PAGE_SUM);
}
