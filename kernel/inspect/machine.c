/* The machine as a whole: memory, time, load, CPUs, names. */
#include "kernel/inspect/inspect.h"

#include "kernel/apic.h"
#include "kernel/boot.h"
#include "kernel/cpu.h"
#include "kernel/heap.h"
#include "kernel/irq.h"
#include "kernel/memory.h"
#include "kernel/process/system.h"
#include "kernel/process/task.h"
#include "kernel/random.h"
#include "kernel/space/cache.h"
#include "kernel/space/table.h"
#include "kernel/topology.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define HUNDREDTH_NS   10000000u
#define MILLISECOND_NS 1000000u
#define BLOCK	       64u

static void fill_memory(struct inspect_machine *out)
{
	out->frames = frame_total();
	out->frames_free = frame_free_count();
	out->frames_cache = cache_frames();
	out->frames_tables = table_frames();
	out->frames_heap = heap_use().frames;
	out->frames_spaces = space_frames();
	out->kernel_stacks = thread_count() * (THREAD_STACK / 1024);
}

/* Milliseconds that a CPU had nothing to do. */
static u32 idle_of(const struct cpu *cpu)
{
	const struct thread *idle = cpu->idle;
	u32 rest;
	u64 ran;

	scheduler_lock();
	ran = idle->run_time;
	if (cpu->running == idle)
		ran += tsc_read() - idle->started;
	scheduler_unlock();
	return (u32)wide_divide(tsc_to_us(ran), 1000, &rest);
}

static void fill_time(struct inspect_machine *out)
{
	u32 rest, idle = 0;
	u64 hundredths = wide_divide(tsc_now(), HUNDREDTH_NS, &rest);

	for (u32 i = 0; i < cpu_count; i++)
		idle += idle_of(&cpus[i]) / 10;
	out->uptime =
		(u32)wide_divide(hundredths, 100, &out->uptime_hundredths);
	out->idle = idle / 100;
	out->idle_hundredths = idle % 100;
	out->boot_time = (u32)wide_divide(instant_origin(), 1000000000, &rest);
	load_get(out->load);
}

static void count(struct thread *t, void *argument)
{
	struct inspect_machine *out = argument;

	if (!t->task)
		return;
	if (t->state == THREAD_READY || t->state == THREAD_RUNNING)
		out->running++;
	else if (t->state == THREAD_WAITING && !t->waits_for_signal)
		out->blocked++;
}

static void fill_processes(struct inspect_machine *out)
{
	spin_lock(&process_lock);
	out->processes = process_count.processes;
	out->threads = process_count.tasks;
	out->created = process_count.made;
	out->last_pid = number_last();
	scheduler_lock();
	thread_each(count, out);
	scheduler_unlock();
	spin_unlock(&process_lock);
}

static void cpuid(u32 leaf, u32 out[4])
{
	__asm__ volatile("cpuid"
			 : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]),
			   "=d"(out[3])
			 : "a"(leaf), "c"(0));
}

/* What the CPU says of itself; the name only newer ones know. */
static void fill_cpu(struct inspect_machine *out)
{
	u32 r[4];

	cpuid(0, r);
	memory_copy(out->vendor, &r[1], 4);
	memory_copy(out->vendor + 4, &r[3], 4);
	memory_copy(out->vendor + 8, &r[2], 4);
	cpuid(1, r);
	out->signature = r[0];
	out->feature_ecx = r[2];
	out->feature_edx = r[3];
	cpuid(0x80000000, r);
	for (u32 i = 0; r[0] >= 0x80000004 && i < 3; i++) {
		u32 part[4];

		cpuid(0x80000002 + i, part);
		memory_copy(out->model + i * 16, part, 16);
	}
	out->model[sizeof(out->model) - 1] = 0;
}

i32 up_inspect_machine(into struct inspect_machine *now)
{
	struct inspect_machine out;

	memory_fill(&out, 0, sizeof(out));
	out.cpus = cpu_count;
	out.khz = tsc_khz();
	fill_memory(&out);
	fill_time(&out);
	fill_processes(&out);
	fill_cpu(&out);
	return lend_give(now, &out, sizeof(out));
}

/*
 * What a CPU was busy with is known by the samples of the timer, of which a
 * slow emulator loses some: they say how to divide the time, not how much.
 */
static void fill_ticks(const struct cpu *cpu, struct inspect_processor *out)
{
	u32 user = cpu->ticks[CPU_USER], system = cpu->ticks[CPU_SYSTEM];
	u32 samples = max(user + system, 1u), now, busy, rest;

	now = (u32)wide_divide(tsc_now(), MILLISECOND_NS, &rest);
	out->idle_ticks = min(idle_of(cpu), now);
	busy = now - out->idle_ticks;
	out->system_ticks =
		(u32)wide_divide(wide_product(busy, system), samples, &rest);
	out->user_ticks = busy - out->system_ticks;
}

i32 up_inspect_processor(u32 index, into struct inspect_processor *now)
{
	struct inspect_processor out;

	if (index >= cpu_count)
		return -E_NAME;
	fill_ticks(&cpus[index], &out);
	out.interrupts = cpus[index].interrupts;
	out.switches = cpus[index].switches;
	out.apic = cpus[index].apic_id;
	return lend_give(now, &out, sizeof(out));
}

i32 up_inspect_interrupts(u32 line)
{
	return line < TOPOLOGY_LINES ? (i32)(irq_count(line) & 0x7FFFFFFF) :
				       -E_NAME;
}

i32 up_inspect_command_line(into char *text, u32 room)
{
	return inspect_give_text(text, room, boot.command_line);
}

i32 up_inspect_setting(u32 which, into char *text, u32 room)
{
	static const char *const fixed[] = { SYSTEM_SYSNAME, SYSTEM_RELEASE,
					     SYSTEM_VERSION, SYSTEM_MACHINE };
	char name[SYSTEM_NAME];

	if (which == 1 || which == 2) {
		system_name_get(which == 1 ? SYSTEM_HOST : SYSTEM_DOMAIN, name);
		return inspect_give_text(text, room, name);
	}
	if (which < 3 || which - 3 >= sizeof(fixed) / sizeof(*fixed))
		return -E_NAME;
	return inspect_give_text(text, room, fixed[which - 3]);
}

i32 up_inspect_set(u32 which, from char *text, u32 size)
{
	char name[SYSTEM_NAME];

	if (task_current() && !process_privileged())
		return -E_DENIED;
	if (which != 1 && which != 2)
		return -E_NAME;
	if (size >= SYSTEM_NAME)
		return -E_RANGE;
	if (lend_take(name, text, size) < 0)
		return -E_GONE;
	return system_name_set(which == 1 ? SYSTEM_HOST : SYSTEM_DOMAIN, name,
			       size) < 0 ?
		       -E_RANGE :
		       0;
}

i32 up_inspect_random(into u8 *bytes, u32 room)
{
	u8 block[BLOCK];

	for (u32 done = 0; done < room; done += BLOCK) {
		u32 n = min(BLOCK, room - done);

		random_bytes(block, n);
		if (lend_give(bytes + done, block, n) < 0)
			return -E_GONE;
	}
	return (i32)room;
}
