/* The table of relays, and what they leave to C: lends, and those who wait. */
#include "gates/relay.h"

#include "core_gates.h"
#include "gates/monitor.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/server.h"
#include "seg/gdt.h"

#define LEND_SMALL 0x10000u /* bytes: what LEND builds at most */

/* Entries of gates/relay.asm, so many bytes apart. */
#define ENTRY_BYTES 16u

extern const u8 relay_entries[], relay_entries_sealed[];

void relay(void); /* the way that is good for all */

/* Of gates/quick.asm: by enum quick_way, with a monitor or not, and words. */
enum quick_way {
	QUICK_FAR_SEALED,
	QUICK_SEALED_SEALED,
	QUICK_FAR_SERVER,
	QUICK_SERVER_SERVER,
	QUICK_WAYS
};
#define WORDS_MOST 5u
extern void (*const quick_ways[QUICK_WAYS][2][WORDS_MOST + 1])(void);

struct relay relays[RELAYS];

/* Whoever calls g, or nobody, takes the quickest way that there is. */
static void ways_set(struct relay *r, const struct generation *g)
{
	u32 flags = g ? g->door->flags : 0;
	void (*const(*ways)[2][WORDS_MOST + 1])(void) = quick_ways;
	u32 monitor = !(flags & DOOR_CONCURRENT);

	for (u32 i = 0; i < CALLERS; i++)
		r->way[i] = relay;
	if (r->shape)
		return;
	if (flags & DOOR_SEALED) {
		r->way[CALLER_FAR] = ways[QUICK_FAR_SEALED][monitor][r->words];
		r->way[CALLER_SEALED] =
			ways[QUICK_SEALED_SEALED][monitor][r->words];
	}
	if ((flags & (DOOR_SERVER | DOOR_QUEUED)) == DOOR_SERVER) {
		r->way[CALLER_FAR] = ways[QUICK_FAR_SERVER][monitor][r->words];
		r->way[CALLER_SERVER] =
			ways[QUICK_SERVER_SERVER][monitor][r->words];
	}
}

static void pair_make(struct relay_pair *p, u32 kind, u32 size)
{
	int filled = kind == BUFFER_INTO;

	p->least = size ? size - 1 : 0;
	p->span = size ? 0 : LEND_SMALL - 1;
	p->slot = filled ? sizeof(struct descriptor) : 0;
	p->access = SMALL_FLAGS | (filled ? INTO_ACCESS : FROM_ACCESS);
}

/* The buffers of all functions, by number; made once. */
static struct relay_pair (*pairs_of_all(void))[2]
{
	static struct relay_pair(*all)[2];

	if (all)
		return all;
	all = heap_take_now((gate_function_count + 1) * sizeof(*all));
	for (u32 id = 1; all && id <= gate_function_count; id++)
		for (u32 n = 0; n < 2; n++)
			pair_make(&all[id][n], gate_functions[id].buffer[n],
				  gate_functions[id].size[n]);
	return all;
}

i32 relays_make(struct domain *d)
{
	struct relay_pair(*pairs)[2] = pairs_of_all();
	u32 count = d->image.manifest->entry_count;

	if (!pairs || d->first_gate + count > SEALED_SLOTS)
		return -E_RANGE;
	for (u32 i = 0; i < count; i++) {
		const struct manifest_entry *e = &d->image.entries[i];
		struct relay *r = &relays[d->first_gate + i - SLOT_GATES];
		u32 from_there = 0, into_there = 0;

		for (u32 n = 0; n < 2; n++) {
			from_there |= e->buffer[n] == BUFFER_FROM;
			into_there |= e->buffer[n] == BUFFER_INTO;
		}
		ways_set(r, 0);
		r->code = 0;
		r->words = min(e->words, WORDS_MOST);
		r->pairs = pairs[e->id];
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

static void lead_to(struct domain *d, struct generation *g)
{
	for (u32 i = 0; i < d->image.manifest->entry_count; i++) {
		struct relay *r = &relays[d->first_gate + i - SLOT_GATES];

		r->code = g ? SEL_DOMAINS + g->pair * SEL_PAIR : 0;
		r->door = g ? g->door : 0;
		r->directory = g && g->door->flags & DOOR_SERVER ?
				       server_of(g)->directory :
				       0;
		ways_set(r, g);
	}
}

void relays_open(struct generation *g)
{
	lead_to(g->domain, g);
}

void relays_close(struct domain *d)
{
	lead_to(d, 0);
}

struct descriptor relay_gate(u32 slot, enum relay_caller caller)
{
	struct descriptor d;
	u32 entry = (u32)(caller == CALLER_SEALED ? relay_entries_sealed :
						    relay_entries) +
		    (slot - SLOT_GATES) * ENTRY_BYTES;
	i32 error = descriptor_gate(SEL_CORE_CODE, entry, 1, &d);

	assert(error == 0 && slot < SEALED_SLOTS);
	return d;
}

u64 lend_build_relay(u32 gate);

/*
 * Before a relay's call, on its caller's behalf: lends where the callee's will
 * be, if they are `unusual`; the caller's monitor given up if the function
 * waits. 0, or the answer.
 */
i32 relay_prepare(const struct relay *r, u32 unusual);
i32 relay_prepare(const struct relay *r, u32 unusual)
{
	i32 error = 0;

	if (r->shape & RELAY_LENDS && unusual)
		error = (i32)lend_build_relay(r->head >> 16); /* or charged */
	if (r->shape & RELAY_WAITS) {
		struct generation *g = generation_top(thread_current());

		if (g && !g->dead)
			monitor_leave(g);
	}
	return error;
}

/* After it, however it ended: its lends ended with its record. */
void relay_settle(const struct relay *r);
void relay_settle(const struct relay *r)
{
	struct generation *g = generation_top(thread_current());

	if (r->shape & RELAY_WAITS && g && !g->dead)
		monitor_take(g);
}
