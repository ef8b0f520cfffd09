/*
 * Bringing up every CPU, and stopping all but one for a moment.
 */
#include "kernel/cpu.h"

#include "kernel/apic.h"
#include "kernel/firmware.h"
#include "kernel/line.h"
#include "kernel/options.h"
#include "kernel/linux/vdso.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/process/fpu.h"
#include "kernel/smp.h"
#include "kernel/trap.h"
#include "kernel/tsc.h"
#include "seg/gdt.h"

#define TIMER_HZ 1000

/* What quick ways touch, in as few pages as can be (kernel/kernel.ld). */
#define FIRST(part) __attribute__((section(".data.first." part)))

struct selectors selectors FIRST("1") = { SEL_LDT, 0, SEL_USER_DATA };
struct cpu cpus[CPU_MOST] FIRST("2");
u32 cpu_count = 1;

static u32 world_owner; /* CPU number + 1 of who stopped the world */
static u32 world_stopped; /* how many wait */
static u32 world_go; /* generation of the stop, for the waiters */
static struct cpu *starting;

/* The first thing a new CPU does in C. */
static void cpu_entry(void)
{
	struct cpu *cpu = starting;

	gdt_load(cpu);
	trap_load();
	fpu_init();
	apic_enable();
	tlb_flush_local();
	cpu->apic_id = apic_id();
	__atomic_store_n(&starting, 0, __ATOMIC_RELEASE);
	apic_timer_start(TIMER_HZ, VECTOR_TIMER);
	thread_current()->no_preempt = 0;
	__asm__ volatile("sti");
	thread_idle();
}

static i32 cpu_start(u32 number, u8 id)
{
	struct cpu *cpu = &cpus[number];
	i32 error;

	cpu->number = number;
	cpu->apic_id = id;
	if (!thread_idle_make(cpu))
		return -E_MEMORY;
	error = gdt_make(cpu);
	if (error < 0)
		return error;
	starting = cpu;
	error = smp_start_cpu(id, cpu->idle->esp0, cpu_entry);
	if (error < 0)
		return error;
	while (__atomic_load_n(&starting, __ATOMIC_ACQUIRE))
		__asm__ volatile("pause");
	return 0;
}

static void start_others(const struct topology *t)
{
	struct physical page = frame_take_now(0, 0xA0000);
	u32 wanted = t->cpu_count;

	if (options.cpus && options.cpus < wanted)
		wanted = options.cpus;
	if (!frame_ok(page) || smp_prepare(page) < 0) {
		print("cpu: no page below 640 KiB to start others from\n");
		return;
	}
	for (u32 i = 1; i < wanted; i++) {
		i32 error = cpu_start(cpu_count, t->cpu_apic_id[i]);

		if (error < 0)
			print("cpu: the one with APIC id %u does not start "
			      "(%d)\n",
			      t->cpu_apic_id[i], error);
		else
			cpu_count++;
	}
	frame_give(page, 0);
}

void cpu_start_all(void)
{
	struct topology t;

	topology_find(firmware_read, apic_id(), &t);
	line_init(&t);
	if (tsc_calibrate() < 0)
		panic("this CPU has no time-stamp counter, or the machine no "
		      "interval timer");
	for (u32 line = 0; line < TOPOLOGY_LINES; line++)
		if (line_exists(line))
			line_route(line, (u8)(VECTOR_LINES + line), apic_id());
	cpus[0].apic_id = apic_id();
	if (!apic_present())
		panic("this machine has no local APIC: Bulkhead needs one for "
		      "its timer");
	if (apic_timer_calibrate() < 0)
		panic("the local APIC's timer does not run");
	start_others(&t);
	apic_timer_start(TIMER_HZ, VECTOR_TIMER);
	print("cpu: %u of %u by %s, lines by %s, %u MHz\n", cpu_count,
	      t.cpu_count, topology_source_name(&t), line_controller(),
	      tsc_khz() / 1000);
}

void world_stop(void)
{
	u32 me, nobody, turn = 0;

	preempt_disable();
	me = cpu_current()->number + 1;
	assert(world_owner != me);
	do {
		nobody = 0; /* interrupts on: another stopper's call is heard */
		cpu_spin(&turn);
	} while (!__atomic_compare_exchange_n(&world_owner, &nobody, me, 0,
					      __ATOMIC_ACQUIRE,
					      __ATOMIC_RELAXED));
	if (cpu_count == 1)
		return;
	__atomic_store_n(&world_stopped, 0, __ATOMIC_SEQ_CST);
	apic_send_others(VECTOR_STOP);
	while (__atomic_load_n(&world_stopped, __ATOMIC_ACQUIRE) !=
	       cpu_count - 1)
		cpu_spin(&turn);
}

void world_start(void)
{
	u32 turn = 0;

	if (cpu_count > 1) {
		__atomic_add_fetch(&world_go, 1, __ATOMIC_SEQ_CST);
		/* nobody may be left in the old stop when the next begins */
		while (__atomic_load_n(&world_stopped, __ATOMIC_ACQUIRE))
			cpu_spin(&turn);
	}
	__atomic_store_n(&world_owner, 0, __ATOMIC_RELEASE);
	preempt_enable();
}

void world_answer(void)
{
	u32 go = __atomic_load_n(&world_go, __ATOMIC_SEQ_CST), turn = 0;

	__atomic_add_fetch(&world_stopped, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&world_go, __ATOMIC_ACQUIRE) == go)
		cpu_spin(&turn);
	tlb_flush_local();
	doorway_answer(cpu_current());
	__atomic_sub_fetch(&world_stopped, 1, __ATOMIC_SEQ_CST);
}

void tlb_flush_all(void)
{
	int stop;

	preempt_disable();
	stop = cpu_count > 1 && world_owner != cpu_current()->number + 1;
	preempt_enable();
	if (stop)
		world_stop(); /* each CPU flushes before it goes on */
	tlb_flush_local();
	if (stop)
		world_start();
}
