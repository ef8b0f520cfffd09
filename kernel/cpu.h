/*
 * What each CPU has of its own: GDT page, TSSs, ring of crossings, idle
 * thread; and stopping all the others for a moment.
 */
#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

#include "kernel/thread.h"
#include "seg/tss.h"

#define CPU_MOST 16

enum cpu_use { CPU_USER, CPU_SYSTEM };

struct cpu {
	struct tss tss; /* rings 1 and 3 enter ring 0 through its esp0 */
	struct tss fault_tss; /* #DF's task */
	struct ring *ring; /* last crossings */
	struct descriptor *gdt; /* the private page, in the direct map */
	u32 gdt_linear; /* its linear address */
	struct descriptor *sealed; /* first page of sealed domains' GDTs */
	u32 sealed_view; /* how far its views of them are from CPU 0's */
	struct {
		u16 zero, limit;
		u32 base;
	} gdtr, sealed_gdtr; /* from `limit`; the base 0: not loaded */
	u32 number;
	u32 apic_id;
	struct thread *idle;
	struct thread *running;
	struct thread *ended; /* detached, just switched away from */
	u32 directory; /* for CR3 outside of servers, physical */
	u32 served; /* the server's that is loaded instead; 0: none */
	struct task *fpu; /* whose state the FPU holds */
	u32 fpu_open; /* to that task; written by this CPU, interrupts off */
	u32 door_open; /* for system calls, since its first task */
	u32 doorway[16]; /* SYSENTER's first stack; the last word leads on */
	struct tss *doorway_tss;
	u32 want_switch;
	u32 interrupts, switches;
	u32 ticks[2]; /* of the timer, by what they found: enum cpu_use */
	u32 fault_stack; /* top */
};

extern struct cpu cpus[CPU_MOST];
extern u32 cpu_count;

static inline struct cpu *cpu_current(void)
{
	return thread_current()->cpu;
}

/* Find every CPU, start them all. Called once, by the boot CPU. */
void cpu_start_all(void);

/*
 * Stop all other CPUs with interrupts answered, at a point where they hold no
 * spinlock; world_start lets them go on. The caller holds no spinlock either.
 * Not nested.
 */
void world_stop(void);
void world_start(void);

/*
 * Keep this CPU from being stopped, and from switching threads: what happens in
 * between happens either before or after any world_stop. For a few stores.
 */
static inline void world_hold(void)
{
	thread_current()->no_preempt++;
	__asm__ volatile("cli" : : : "memory");
}

static inline void world_release(void)
{
	__asm__ volatile("sti" : : : "memory");
	thread_current()->no_preempt--;
}

/* The other CPUs' part, in the VECTOR_STOP handler. */
void world_answer(void);

/*
 * One turn of a loop that waits for another CPU. PAUSE tells an emulator to
 * let another CPU run, which is dear: so not at every turn.
 */
static inline void cpu_spin(u32 *turn)
{
	if (++*turn % 256 == 0)
		__asm__ volatile("pause");
	else
		__asm__ volatile("" ::: "memory");
}

/* Drop every TLB entry of the kernel range on all CPUs. */
void tlb_flush_all(void);

#endif
