/*
 * Breaking things on purpose, from the prompt: one domain, or the core. All
 * bugs are such that every CPU and emulator notices them, whether it enforces
 * segment limits or not.
 */
#include "tests/core/breaking.h"

#include "core.h"
#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/prompt.h"
#include "kernel/symbol.h"
#include "kernel/tsc.h"
#include "kernel/window.h"

#define LINE_NONE 23u /* an interrupt that nobody has */
#define REVIVAL	  5000000000ull /* ns until a domain must run again */

const struct bug bugs[BUGS] = {
	{ "ud2", 2, { 0x0F, 0x0B } },
	{ "hlt", 1, { 0xF4 } },
	{ "cli", 1, { 0xFA } },
	{ "int3", 1, { 0xCC } },
	{ "int80", 2, { 0xCD, 0x80 } },
	{ "sysenter", 2, { 0x0F, 0x34 } },
	{ "sysenter-tf",
	  11,
	  { 0x9C, 0x81, 0x0C, 0x24, 0, 1, 0, 0, 0x9D, 0x0F, 0x34 } },
	{ "in", 1, { 0xEC } },
	{ "null-read", 4, { 0x31, 0xC0, 0x8B, 0x00 } },
	{ "null-write", 4, { 0x31, 0xC0, 0x89, 0x00 } },
	{ "null-call", 4, { 0x31, 0xC0, 0xFF, 0xD0 } },
	{ "divide", 4, { 0x31, 0xC9, 0xF7, 0xF1 } },
	{ "text-write", 7, { 0xC6, 0x05, 0x00, 0x10, 0x00, 0x00, 0x00 } },
	{ "esp-zero", 3, { 0x31, 0xE4, 0x50 } },
	{ "stack-overflow", 3, { 0x50, 0xEB, 0xFD } },
	{ "core-selector", 6, { 0x66, 0xB8, 0x10, 0x00, 0x8E, 0xD8 } },
	{ "absent-selector", 6, { 0x66, 0xB8, 0xF1, 0xFF, 0x8E, 0xD8 } },
	{ "far-return-null", 5, { 0x31, 0xC0, 0x50, 0x50, 0xCB } },
	{ "far-jump-core", 7, { 0xEA, 0, 0, 0, 0, 0x08, 0x00 } },
	{ "mov-cr3", 3, { 0x0F, 0x22, 0xD8 } },
	{ "lgdt", 7, { 0x0F, 0x01, 0x15, 0x00, 0x10, 0x00, 0x00 } },
	{ "trap-flag", 8, { 0x68, 0x02, 0x03, 0x00, 0x00, 0x9D, 0x90, 0x90 } },
	{ "bad-return", 5, { 0x83, 0x24, 0x24, 0x00, 0xC3 } },
	{ "loop", 2, { 0xEB, 0xFE } },
};

/* Write the bug where the domain's text is now. World held. */
static int bug_write(struct domain *d, const struct bug *bug, u32 offset)
{
	struct generation *g = d->now;

	if (!g || g->dead || d->state != DOMAIN_RUNNING || !offset ||
	    offset + bug->size > d->image.text_end)
		return 0;
	window_write(g, offset, bug->code, bug->size);
	return 1;
}

int bug_plant(struct domain *d, const struct bug *bug, u32 offset)
{
	int planted;

	world_hold();
	planted = bug_write(d, bug, offset);
	world_release();
	return planted;
}

int domain_back(struct domain *d)
{
	u64 end = tsc_now() + REVIVAL;

	scheduler_lock();
	while ((d->state == DOMAIN_DEAD || d->state == DOMAIN_STARTING) &&
	       tsc_now() < end)
		wait_in(&d->changed, end);
	scheduler_unlock();
	return d->state == DOMAIN_RUNNING;
}

u32 bug_place(const struct domain *d)
{
	u32 offset;

	if (symbol_value(d->file, d->file_size, "life_interrupt", &offset) ==
		    0 &&
	    offset + sizeof(bugs->code) <= d->image.text_end)
		return offset;
	return d->life.entries ? d->life.entries[2].offset : 0;
}

i32 bug_meet(struct domain *d)
{
	return down_life_interrupt(&d->life, LINE_NONE);
}

static i32 run_break(const struct words *w)
{
	struct domain *d = domain_find(w->word[1]);
	const struct bug *bug = 0;

	for (u32 i = 0; i < BUGS; i++)
		if (text_equal(bugs[i].name,
			       w->count > 2 ? w->word[2] : "null-write"))
			bug = &bugs[i];
	if (!bug) {
		say("break: kinds are");
		for (u32 i = 0; i < BUGS; i++)
			say(" %s", bugs[i].name);
		say("\n");
		return -E_NAME;
	}
	if (!d)
		return -E_NAME;
	if (!domain_back(d) || !bug_plant(d, bug, bug_place(d)))
		return -E_GONE;
	say("break: %s answers %d\n", d->name, bug_meet(d));
	return 0;
}

/* ---- breaking the core itself, to see that it ends as it should ---------- */

static u32 recurse(volatile u32 *depth)
{
	volatile u32 here[64];

	here[0] = *depth + 1;
	if (!here[0])
		return 0; /* the stack ends long before */
	return recurse(here) + here[0];
}

static i32 run_crash(const struct words *w)
{
	const char *how = w->word[1];
	volatile u32 zero = 0;

	if (text_equal(how, "panic"))
		panic("asked for at the prompt");
	if (text_equal(how, "assert"))
		assert(zero);
	if (text_equal(how, "trap"))
		*(volatile u32 *)0xFBFF0000 = 1;
	if (text_equal(how, "text"))
		*(volatile u8 *)(u32)run_crash = 0;
	if (text_equal(how, "stack"))
		return (i32)recurse(&zero);
	say("crash: panic, assert, trap, text or stack\n");
	return -E_NAME;
}

const struct command commands_breaking[] = {
	{ "break", "NAME [KIND]", "write a bug into a running domain, call it",
	  run_break },
	{ "crash", "HOW", "break the core: the end, in good order", run_crash },
	{ 0 },
};
