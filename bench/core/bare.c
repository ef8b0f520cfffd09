/*
 * Bare mechanisms: what one far call, one segment load, one CR3 costs alone.
 * The loops are in bare.asm; here is what they need, made before each batch
 * and taken away after it, so that nobody else ever meets it.
 */
#include "bench/core/bare.h"

#include "bench/core/rows.h"
#include "bench/work.h"
#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/tsc.h"
#include "seg/gdt.h"

#define BASE	     0x10000u /* of segments that are not flat */
#define MSR_SYSENTER 0x174u /* CS; then ESP and EIP */

u64 bare_run(const u8 *code, u32 calls, u32 ring);
u32 bare_first, bare_second; /* EDI and EBP of the loop */
u32 *bare_esp0;
u32 bare_esp1; /* for ring 1, in its segment */
i32 bare_worker(struct work *w);

extern const u8 bare_exit[], bare_return[], bare_return_clock[];
extern const u8 bare_int[], bare_int_clock[], bare_sysenter[], bare_task[];
extern const u8 bare_user_begin[], bare_user_end[], bare_sysenter_back[];
extern u8 bare_task_stack[], bare_outer[];

/* What a loop finds in EDX and ECX. */
enum argument {
	ARGUMENT_NONE,
	ARGUMENT_DATA, /* ECX: a data segment's selector, of the GDT */
	ARGUMENT_LOCAL, /* the same, of the LDT */
	ARGUMENT_LDT, /* ECX: an LDT's */
	ARGUMENT_GDT, /* EDX: what LGDT loads */
	ARGUMENT_SYSENTER, /* EDX, ECX: EIP and ESP to come back to */
	/* from here on rows are repeated if they are to be settled */
	ARGUMENT_DIRECTORIES, /* EDX, ECX: two for CR3 */
	ARGUMENT_WORK, /* EDX: what to work on */
	ARGUMENT_WORK_BASE, /* the same in segments that begin at BASE */
};

struct bare_row {
	const char *name, *back; /* back: of the way back, if clocked */
	const u8 *code;
	u8 ring, argument;
};

extern const u8 bare_empty_core[], bare_near[], bare_indirect[],
	bare_far_direct[], bare_int_same[], bare_load_ds[], bare_load_fs[],
	bare_load_ss[], bare_lldt[], bare_lgdt[], bare_cr3[], bare_touch[],
	bare_cr3_touch[], bare_task_gate[], bare_empty_domain[], bare_work[],
	bare_gate_same[], bare_gate_inner[], bare_clock_domain[],
	bare_gate_clock[], bare_empty_user[], bare_gate_user[], bare_int_user[],
	bare_sysenter_user[], bare_clock_user[], bare_int_clock_user[];

