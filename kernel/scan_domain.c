/* What the scan finds in a domain, said in words. */
#include "kernel/scan_domain.h"

#include "core_gates.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/print.h"
#include "kernel/prompt.h"
#include "kernel/symbol.h"

static const char *const kind_names[SCAN_KINDS] = {
	"far transfers", "segment loads", "interrupts",
	"system calls",	 "port accesses",
};

static int begins(const char *text, const char *with)
{
	while (*with)
		if (*text++ != *with++)
			return 0;
	return 1;
}

/* Is `symbol` the stub of function `name`: gate_function, gate_function__n? */
static int is_stub_of(const char *symbol, const char *name)
{
	for (; *name; name++, symbol++)
		if (*symbol != (*name == '.' ? '_' : *name))
			return 0;
	return !*symbol || *symbol == '.' || begins(symbol, "__");
}

static int is_generated(const void *of, u32 offset)
{
	const struct domain *d = of;
	const char *symbol;
	u32 distance;

	if (symbol_find(d->file, d->file_size, offset, &symbol, &distance) < 0)
		return 0;
	if (begins(symbol, "thunk_") || begins(symbol, "down_"))
		return 1;
	if (begins(symbol, "waits_"))
		symbol += sizeof("waits_") - 1;
	for (u32 id = 1; id <= gate_function_count; id++)
		if (is_stub_of(symbol, gate_functions[id].name))
			return 1;
	return 0;
}

void scan_domain(const struct domain *d, struct scan *out)
{
	const struct image_segment *text = &d->image.segments[0];

	scan_text(d->image.file + text->file_offset, text->filesz, text->offset,
		  is_generated, d, out);
}

/* Elsewhere, without what drivers do to fill what they are lent. */
static u32 strange_count(const struct scan *s)
{
	u32 count = 0;

	for (u32 kind = 0; kind < SCAN_KINDS; kind++)
		if (kind != SCAN_SEGMENT)
			count += s->elsewhere[kind];
	return count;
}

/* What the line at load tells: cheap, and at every byte. */
static void say_bytes(const struct domain *d)
{
	const struct image_segment *text = &d->image.segments[0];
	u32 found[SCAN_KINDS];

	scan_bytes(d->image.file + text->file_offset, text->filesz, found);
	print("domain %s: scan: at any byte of its text", d->name);
	for (u32 kind = 0; kind < SCAN_KINDS; kind++)
		print("%s %u %s", kind ? "," : "", found[kind],
		      kind_names[kind]);
	print("\n");
}

i32 scan_at_load(const struct domain *d)
{
	struct scan s;

	if (options.scan == SCAN_OFF)
		return 0;
	say_bytes(d);
	if (options.scan != SCAN_REFUSE)
		return 0;
	scan_domain(d, &s);
	return strange_count(&s) ? -E_DENIED : 0;
}

static void say_first(const struct domain *d, u32 offset)
{
	const char *symbol;
	u32 distance;

	if (offset &&
	    symbol_find(d->file, d->file_size, offset, &symbol, &distance) == 0)
		say("scan: %s: the first one elsewhere: %s+0x%x\n", d->name,
		    symbol, distance);
}

static i32 run_scan(const struct words *w)
{
	const struct domain *d = domain_find(w->word[1]);
	struct scan s;

	if (!d)
		return -E_NAME;
	scan_domain(d, &s);
	say("scan: %s: %u bytes of text, %u instructions, %u unknown bytes\n",
	    d->name, d->image.segments[0].filesz, s.instructions, s.unknown);
	say("scan: %-14s%12s%12s%12s\n", "", "generated", "elsewhere",
	    "hidden");
	for (u32 kind = 0; kind < SCAN_KINDS; kind++)
		say("scan: %-14s%12u%12u%12u\n", kind_names[kind],
		    s.generated[kind], s.elsewhere[kind], s.hidden[kind]);
	say_first(d, s.first);
	return 0;
}

const struct command commands_scan[] = {
	{ "scan", "NAME", "what its text holds that only stubs should",
	  run_scan },
	{ 0 },
};
