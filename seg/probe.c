/*
 * The enforcement probe. Each act runs behind a fix-up and says whether it
 * faulted; the segment it acts on is a scratch descriptor of this CPU.
 */
#include "seg/probe.h"

#include "kernel/cpu.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "seg/gdt.h"

/* probe_acts.asm: 1 if the act faulted. `selector` is loaded into FS first. */
u32 probe_read(u32 selector, u32 offset);
u32 probe_write(u32 selector, u32 offset);
u32 probe_load(u32 selector);

struct probe probe;

#define SCRATCH (SLOT_PROBE * 8)
#define BYTES	16u

static u8 scratch[64];
static const u8 constant[64] = { 1 };

static u32 segment_for(u8 kind)
{
	struct descriptor d;
	i32 error = descriptor_segment((struct segment){ .base = (u32)scratch,
							 .size = BYTES,
							 .kind = kind },
				       &d);

	assert(error == 0);
	gdt_set_private(cpu_current(), SLOT_PROBE, d);
	return SCRATCH;
}

void probe_run(void)
{
	u32 selector = segment_for(SEGMENT_WRITE);

	assert(!probe_read(selector, BYTES - 4));
	assert(!probe_write(selector, BYTES - 4));
	probe.limit_read = (u8)probe_read(selector, BYTES - 3);
	probe.limit_write = (u8)probe_write(selector, BYTES - 3);
	probe.read_only = (u8)probe_write(segment_for(SEGMENT_READ), 0);
	probe.null_use = (u8)probe_read(0, (u32)scratch);
	probe.selector_load = (u8)probe_load(0xFFF8 | 4);
	gdt_set_private(cpu_current(), SLOT_PROBE, DESCRIPTOR_ABSENT);
	probe.not_present = (u8)probe_load(SCRATCH);
	probe.execute_only = (u8)probe_load(segment_for(SEGMENT_EXECUTE));
	gdt_set_private(cpu_current(), SLOT_PROBE, DESCRIPTOR_ABSENT);
	probe.page_write = (u8)probe_write(SEL_CORE_DATA, (u32)constant);
	probe_say(print);
}

void probe_say(void (*line)(const char *format, ...))
{
	static const char *const words[] = { "NOT ENFORCED", "enforced" };

	line("segments: limits %s, read-only %s, null use %s, loads %s, "
	     "execute-only %s; pages: read-only %s\n",
	     words[probe.limit_read & probe.limit_write],
	     words[probe.read_only], words[probe.null_use],
	     words[probe.selector_load & probe.not_present],
	     words[probe.execute_only], words[probe.page_write]);
}

u32 probe_limits(void)
{
	return probe.limit_read & probe.limit_write;
}