static const struct bare_row rows[] = {
	{ "bare.empty.0", 0, bare_empty_core, 0, ARGUMENT_NONE },
	{ "near", 0, bare_near, 0, ARGUMENT_NONE },
	{ "indirect", 0, bare_indirect, 0, ARGUMENT_NONE },
	{ "far.direct", 0, bare_far_direct, 0, ARGUMENT_NONE },
	{ "int.same", 0, bare_int_same, 0, ARGUMENT_NONE },
	{ "load.ds", 0, bare_load_ds, 0, ARGUMENT_DATA },
	{ "load.ds.ldt", 0, bare_load_ds, 0, ARGUMENT_LOCAL },
	{ "load.fs", 0, bare_load_fs, 0, ARGUMENT_DATA },
	{ "load.fs.ldt", 0, bare_load_fs, 0, ARGUMENT_LOCAL },
	{ "load.ss", 0, bare_load_ss, 0, ARGUMENT_DATA },
	{ "lldt", 0, bare_lldt, 0, ARGUMENT_LDT },
	{ "lgdt", 0, bare_lgdt, 0, ARGUMENT_GDT },
	{ "cr3", 0, bare_cr3, 0, ARGUMENT_DIRECTORIES },
	{ "touch", 0, bare_touch, 0, ARGUMENT_NONE },
	{ "cr3.touch", 0, bare_cr3_touch, 0, ARGUMENT_DIRECTORIES },
	{ "task.gate", 0, bare_task_gate, 0, ARGUMENT_NONE },
	{ "bare.empty.1", 0, bare_empty_domain, 1, ARGUMENT_NONE },
	{ "work", 0, bare_work, 1, ARGUMENT_WORK },
	{ "work.base", 0, bare_work, 1, ARGUMENT_WORK_BASE },
	{ "gate.same", 0, bare_gate_same, 1, ARGUMENT_NONE },
	{ "gate.inner", 0, bare_gate_inner, 1, ARGUMENT_NONE },
	{ "clock.1.in", "clock.1.out", bare_clock_domain, 1, ARGUMENT_NONE },
	{ "gate.in", "gate.out", bare_gate_clock, 1, ARGUMENT_NONE },
	{ "bare.empty.3", 0, bare_empty_user, 3, ARGUMENT_NONE },
	{ "gate.user", 0, bare_gate_user, 3, ARGUMENT_NONE },
	{ "int", 0, bare_int_user, 3, ARGUMENT_NONE },
	{ "sysenter", 0, bare_sysenter_user, 3, ARGUMENT_SYSENTER },
	{ "clock.3.in", "clock.3.out", bare_clock_user, 3, ARGUMENT_NONE },
	{ "int.in", "int.out", bare_int_clock_user, 3, ARGUMENT_NONE },
};

static struct tss task;
static struct work worked;
static struct descriptor interrupts[256], local[1];
static struct physical directory, table, code, data; /* of ring 3 */

/* What this CPU had before a batch. */
static struct {
	struct tss tss;
	struct {
		u16 limit;
		u32 base;
	} __attribute__((packed)) idtr;
	u32 cr0, cr3, sysenter[3];
} before_batch;

/* ---- made for a run ---- */

static struct descriptor gate_to(u32 selector, const u8 *offset, u8 level)
{
	struct descriptor d;
	i32 error = descriptor_gate((u16)selector, (u32)offset, level, &d);

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

static struct descriptor table_at(const void *base, u32 size, u8 kind)
{
	struct descriptor d;
	i32 error = descriptor_segment((struct segment){ .base = (u32)base,
							 .size = size,
							 .kind = kind },
				       &d);

