/*
 * The command `bench`: what calls cost, raw, a line a row; bench/run knows what
 * the rows mean and subtracts. docs/bench.md says how each is measured.
 */
#include "bench/core/rows.h"
#include "core.h"
#include "kernel/cpu.h"
#include "kernel/load.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/print.h"
#include "kernel/prompt.h"
#include "kernel/tsc.h"

#define CAUGHT_UP 1000000ull /* ns until the undertaker is looked at again */

void domain_drop(struct domain *d)
{
	domain_stop(d);
	while (domain_unload(d) == -E_BUSY) {
		thread_sleep(tsc_now() + CAUGHT_UP);
		domain_stop(d); /* it died, and was being started again */
	}
}

static i32 bring(const char *name, const char *organization,
		 struct domain **out)
{
	u8 chosen;
	i32 error;

	if (*organization && !organization_read(organization, &chosen))
		return -E_KIND;
	error = load_domain(name, out);
	if (error)
		return error;
	if (*organization)
		(*out)->organization = chosen;
	return domain_start(*out);
}

i32 pair_start(struct bench_pair *p, const char *caller, const char *callee)
{
	i32 error = bring("callee", callee, &p->callee);

	if (!error)
		error = bring("caller", caller, &p->caller);
	if (!error)
		error = import_bind(&p->meter, "meter", "callee");
	if (!error)
		error = import_bind(&p->bencher, "bencher", "caller");
	if (!error)
		print_to(p->organizations, sizeof(p->organizations), "%s-%s",
			 organization_name(p->caller->now->organization),
			 organization_name(p->callee->now->organization));
	return error;
}

void pair_end(struct bench_pair *p)
{
	import_unbind(&p->bencher);
	import_unbind(&p->meter);
	if (p->caller)
		domain_drop(p->caller);
	if (p->callee)
		domain_drop(p->callee);
}

/* From a fault in the callee to the next call that succeeds. */
static i32 measure_restart(struct import *meter)
{
	i32 error = 0;

	rows_set.calls = 1;
	for (u32 i = 0; i < SAMPLE_BATCHES && !error; i++) {
		u32 begin = sample_clock();

		if (down_meter_fault(meter) != -E_GONE)
			return -E_FORM;
		do
			error = import_revive(meter);
		while (!error && down_meter_none(meter) == -E_GONE);
		rows_set.ticks[i] = sample_clock() - begin;
	}
	if (!error)
		rows_say("restart");
	return error;
}

/* A fresh `hello`, from the file in memory to the end of its start gate. */
static i32 measure_start(void)
{
	struct domain *d = domain_find("hello");
	u32 begin, frames, memory = 0;
	i32 error = 0;

	for (u32 i = 0; i < SAMPLE_BATCHES && !error; i++) {
		if (d)
			domain_drop(d);
		frames = frame_free_count();
		begin = sample_clock();
		error = load_domain("hello", &d);
		if (!error)
			error = domain_start(d);
		rows_set.ticks[i] = sample_clock() - begin;
		memory = (frames - frame_free_count()) * PAGE;
	}
	if (error)
		return error;
	rows_say("start");
	rows_say_number("memory.window", generation_memory(d->now));
	rows_say_number("memory.all", memory);
	return 0;
}

i32 bench_lives(struct bench_pair *p)
{
	/* nothing outlives a fault in a flat domain */
	i32 error = FLAT_BUILD ? 0 : measure_restart(&p->meter);

	return error ? error : measure_start();
}

static const char *const parts[] = { "bare",   "crossings", "lives",
				     "joined", "payloads",  "processors" };

enum part { BARE, CROSSINGS, LIVES, JOINED, PAYLOADS, PROCESSORS, PARTS };

struct asked {
	u32 first, last; /* enum part */
	const char *caller, *callee; /* organizations */
	enum before before;
	int quick;
};

static i32 part_run(u32 part, struct bench_pair *p, const struct asked *a)
{
	rows_of(p->organizations, 0, a->before);
	switch (part) {
	case CROSSINGS:
		return bench_crossings(p, a->before);
	case LIVES:
		return bench_lives(p);
	case JOINED:
		return bench_joined(p);
	case PAYLOADS:
		return bench_payloads(p, a->quick);
	default:
		return bench_processors(p);
	}
}

static i32 parts_run(const struct asked *a)
{
	struct bench_pair pair = { .callee = 0 };
	i32 error = 0;

	rows_head();
	rows_of("", 0, BEFORE_NOTHING);
	rows_say_number("khz", tsc_khz());
	if (a->first == BARE)
		error = bench_bare(a->before);
	if (error || a->last == BARE)
		return error;
	error = pair_start(&pair, a->caller, a->callee);
	for (u32 part = max(a->first, 1u); part <= a->last && !error; part++)
		error = part_run(part, &pair, a);
	pair_end(&pair);
	return error;
}

/* Without words: what `make bench` makes its tables of. */
static i32 run_bench(const struct words *w)
{
	struct asked a = { .last = LIVES, .caller = "", .callee = "" };
	u32 part = 0, count = w->count;

	if (count == 1)
		return parts_run(&a);
	rows_settling = text_equal(w->word[count - 1], "settled");
	if (rows_settling)
		count--;
	a.before = text_equal(w->word[count - 1], "cold") ? BEFORE_COLD :
							    BEFORE_NOTHING;
	a.quick = text_equal(w->word[count - 1], "quick");
	if (a.before == BEFORE_COLD || a.quick)
		count--;
	if (count > 2)
		a.caller = w->word[2];
	if (count > 3)
		a.callee = w->word[3];
	while (part < PARTS && !text_equal(w->word[1], parts[part]))
		part++;
	if (part == PARTS || count > 4)
		return -E_RANGE;
	a.first = a.last = part;
	return parts_run(&a);
}

const struct command commands_measuring[] = {
	{ "bench",
	  "[bare|crossings|lives|joined|payloads|processors "
	  "[CALLER CALLEE] [cold|quick] [settled]]",
	  "time crossings, raw; bench/run makes tables of it", run_bench },
	{ 0 },
};
