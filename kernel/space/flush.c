/*
 * Which CPU has which space loaded, and TLB shoot-down. A CPU keeps a space
 * loaded for as long as it can: threads of the core run in any. Who changes
 * page tables sends VECTOR_FLUSH to the other CPUs in space.cpus and waits
 * until each has answered or has loaded another directory.
 */
#include "kernel/space/flush.h"

#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/process/process.h"
#include "kernel/trap.h"

#define PAGES_MOST 33u /* more than that: drop everything */

static struct space *loaded[CPU_MOST];

/* While a server runs here, its own stays until it has returned. */
static inline void directory_load(struct cpu *cpu, u32 directory)
{
	cpu->directory = directory;
	if (!cpu->served)
		__asm__ volatile("mov %0, %%cr3" : : "r"(directory) : "memory");
}

static inline void directory_reload(void)
{
	u32 cr3;

	__asm__ volatile("mov %%cr3, %0\n\tmov %0, %%cr3"
			 : "=r"(cr3)
			 :
			 : "memory");
}

/* Interrupts off. What other CPUs change after they see our bit in s->cpus
 * comes with a VECTOR_FLUSH; what they changed before, CR3's load finds. */
static void load(u32 cpu, struct space *s)
{
	struct space *old = loaded[cpu];
	u32 bit = 1u << cpu;

	loaded[cpu] = s;
	if (s)
		__atomic_or_fetch(&s->cpus, bit, __ATOMIC_SEQ_CST);
	directory_load(&cpus[cpu], s ? s->directory.address : page_directory());
	if (s && s->flush)
		__atomic_and_fetch(&s->flush, ~bit, __ATOMIC_SEQ_CST);
	if (old)
		__atomic_and_fetch(&old->cpus, ~bit, __ATOMIC_SEQ_CST);
}

void space_load(struct space *s)
{
	u32 cpu = cpu_current()->number;

	if (s && loaded[cpu] != s)
		load(cpu, s);
}

struct space *space_loaded(void)
{
	return loaded[cpu_current()->number];
}

void space_flush_answer(void)
{
	u32 cpu = cpu_current()->number;
	struct space *s = loaded[cpu];

	if (!s)
		return;
	if (!s->users || thread_current()->space != s) {
		load(cpu, 0); /* nobody needs it here: be asked no more */
		return;
	}
	directory_reload();
	__atomic_and_fetch(&s->flush, ~(1u << cpu), __ATOMIC_SEQ_CST);
}

/* Send to every CPU of the set. */
static void send(u32 set)
{
	for (; set; set &= set - 1)
		apic_send((u8)cpus[__builtin_ctz(set)].apic_id, VECTOR_FLUSH);
}

/* The other CPUs' part: preemption is off, interrupts are on. */
static void flush_others(struct space *s, u32 me)
{
	u32 others, turn = 0;

	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* entries before cpus */
	others = s->cpus & ~me;
	if (!others)
		return;
	__atomic_store_n(&s->flush, others, __ATOMIC_SEQ_CST);
	send(others);
	while (__atomic_load_n(&s->flush, __ATOMIC_SEQ_CST) &
	       __atomic_load_n(&s->cpus, __ATOMIC_SEQ_CST))
		cpu_spin(&turn);
	__atomic_store_n(&s->flush, 0, __ATOMIC_SEQ_CST);
}

void flush_range(struct space *s, u32 start, u32 end)
{
	u32 me;

	preempt_disable();
	me = cpu_current()->number;
	if (loaded[me] == s) {
		if (end - start <= PAGES_MOST * PAGE)
			for (u32 at = start; at != end; at += PAGE)
				tlb_flush_page(at);
		else
			directory_reload();
	}
	flush_others(s, 1u << me);
	preempt_enable();
}

void flush_all(struct space *s)
{
	flush_range(s, 0, USER_END);
}

int flush_alone(const struct space *s)
{
	const struct thread *t = thread_current();

	return t->space == s && t->task && s->users == 1 &&
	       t->task->process->task_count == 1;
}

void flush_unload(struct space *s)
{
	u32 me, turn = 0;

	preempt_disable();
	me = cpu_current()->number;
	world_hold();
	if (loaded[me] == s)
		load(me, 0);
	world_release();
	send(s->cpus);
	while (__atomic_load_n(&s->cpus, __ATOMIC_SEQ_CST))
		cpu_spin(&turn);
	preempt_enable();
}
