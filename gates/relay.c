/* The table of relays, and what they leave to C: lends, and those who wait. */
#include "gates/relay.h"

#include "core_gates.h"
#include "gates/monitor.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/panic.h"
#include "seg/gdt.h"

/* Entries of gates/relay.asm, so many bytes apart. */
#define ENTRY_BYTES 16u

extern const u8 relay_entries[];
struct relay relays[RELAYS];

i32 relays_make(struct domain *d)
{
	u32 count = d->image.manifest->entry_count;

	if (d->first_gate + count > SEALED_SLOTS)
		return -E_RANGE;
	for (u32 i = 0; i < count; i++) {
		const struct manifest_entry *e = &d->image.entries[i];
		struct relay *r = &relays[d->first_gate + i - SLOT_GATES];
		u32 from_there = 0, into_there = 0;

		for (u32 n = 0; n < 2; n++) {
			from_there |= e->buffer[n] == BUFFER_FROM;
			into_there |= e->buffer[n] == BUFFER_INTO;
		}
		r->code = 0;
		r->entry = e->down;
		r->head = (u32)e->id << 16 | SEL_CORE_DATA;
		r->shape = from_there * RELAY_FROM | into_there * RELAY_INTO;
		if (e->buffer[1] != BUFFER_NONE)
			r->shape |= RELAY_TWICE;
		if (e->flags & ENTRY_WAITS)
			r->shape |= RELAY_WAITS;
	}
	return 0;
}

static void code_set(struct domain *d, u32 code)
{
	for (u32 i = 0; i < d->image.manifest->entry_count; i++)
		relays[d->first_gate + i - SLOT_GATES].code = code;
}

void relays_open(struct generation *g)
{
	code_set(g->domain, SEL_DOMAINS + g->pair * SEL_PAIR);
}

void relays_close(struct domain *d)
{
	code_set(d, 0);
}

struct descriptor relay_gate(u32 slot)
{
	struct descriptor d;
	u32 entry = (u32)relay_entries + (slot - SLOT_GATES) * ENTRY_BYTES;
	i32 error = descriptor_gate(SEL_CORE_CODE, entry, 1, &d);

	assert(error == 0 && slot < SEALED_SLOTS);
	return d;
}

u64 lend_build_relay(u32 gate);

/*
 * Before a relay's call, on its caller's behalf: lends where the callee's will
 * be, the caller's monitor given up if the function waits. 0, or the answer.
 */
i32 relay_prepare(const struct relay *r);
i32 relay_prepare(const struct relay *r)
{
	i32 error = 0;

	if (r->shape & RELAY_LENDS)
		error = (i32)lend_build_relay(r->head >>
					      16); /* not if charged */
	if (r->shape & RELAY_WAITS) {
		struct generation *g =
			generation_of(((u32 *)thread_current()->esp0)[-3]);

		if (g && !g->dead)
			monitor_leave(g);
	}
	return error;
}

/* After it, however it ended. */
void relay_settle(const struct relay *r);
void relay_settle(const struct relay *r)
{
	struct thread *t = thread_current();
	u32 depth = t->crossing->top / LEND_SLOT;
	struct generation *g = generation_of(((u32 *)t->esp0)[-3]);

	if (depth < LINKAGE_DEPTH)
		t->crossing->lends[depth][0] = t->crossing->lends[depth][1] =
			DESCRIPTOR_ABSENT;
	if (r->shape & RELAY_WAITS && g && !g->dead)
		monitor_take(g);
}
