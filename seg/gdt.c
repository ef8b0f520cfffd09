/*
 * One GDT for each CPU in its own linear range: a private page followed by
 * shared ones; and the doors segment, which likewise has a private page (the
 * ring of crossings) before the doors that all CPUs share. CPUs see the shared
 * GDT pages read-only; the core writes them through its own mapping.
 */
#include "seg/gdt.h"

#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "seg/sealed.h"

#define SHARED_SLOTS (SLOT_END - SLOT_SHARED)
#define GDT_BYTES    (SLOT_END * 8u)
#define DOORS_BYTES  (PAGE + sizeof(doors))

static struct descriptor shared[SHARED_SLOTS] __attribute__((aligned(4096)));
struct door doors[DOMAIN_PAIRS] __attribute__((aligned(4096)));
static u8 gate_taken[SLOT_END - SLOT_GATES];
static struct spinlock gdt_lock = SPINLOCK("gdt");

static struct descriptor segment(u32 base, u32 size, u8 kind, u8 level)
{
	struct descriptor d;
	i32 error = descriptor_segment((struct segment){ .base = base,
							 .size = size,
							 .kind = kind,
							 .level = level },
				       &d);

	assert(error == 0);
	return d;
}

static struct descriptor flat(u8 kind, u8 level)
{
	struct descriptor d;
	i32 error = descriptor_flat(kind, level, &d);

	assert(error == 0);
	return d;
}

static void map_shared(u32 linear, const void *first, u32 bytes, u32 flags)
{
	for (u32 at = 0; at < bytes; at += PAGE)
		page_map(linear + at, direct_physical((const u8 *)first + at),
			 flags | PAGE_GLOBAL);
}

static void gdt_fill(struct cpu *cpu, u32 doors_linear)
{
	struct descriptor *g = cpu->gdt;

	g[SLOT_CORE_CODE] = flat(SEGMENT_CODE, 0);
	g[SLOT_CORE_DATA] = flat(SEGMENT_WRITE, 0);
	g[SLOT_USER_CODE] = flat(SEGMENT_CODE, 3);
	g[SLOT_USER_DATA] = flat(SEGMENT_WRITE, 3);
	g[SLOT_TSS] = segment((u32)&cpu->tss, sizeof(cpu->tss), SEGMENT_TSS, 0);
	g[SLOT_TSS_FAULT] = segment((u32)&cpu->fault_tss,
				    sizeof(cpu->fault_tss), SEGMENT_TSS, 0);
	g[SLOT_DOORS] = segment(doors_linear, DOORS_BYTES, SEGMENT_WRITE, 1);
}


void fault_task(void);

static void tss_fill(struct cpu *cpu)
{
	cpu->tss.ss0 = SEL_CORE_DATA;
	cpu->tss.esp0 = cpu->idle ? cpu->idle->esp0 : 0;
	cpu->tss.io_map = sizeof(cpu->tss);
	cpu->fault_tss = (struct tss){
		.cr3 = page_directory(),
		.eip = (u32)fault_task,
		.eflags = 2,
		.esp = cpu->fault_stack,
		.esp0 = cpu->fault_stack,
		.ss0 = SEL_CORE_DATA,
		.cs = SEL_CORE_CODE,
		.ss = SEL_CORE_DATA,
		.ds = SEL_CORE_DATA,
		.es = SEL_CORE_DATA,
		.io_map = sizeof(struct tss),
	};
}

i32 gdt_make(struct cpu *cpu)
{
	struct physical page = frame_take_zero_now();
	struct physical ring = frame_take_zero_now();
	struct physical stack = frame_take_zero_now();
	u32 linear = range_take(&range_stacks, GDT_BYTES);
	u32 doors_linear = range_take(&range_stacks, DOORS_BYTES);

	if (!frame_ok(page) || !frame_ok(ring) || !frame_ok(stack) || !linear ||
	    !doors_linear)
		return -E_MEMORY;
	cpu->gdt = direct(page);
	cpu->ring = direct(ring);
	cpu->gdt_linear = linear;
	cpu->fault_stack = (u32)direct(stack) + PAGE;
	page_map(linear, page, PAGE_WRITE | PAGE_GLOBAL);
	map_shared(linear + PAGE, shared, sizeof(shared), 0);
	page_map(doors_linear, ring, PAGE_WRITE | PAGE_GLOBAL);
	map_shared(doors_linear + PAGE, doors, sizeof(doors), PAGE_WRITE);
	gdt_fill(cpu, doors_linear);
	tss_fill(cpu);
	return sealed_cpu_make(cpu);
}

