/*
 * Faults at random moments: every kind of bug, at random instructions of
 * chosen domains, while programs use them. A seed says which and where.
 */
#include "kernel/cpu.h"
#include "kernel/decode.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/prompt.h"
#include "kernel/symbol.h"
#include "kernel/tsc.h"
#include "kernel/window.h"
#include "tests/core/breaking.h"

#define VICTIMS	 (PROMPT_WORDS - 3)
#define PATIENCE 60u /* ms; a bug more each, until one of them is met */
#define PAUSE	 16u /* ms between faults, at most */

struct place {
	u32 offset : 28, length : 4;
};

struct victim {
	struct domain *domain;
	struct place *places; /* its instructions */
	u32 place_count;
	u32 faults, restarts; /* until we began */
	u8 order[BUGS]; /* kinds, shuffled anew each time round */
	u32 next, met_directly;
};

static u32 state;

static u32 draw(u32 below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

/* Where an instruction of a C function or a stub begins, 0 elsewhere; its
 * length. */
static u32 instruction_at(const struct domain *d, u32 at, u32 *length)
{
	const struct image *image = &d->image;
	const u8 *text = d->file + image->segments->file_offset -
			 image->segments->offset;
	static const struct decode_registers none;
	struct decoded code;
	const char *name;
	u32 distance;

	*length = 1;
	if (!instruction_decode(text + at, image->text_end - at, &none, &code))
		return 0;
	*length = code.length;
	if (symbol_find(d->file, d->file_size, at, &name, &distance) < 0 ||
	    memcmp(name, "thunk_", 6) == 0)
		return 0;
	return at;
}

static i32 places_find(struct victim *v)
{
	const struct image *image = &v->domain->image;
	u32 first = image->segments->offset, end = image->text_end;
	u32 room = (end - first) / 2, length;

	v->places = heap_take_now(room * sizeof(*v->places));
	if (!v->places)
		return -E_MEMORY;
	for (u32 at = first; at < end && v->place_count < room; at += length)
		if (instruction_at(v->domain, at, &length))
			v->places[v->place_count++] = (struct place){
				at & 0xFFFFFFF, length & 15
			};
	return v->place_count ? 0 : -E_NAME;
}

/*
 * A bug takes the place of one instruction that is as long or longer, so that
 * no jump leads into its middle; if there is none, of a function's beginning.
 */
static u32 place_draw(const struct victim *v, const struct bug *bug)
{
	u32 first = draw(v->place_count);

	for (u32 i = 0; i < v->place_count; i++) {
		const struct place *p =
			&v->places[(first + i) % v->place_count];

		if (p->length >= bug->size)
			return p->offset;
	}
	return bug_place(v->domain);
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

	if (!domain_back(d)) {
		say("faults: %s did not come back after %u faults\n", d->name,
		    d->faults);
		return -E_GONE;
	}
	for (u32 i = 0; i < PATIENCE && d->faults == before; i++) {
		bug_plant(d, bug, place_draw(v, bug));
		pause(1);
	}
	for (u32 i = 0; i < 3 && d->faults == before; i++) {
		bug_plant(d, bug, bug_place(d));
		bug_meet(d);
		v->met_directly++;
	}
	return d->faults == before ? -E_TIME : 0;
}

static void victims_drop(struct victim *victims, i32 count)
{
	for (i32 i = 0; i < count; i++)
		heap_give(victims[i].places);
}

static i32 victims_find(const struct words *w, struct victim *victims)
{
	for (u32 i = 3; i < w->count; i++) {
		struct victim *v = &victims[i - 3];
		i32 error;

		*v = (struct victim){ .domain = domain_find(w->word[i]) };
		error = v->domain ? places_find(v) : -E_NAME;
		if (error == 0) {
			v->faults = v->domain->faults;
			v->restarts = v->domain->restarts;
		}
		if (error < 0) {
			victims_drop(victims, (i32)i - 2);
			return error;
		}
	}
	return (i32)w->count - 3;
}

static i32 strike_all(struct victim *victims, u32 many, i32 count)
{
	i32 r = 0;

	for (i32 i = 0; i < count && r == 0; i++) {
		r = strike(&victims[draw(many)]);
		pause(draw(PAUSE));
	}
	return r;
}

/* The watchdog's are counted, too, that no bug of ours was met for. */
static void victim_say(const struct victim *v)
{
	const char *state = domain_back(v->domain) ? "it runs" : "it is down";

	say("faults: %s died %u times, %u of them idle; %s, "
	    "restarted %u times\n",
	    v->domain->name, v->domain->faults - v->faults, v->met_directly,
	    state, v->domain->restarts - v->restarts);
}

static i32 run_faults(const struct words *w)
{
	struct victim victims[VICTIMS];
	i32 count = word_number(w->word[1]), seed = word_number(w->word[2]);
	i32 many = victims_find(w, victims), r;

	if (count < 0 || many <= 0)
		return many < 0 ? many : -E_RANGE;
	state = seed > 0 ? (u32)seed : 1;
	r = strike_all(victims, (u32)many, count);
	for (i32 i = 0; i < many; i++)
		victim_say(&victims[i]);
	victims_drop(victims, many);
	return r;
}

const struct command commands_faults[] = {
	{ "faults", "COUNT SEED NAME...", "break these at random moments",
	  run_faults },
	{ 0 },
};
