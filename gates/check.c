/*
 * The invariant checker. It reads the tables as the CPU does and compares them
 * with what domains and threads are known to be.
 */
#include "gates/check.h"

#include "core_gates.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/tsc.h"
#include "seg/gdt.h"

extern u8 text_start[], text_end[];

static struct descriptor_view shared(u32 slot)
{
	return descriptor_read(gdt_get(cpu_current(), slot));
}

static const char *pair_check(u32 pair)
{
	const struct generation *g = generation_at(pair);
	struct descriptor_view code = shared(SLOT_DOMAINS + 2 * pair);
	struct descriptor_view data = shared(SLOT_DOMAINS + 2 * pair + 1);

	if (!g || g->dead)
		return code.present || (!g && data.present) ?
			       "a dead generation's descriptor is present" :
			       0;
	if (!code.present && !data.present)
		return 0; /* being made */
	if (code.base != g->base || data.base != g->base || code.level != 1 ||
	    data.level != 1 || code.system || data.system)
		return "a domain's segments lie outside its window";
	if (code.limit + 1 != g->domain->image.text_end)
		return "a code segment does not end with the text";
	if (data.limit + 1 != g->size)
		return "a data segment is not its window";
	for (u32 at = PAGE; at < g->domain->image.text_end; at += PAGE)
		if (page_entry(g->base + at) & PAGE_WRITE)
			return "text can be written";
	if (g->door->flags & DOOR_CORE && g->door->free[0])
		return "a domain that the core alone enters was left by a far "
		       "one's door";
	return 0;
}

static const char *gate_check_one(u32 slot)
{
	struct descriptor_view v = shared(slot);
	const struct generation *g;

	if (!v.present)
		return 0;
	if (!v.system || v.type != TYPE_CALL_GATE || v.level != 1)
		return "what is no call gate stands among the gates";
	if (v.selector == SEL_CORE_CODE)
		return v.offset >= (u32)text_start && v.offset < (u32)text_end ?
			       0 :
			       "a gate into the core leads outside its text";
	g = generation_of(v.selector);
	if (!g || g->dead)
		return "a gate leads into a domain that is gone";
	for (u32 i = 0; i < g->domain->image.manifest->entry_count; i++)
		if (g->domain->image.entries[i].across == v.offset)
			return 0;
	return "a gate leads past its domain's entries";
}

static int within(const struct descriptor_view *v, u32 base, u32 size)
{
	return v->base >= base && v->limit < size &&
	       v->base - base <= size - 1 - v->limit;
}

static const char *lend_check(const struct thread *t, u32 depth, u32 kind)
{
	struct descriptor_view v =
		descriptor_read(t->crossing->lends[depth][kind]);
	const struct record *r = &t->crossing->records[depth];
	const struct generation *caller = generation_of(r->ss);

	if (!v.present)
		return 0;
	if (depth * LEND_SLOT > t->crossing->top)
		return "a lend outlives its call";
	if (v.system || v.type & 8 || v.level != 1)
		return "a lend is no data segment of level 1";
	if (kind == 0 && (v.type & 6) == 2)
		return "a lend that is to be read can be written";
	if (v.limit == 0xFFFFFFFF || depth * LEND_SLOT == t->crossing->top ||
	    !caller)
		return 0; /* empty; of an up call; of the core's memory */
	if (depth > 0 && !within(&v, caller->base, caller->size)) {
		/* lent on: inside one of the caller's own lends */
		for (u32 i = 0; i < 2; i++) {
			struct descriptor_view own = descriptor_read(
				t->crossing->lends[depth - 1][i]);

			if (own.present && within(&v, own.base, own.limit + 1))
				return 0;
		}
		return "a lend reaches beyond what its lender has";
	}
	return 0;
}

static void thread_check(struct thread *t, void *argument)
{
	const char **broken = argument;

	if (t->crossing->top > LINKAGE_DEPTH * LEND_SLOT ||
	    t->crossing->top % LEND_SLOT)
		*broken = "a thread's linkage is out of bounds";
	for (u32 depth = 0; depth < LINKAGE_DEPTH && !*broken; depth++)
		for (u32 kind = 0; kind < 2 && !*broken; kind++)
			*broken = lend_check(t, depth, kind);
}

static const char *check_once(void)
{
	const char *broken = 0;

	world_stop();
	for (u32 pair = 0; pair < DOMAIN_PAIRS && !broken; pair++)
		broken = pair_check(pair);
	for (u32 slot = SLOT_GATES; slot < SLOT_END && !broken; slot++)
		broken = gate_check_one(slot);
	if (!broken)
		thread_each(thread_check, &broken);
	world_start();
	return broken;
}

/*
 * The world may have stopped while a thunk was half way through storing a
 * lend: what is wrong then is right a moment later.
 */
const char *invariants_check(void)
{
	const char *broken = 0;

	for (u32 i = 0; i < 4; i++) {
		broken = check_once();
		if (!broken)
			break;
		thread_sleep(tsc_now() + 1000000);
	}
	return broken;
}

/* Debug builds come here after every crossing, still on the callee's stack. */
void gate_check(struct frame *f);
void gate_check(struct frame *f)
{
	struct thread *t = thread_current();
	const char *broken = 0;

	(void)f;
	thread_check(t, &broken);
	if (!broken && t->cpu->gdt)
		broken =
			pair_check(((f->cs & 0xFFFF) - SEL_DOMAINS) / SEL_PAIR);
	if (broken)
		panic("invariant: %s", broken);
}

/* A sealed domain or a server called with a stack that is not its own. */
void gate_bad_stack(struct frame *f);
void gate_bad_stack(struct frame *f)
{
	struct generation *g = generation_top(thread_current());

	if (g && !g->dead)
		fault_charge(g, f, "a caller's stack lies in its own window");
	unwind(f);
}

/* A down return by a domain that no down call is in. */
void gate_bad_return(struct frame *f);
void gate_bad_return(struct frame *f)
{
	struct generation *g = generation_of(f->cs);

	if (g && !g->dead)
		fault_charge(g, f, "a call returns to where it came from");
	unwind(f);
}
