/*
 * Faults at random moments: every kind of bug, at random instructions of
 * chosen domains, while programs use them. A seed says which and where.
 */
#include "kernel/cpu.h"
#include "kernel/decode.h"
#include "kernel/memory.h"
#include "kernel/prompt.h"
#include "kernel/symbol.h"
#include "kernel/tsc.h"
#include "kernel/window.h"
#include "tests/core/breaking.h"

#define VICTIMS	 (PROMPT_WORDS - 3)
#define TRIES	 256u /* draws of a place before a function's beginning */
#define PATIENCE 60u /* ms; a bug more each, until one of them is met */
#define REVIVAL	 5000000000ull /* ns until a domain must run again */
#define PAUSE	 16u /* ms between faults, at most */

struct victim {
	struct domain *domain;
	u8 order[BUGS]; /* kinds, shuffled anew each time round */
	u32 next, faults, met_directly;
};

static u32 state;

static u32 draw(u32 below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

/* The instruction at or around a text offset: its beginning and its length.
 * 0 if it is not one of a C function's or a stub's. */
static u32 instruction_at(const struct domain *d, u32 offset, u32 *length)
{
	const struct image *image = &d->image;
	const u8 *text = d->file + image->segments->file_offset -
			 image->segments->offset;
	static const struct decode_registers none;
	struct decoded code;
	const char *name;
	u32 distance, at;

	if (symbol_find(d->file, d->file_size, offset, &name, &distance) < 0 ||
	    memcmp(name, "thunk_", 6) == 0)
		return 0;
	for (at = offset - distance; at <= offset; at += code.length) {
		if (!instruction_decode(text + at, image->text_end - at, &none,
					&code))
			return 0;
		if (at + code.length > offset)
			break;
	}
	*length = code.length;
	return at;
}

/*
 * A bug takes the place of one instruction that is as long or longer, so that
 * no jump leads into its middle; if none is found, of a function's beginning.
 */
static u32 place_draw(const struct domain *d, const struct bug *bug)
{
	u32 first = d->image.segments->offset;

	for (u32 i = 0; i < TRIES; i++) {
		u32 offset = first + draw(d->image.text_end - first);
		u32 length, at = instruction_at(d, offset, &length);

		if (at && length >= bug->size)
			return at;
	}
	return bug_place(d);
}

static int running(struct domain *d)
{
	u64 end = tsc_now() + REVIVAL;

	scheduler_lock();
	while (d->state != DOMAIN_RUNNING && tsc_now() < end)
		wait_in(&d->changed, end);
	scheduler_unlock();
	return d->state == DOMAIN_RUNNING;
}

static void pause(u32 ms)
{
	thread_sleep(tsc_now() + ms * 1000000ull);
}

static const struct bug *bug_next(struct victim *v)
{
	u32 at = v->next++ % BUGS, other;
	u8 kind;

	if (!at)
		for (u32 i = 0; i < BUGS; i++)
			v->order[i] = (u8)i;
	other = at + draw(BUGS - at);
	kind = v->order[other];
	v->order[other] = v->order[at];
	v->order[at] = kind;
	return &bugs[kind];
}

/* One fault: whoever comes along meets the bug, or in the end we do. */
static i32 strike(struct victim *v)
{
	const struct bug *bug = bug_next(v);
	struct domain *d = v->domain;
	u32 before = d->faults;

	if (!running(d)) {
		say("faults: %s did not come back after %u faults\n", d->name,
		    d->faults);
		return -E_GONE;
	}
	for (u32 i = 0; i < PATIENCE && d->faults == before; i++) {
		bug_plant(d, bug, place_draw(d, bug));
		pause(1);
	}
	for (u32 i = 0; i < 3 && d->faults == before; i++) {
		bug_plant(d, bug, bug_place(d));
		bug_meet(d);
		v->met_directly++;
	}
	v->faults += d->faults - before;
	return d->faults == before ? -E_TIME : 0;
}

static i32 victims_find(const struct words *w, struct victim *victims)
{
	for (u32 i = 3; i < w->count; i++) {
		struct victim *v = &victims[i - 3];

		*v = (struct victim){ .domain = domain_find(w->word[i]) };
		if (!v->domain)
			return -E_NAME;
	}
	return (i32)w->count - 3;
}

static i32 run_faults(const struct words *w)
{
	struct victim victims[VICTIMS];
	i32 count = word_number(w->word[1]), seed = word_number(w->word[2]);
	i32 many = victims_find(w, victims), r = 0;

	if (count < 0 || many <= 0)
		return many < 0 ? many : -E_RANGE;
	state = seed > 0 ? (u32)seed : 1;
	for (i32 i = 0; i < count && r == 0; i++) {
		r = strike(&victims[draw((u32)many)]);
		pause(draw(PAUSE));
	}
	for (i32 i = 0; i < many; i++)
		say("faults: %s died %u times, %u of them idle\n",
		    victims[i].domain->name, victims[i].faults,
		    victims[i].met_directly);
	return r;
}

const struct command commands_faults[] = {
	{ "faults", "COUNT SEED NAME...", "break these at random moments",
	  run_faults },
	{ 0 },
};
