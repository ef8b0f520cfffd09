/*
 * The fault storm: break running domains over and over while threads call
 * them from all CPUs; then count what is left.
 */
#include "core.h"
#include "core_gates.h"
#include "tests/core/breaking.h"
#include "tests/core/stock.h"
#include "kernel/fault.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/prompt.h"
#include "kernel/symbol.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define LOADERS	 4u
#define PATIENCE 20000000ull /* ns until a bug is called directly */

static u32 state;

static u32 draw(u32 below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

/* The window offset of a random function of d that others may call. */
static u32 target_draw(const struct domain *d)
{
	char symbol[64];
	u32 i = draw(d->image.manifest->entry_count), offset, n;

	text_copy(symbol, sizeof(symbol),
		  gate_functions[d->image.entries[i].id].name);
	if (memcmp(symbol, "life.", 5) == 0)
		text_copy(symbol, sizeof(symbol), "life_interrupt");
	for (n = 0; symbol[n]; n++)
		if (symbol[n] == '.')
			symbol[n] = '_';
	return symbol_value(d->file, d->file_size, symbol, &offset) < 0 ?
		       0 :
		       offset;
}

/* ---- threads that keep calls in flight --------------------------------- */

struct loader {
	struct thread *thread;
	u32 stop, calls, gone, odd;
};

/* Answers that a call into a dying domain may have. */
static void judge(struct loader *l, i32 answer)
{
	l->calls++;
	if (answer == -E_GONE)
		l->gone++;
	else if (answer < 0 && answer != -E_RANGE)
		l->odd++;
}

static void load(void *argument)
{
	struct loader *l = argument;
	struct import text, log, clock, pci, screen;
	char line[40];

	import_bind(&text, "text", 0);
	import_bind(&log, "log", 0);
	import_bind(&clock, "clock", 0);
	import_bind(&pci, "pci", 0);
	import_bind(&screen, "screen", 0);
	while (!__atomic_load_n(&l->stop, __ATOMIC_RELAXED)) {
		struct clock_date date;
		struct pci_function f;

		judge(l, down_text_write(&text, "storm", 5));
		judge(l, down_text_read(&text, 0, line, sizeof(line)));
		judge(l, down_log_end(&log));
		judge(l, down_clock_today(&clock, &date));
		judge(l, down_pci_get(&pci, 0, &f));
		judge(l, down_screen_size(&screen));
		thread_yield();
	}
	import_unbind(&text);
	import_unbind(&log);
	import_unbind(&clock);
	import_unbind(&pci);
	import_unbind(&screen);
}

/* ---- the storm ----------------------------------------------------------- */

static struct domain *domain_draw(void)
{
	u32 count = 0;

	for (struct list *l = domains.next; l != &domains; l = l->next)
		count++;
	count = draw(count);
	for (struct list *l = domains.next; l != &domains; l = l->next)
		if (!count--)
			return LIST_OF(l, struct domain, list);
	return 0;
}

/* One fault of one domain; 0 if the bug was never met. */
static int strike(struct domain *d, const struct bug *bug)
{
	u32 before = d->faults;
	u64 end = tsc_now() + PATIENCE;

	if (draw(8) == 0 && bug_plant(d, bug, target_draw(d)))
		while (d->faults == before && tsc_now() < end)
			thread_yield();
	if (d->faults == before && bug_plant(d, bug, bug_place(d)))
		bug_meet(d);
	return d->faults != before;
}

static u32 all_running(void)
{
	for (struct list *l = domains.next; l != &domains; l = l->next)
		if (!domain_back(LIST_OF(l, struct domain, list)))
			return 0;
	return 1;
}

static void loaders_start(struct loader *loaders)
{
	memory_fill(loaders, 0, LOADERS * sizeof(*loaders));
	for (u32 i = 0; i < LOADERS; i++)
		loaders[i].thread =
			thread_start("load", RANK_NORMAL, load, &loaders[i]);
}

static void loaders_stop(struct loader *loaders)
{
	for (u32 i = 0; i < LOADERS; i++)
		__atomic_store_n(&loaders[i].stop, 1, __ATOMIC_RELAXED);
	for (u32 i = 0; i < LOADERS; i++)
		if (loaders[i].thread)
			thread_join(loaders[i].thread);
}

static u32 odd_answers(const struct loader *loaders)
{
	u32 odd = 0;

	for (u32 i = 0; i < LOADERS; i++)
		odd += loaders[i].odd;
	return odd;
}

static int say_result(const struct loader *loaders, const struct stock *was,
		      const struct stock *is, u32 missed)
{
	u32 calls = 0, gone = 0;

	for (u32 i = 0; i < LOADERS; i++) {
		calls += loaders[i].calls;
		gone += loaders[i].gone;
	}
	say("storm: %u calls in flight, %u answered gone, %u oddly; %u bugs "
	    "never met\n",
	    calls, gone, odd_answers(loaders), missed);
	return stock_compare("storm", was, is);
}

struct storm {
	u32 count, missed, first;
};

/* Above the loaders in rank, but it lets them run now and then. */
static void storm(void *argument)
{
	struct storm *s = argument;

	for (u32 i = 0; fault_count() - s->first < s->count; i++) {
		struct domain *d = domain_draw();
		u32 kind = draw(BUGS);

		if (kind == BUG_LOOP && draw(16))
			kind = 0;
		if (!domain_back(d)) {
			say("storm: %s did not come back after %u faults\n",
			    d->name, fault_count() - s->first);
			return;
		}
		if (!strike(d, &bugs[kind]))
			s->missed++;
		if (i % 16 == 0)
			thread_sleep(tsc_now() + 1000000);
		if (i % 10000 == 9999)
			say("storm: %u faults so far\n",
			    fault_count() - s->first);
	}
}

static i32 run_storm(const struct words *w)
{
	i32 count = word_number(w->word[1]), seed = word_number(w->word[2]);
	struct storm s = { .count = (u32)count, .first = fault_count() };
	struct loader loaders[LOADERS];
	struct stock was, is;
	struct thread *t;
	u32 rest;
	u64 begun = tsc_now();

	if (count < 0)
		return -E_RANGE;
	if (options.budget) {
		say("storm: boot with the kernel words report=brief budget=none "
		    "watchdog=30, or domains will stay off\n");
		return -E_DENIED;
	}
	state = seed > 0 ? (u32)seed : 1;
	was = stock_take();
	loaders_start(loaders);
	t = thread_start("storm", RANK_HIGH, storm, &s);
	if (t)
		thread_join(t);
	loaders_stop(loaders);
	say("storm: %u faults, all domains running: %s\n",
	    fault_count() - s.first, all_running() ? "yes" : "no");
	is = stock_take();
	say("storm: %u ms\n",
	    (u32)wide_divide(tsc_now() - begun, 1000000, &rest));
	if (!say_result(loaders, &was, &is, s.missed) || !t)
		return -E_MEMORY;
	if (odd_answers(loaders))
		return -E_FORM;
	return fault_count() - s.first >= s.count ? 0 : -E_GONE;
}

const struct command commands_storm[] = {
	{ "storm", "COUNT [SEED]", "break domains at random, under load",
	  run_storm },
	{ 0 },
};