	assert(error == 0);
	return d;
}

/* The work of the row `work`: bytes of one address, whatever the base is. */
i32 bare_worker(struct work *w)
{
	return work(w);
}

/* Ring 1's own segments begin elsewhere than at 0. */
static void base_set(struct cpu *cpu)
{
	struct segment one = { .base = BASE, .size = 0 - 2 * BASE, .level = 1 };
	struct descriptor d;
	i32 error;

	one.kind = SEGMENT_CODE;
	error = descriptor_segment(one, &d);
	gdt_set_private(cpu, BARE_CODE, d);
	one.kind = SEGMENT_WRITE;
	error |= descriptor_segment(one, &d);
	gdt_set_private(cpu, BARE_DATA, d);
	assert(error == 0);
}

static void descriptors_set(struct cpu *cpu)
{
	const struct descriptor made[] = {
		flat(SEGMENT_CODE, 1),
		flat(SEGMENT_WRITE, 1),
		gate_to(SEL_CORE_CODE, bare_exit, 3),
		gate_to(SEL_BARE_CODE, bare_return, 1),
		gate_to(SEL_CORE_CODE, bare_return, 3),
		gate_to(SEL_CORE_CODE, bare_return_clock, 3),
		descriptor_task_gate(SEL_BARE_TSS, 0),
		table_at(&task, sizeof(task), SEGMENT_TSS),
		table_at(local, sizeof(local), SEGMENT_LDT),
	};

	for (u32 i = 0; i < sizeof(made) / sizeof(*made); i++)
		gdt_set_private(cpu, SLOT_BENCH + i, made[i]);
	local[0] = flat(SEGMENT_WRITE, 0);
	interrupts[BARE_INT] =
		descriptor_interrupt_gate(SEL_CORE_CODE, (u32)bare_int, 3);
	interrupts[BARE_INT_CLOCK] = descriptor_interrupt_gate(
		SEL_CORE_CODE, (u32)bare_int_clock, 3);
	task = (struct tss){
		.cr3 = directory.address,
		.eip = (u32)bare_task,
		.eflags = 2,
		.esp = (u32)bare_task_stack,
		.cs = SEL_CORE_CODE,
		.ss = SEL_CORE_DATA,
		.ds = SEL_CORE_DATA,
		.es = SEL_CORE_DATA,
		.io_map = sizeof(task),
	};
}

static void descriptors_clear(struct cpu *cpu)
{
	for (u32 slot = SLOT_BENCH; slot <= BARE_LDT; slot++)
		gdt_set_private(cpu, slot, DESCRIPTOR_ABSENT);
}

static void pages_give(void)
{
	struct physical *all[] = { &directory, &table, &code, &data };

	for (u32 i = 0; i < 4; i++) {
		if (frame_ok(*all[i]))
			frame_give(*all[i], 0);
		*all[i] = FRAME_NONE;
	}
}

/* A directory that has the core's half, and ring 3's few pages. */
static i32 pages_make(void)
{
	u32 *entries, half = LINEAR_CORE >> 22;

	directory = frame_take_zero_now();
	table = frame_take_zero_now();
	code = frame_take_zero_now();
	data = frame_take_zero_now();
	if (!frame_ok(directory) || !frame_ok(table) || !frame_ok(code) ||
	    !frame_ok(data)) {
		pages_give();
		return -E_MEMORY;
	}
	entries = direct(directory);
	memory_copy(entries + half,
		    (u32 *)direct((struct physical){ page_directory() }) + half,
		    (1024 - half) * sizeof(u32));
	entries[BARE_USER >> 22] =
		table.address | PAGE_PRESENT | PAGE_WRITE | PAGE_USER;
	entries = direct(table);
	entries[0] = code.address | PAGE_PRESENT | PAGE_USER;
	for (u32 i = 1; i <= BARE_PAGE_SUM; i++)
		entries[i] =
			data.address | PAGE_PRESENT | PAGE_WRITE | PAGE_USER;
	memory_copy(direct(code), bare_user_begin,
		    (u32)(bare_user_end - bare_user_begin));
	return 0;
}

/* ---- a batch ---- */

static u32 msr_read(u32 msr)
{
	u32 low;

	__asm__ volatile("rdmsr" : "=a"(low) : "c"(msr) : "edx");
	return low;
}

static void msr_write(u32 msr, u32 value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"(value), "d"(0));
}

static void machine_take(struct cpu *cpu)
{
	struct {
		u16 limit;
		u32 base;
	} __attribute__((packed))
	idtr = { sizeof(interrupts) - 1, (u32)interrupts };

	before_batch.tss = cpu->tss;
	__asm__ volatile("sidt %0" : "=m"(before_batch.idtr));
	__asm__ volatile("mov %%cr0, %0" : "=r"(before_batch.cr0));
	__asm__ volatile("mov %%cr3, %0" : "=r"(before_batch.cr3));
	for (u32 i = 0; i < 3; i++)
		before_batch.sysenter[i] = msr_read(MSR_SYSENTER + i);
	memory_copy(interrupts, (void *)before_batch.idtr.base,
		    BARE_INT * sizeof(*interrupts));
	descriptors_set(cpu);
	msr_write(MSR_SYSENTER, SEL_CORE_CODE);
	msr_write(MSR_SYSENTER + 1, before_batch.tss.esp0);
	msr_write(MSR_SYSENTER + 2, (u32)bare_sysenter);
	cpu->tss.cr3 = directory.address; /* a task's IRET loads both */
	cpu->tss.ldt = SEL_BARE_LDT;
	__asm__ volatile("lidt %0" : : "m"(idtr));
	__asm__ volatile("lldt %0" : : "r"((u16)SEL_BARE_LDT));
	__asm__ volatile("mov %0, %%cr3" : : "r"(directory.address) : "memory");
}

static void machine_give(struct cpu *cpu)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(before_batch.cr3) : "memory");
	__asm__ volatile("mov %0, %%cr0" : : "r"(before_batch.cr0));
	__asm__ volatile("lldt %0" : : "r"((u16)SEL_LDT));
	__asm__ volatile("lidt %0" : : "m"(before_batch.idtr));
	for (u32 i = 0; i < 3; i++)
		msr_write(MSR_SYSENTER + i, before_batch.sysenter[i]);
	cpu->tss = before_batch.tss;
	descriptors_clear(cpu);
}