void gdt_load(struct cpu *cpu)
{
	cpu->directory = page_directory();
	cpu->gdtr.limit = GDT_BYTES - 1;
	cpu->gdtr.base = cpu->gdt_linear;
	__asm__ volatile("lgdt %0\n"
			 "ljmp %1, $1f\n"
			 "1: mov %2, %%ds\n"
			 "mov %2, %%es\n"
			 "mov %2, %%ss\n"
			 "mov %3, %%fs\n"
			 "mov %3, %%gs\n"
			 :
			 : "m"(cpu->gdtr.limit), "i"(SEL_CORE_CODE),
			   "r"(SEL_CORE_DATA), "r"(0)
			 : "memory");
	__asm__ volatile("ltr %0" : : "r"((u16)SEL_TSS));
	gdt_crossing_set(cpu, thread_current());
}

struct descriptor gdt_get(const struct cpu *cpu, u32 slot)
{
	assert(slot < SLOT_END);
	return slot < SLOT_SHARED ? cpu->gdt[slot] : shared[slot - SLOT_SHARED];
}

/*
 * Eight bytes are not written at once: first absent, then the low half, then
 * the half that makes it present.
 */
static void descriptor_store(struct descriptor *at, struct descriptor d)
{
	volatile struct descriptor *slot = at;

	slot->high = 0;
	slot->low = d.low;
	slot->high = d.high;
}

void gdt_set_shared(u32 slot, struct descriptor d)
{
	assert(slot >= SLOT_SHARED && slot < SLOT_END);
	descriptor_store(&shared[slot - SLOT_SHARED], d);
}

void gdt_set_private(struct cpu *cpu, u32 slot, struct descriptor d)
{
	assert(slot < SLOT_SHARED);
	descriptor_store(&cpu->gdt[slot], d);
}

void gdt_crossing_describe(struct thread *t)
{
	u32 base = (u32)t->crossing;

	t->crossing_segment =
		segment(base, sizeof(*t->crossing), SEGMENT_WRITE, 1);
	t->ldt = segment(base, sizeof(t->crossing->lends), SEGMENT_LDT, 0);
}

void gdt_crossing_set(struct cpu *cpu, struct thread *t)
{
	t->ring = cpu->ring;
	cpu->gdt[SLOT_CROSSING] = t->crossing_segment;
	cpu->gdt[SLOT_LDT] = t->ldt;
	tables_load(cpu, t);
}

void gdt_tls_set(struct cpu *cpu, const struct descriptor tls[3])
{
	for (u32 i = 0; i < 3; i++)
		cpu->gdt[SLOT_TLS + i] = tls[i];
}

u32 gdt_gates_take(u32 count)
{
	u32 run = 0, found = 0;

	spin_lock(&gdt_lock);
	for (u32 i = SLOT_FREE_GATES; i < SLOT_END && !found; i++) {
		run = gate_taken[i - SLOT_GATES] ? 0 : run + 1;
		if (run == count)
			found = i + 1 - count;
	}
	for (u32 i = found; found && i < found + count; i++)
		gate_taken[i - SLOT_GATES] = 1;
	spin_unlock(&gdt_lock);
	return found;
}

void gdt_gates_give(u32 slot, u32 count)
{
	spin_lock(&gdt_lock);
	for (u32 i = slot; i < slot + count; i++) {
		gdt_set_shared(i, DESCRIPTOR_ABSENT);
		gate_taken[i - SLOT_GATES] = 0;
	}
	spin_unlock(&gdt_lock);
}

u32 gdt_present_count(void)
{
	u32 n = 0;

	for (u32 i = 0; i < SHARED_SLOTS; i++)
		n += descriptor_read(shared[i]).present;
	return n;
}