static u32 base_of(u8 argument)
{
	return argument == ARGUMENT_WORK_BASE ? BASE : 0;
}

static void arguments_set(const struct cpu *cpu, u8 argument)
{
	bare_first = directory.address;
	bare_second = SEL_CORE_DATA;
	switch (argument) {
	case ARGUMENT_LOCAL:
		bare_second = SEL_BARE_LOCAL;
		break;
	case ARGUMENT_LDT:
		bare_second = SEL_BARE_LDT;
		break;
	case ARGUMENT_GDT:
		bare_first = (u32)&cpu->gdtr.limit;
		break;
	case ARGUMENT_DIRECTORIES:
		bare_second = page_directory();
		break;
	case ARGUMENT_SYSENTER:
		bare_first =
			BARE_USER + (u32)(bare_sysenter_back - bare_user_begin);
		bare_second = BARE_PAGES + PAGE;
		break;
	case ARGUMENT_WORK:
	case ARGUMENT_WORK_BASE:
		bare_first = (u32)&worked - base_of(argument);
	}
	bare_esp1 = (u32)bare_outer - base_of(argument);
}

static u64 batch_run(const struct bare_row *r)
{
	const u8 *at = r->code - base_of(r->argument);
	struct cpu *cpu;
	u64 ticks;

	if (r->ring == 3)
		at = (const u8 *)BARE_USER + (at - bare_user_begin);
	world_hold();
	cpu = cpu_current();
	machine_take(cpu);
	if (base_of(r->argument))
		base_set(cpu);
	arguments_set(cpu, r->argument);
	bare_esp0 = &cpu->tss.esp0;
	rows_prepare();
	ticks = bare_run(at, rows_set.calls, r->ring);
	machine_give(cpu);
	world_release();
	return ticks;
}

static void row_run(const struct bare_row *r)
{
	static struct sample_set back;
	i32 numbers[6], best[6] = { 0 };
	u64 begun = tsc_now();

	batch_run(r); /* the first one warms */
	do {
		for (u32 batch = 0; batch < SAMPLE_BATCHES; batch++) {
			u64 ticks = batch_run(r);

			rows_set.ticks[batch] = (u32)ticks;
			back.ticks[batch] = (u32)(ticks >> 32);
		}
		rows_numbers(numbers);
		rows_best(best, numbers);
	} while (r->argument >= ARGUMENT_DIRECTORIES && rows_unsettled(begun));
	rows_say_numbers(r->name, rows_set.calls, best);
	if (!r->back)
		return;
	memory_copy(rows_set.ticks, back.ticks, sizeof(back.ticks));
	rows_say(r->back);
}

i32 bench_bare(enum before before)
{
	i32 error = pages_make();

	if (error)
		return error;
	rows_of("", 0, before);
	for (u32 i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		row_run(&rows[i]);
	pages_give();
	return 0;
}
