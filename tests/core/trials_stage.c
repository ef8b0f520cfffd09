/*
 * What trials have in common: their domains, their threads, and the look at
 * everything afterwards.
 */
#include "core.h"
#include "gates/check.h"
#include "kernel/cpu.h"
#include "kernel/heap.h"
#include "kernel/load.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "tests/core/stock.h"
#include "tests/core/trials.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define PATIENCE 3000u /* ms */

void trial_sleep(u32 milliseconds)
{
	thread_sleep(tsc_now() + wide_product(milliseconds, 1000000));
}

int trial_wait(int (*done)(void))
{
	for (u32 i = 0; i < PATIENCE; i++) {
		if (done())
			return 1;
		trial_sleep(1);
	}
	return 0;
}

static void dead_count(struct generation *g, void *count)
{
	*(u32 *)count += g->dead;
}

int trial_settled(void)
{
	u32 count = 0;

	generation_each(dead_count, &count);
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		u8 state = LIST_OF(l, struct domain, list)->state;

		count += state == DOMAIN_DEAD || state == DOMAIN_STARTING;
	}
	return count == 0;
}

i32 trial_bind(struct import *to, const char *gate, const char *name)
{
	struct domain *d = domain_find(name);
	i32 error = d ? 0 : load_domain(name, &d);

	if (!error)
		error = domain_start(d);
	return error < 0 ? error : import_bind(to, gate, name);
}

u32 trial_threads(u32 count, void (*main)(void *), void *argument)
{
	static struct thread *threads[1024];
	u32 started = 0;

	while (started < count && started < 1024) {
		struct thread *t =
			thread_start("trial", RANK_NORMAL, main, argument);

		if (!t)
			break;
		threads[started++] = t;
	}
	for (u32 i = 0; i < started; i++)
		thread_join(threads[i]);
	return started;
}

static const char *own_lends(void)
{
	const struct crossing *c = thread_current()->crossing;

	if (c->top)
		return "a linkage record was left behind";
	for (u32 i = 0; i < LINKAGE_DEPTH; i++)
		for (u32 kind = 0; kind < 2; kind++)
			if (descriptor_read(c->lends[i][kind]).present)
				return "a lend is still alive";
	return 0;
}

static struct trial_memory memory_wanted;

/*
 * Stack pools, servers' tables and their threads grow as drivers happen to be
 * busy, and stay so; how many frames the heap's blocks lie in depends on their
 * order.
 */
struct trial_memory trial_memory(void)
{
	u32 workers;

	stock_spares();
	workers = stock_workers();
	return (struct trial_memory){ .frames = stock_frames(workers),
				      .blocks = heap_use().blocks - workers,
				      .threads = thread_count() - workers };
}

static int memory_back(void)
{
	struct trial_memory now = trial_memory();

	return now.frames == memory_wanted.frames &&
	       now.blocks == memory_wanted.blocks &&
	       now.threads == memory_wanted.threads;
}

static const char *memory_check(void)
{
	struct trial_memory now;

	if (trial_wait(memory_back))
		return 0;
	now = trial_memory();
	if (now.threads != memory_wanted.threads)
		return "there are other threads than before";
	if (now.blocks != memory_wanted.blocks)
		return now.blocks > memory_wanted.blocks ?
			       "blocks of the heap were lost" :
			       "more of the heap is free than before";
	return now.frames < memory_wanted.frames ?
		       "memory frames were lost" :
		       "more memory is free than before";
}

/* Stacks of a test domain that nobody is inside are all in its pool. */
static const char *stacks_check(void)
{
	static const char *const names[] = {
		"wild",	 "neighbour", "lender", "nest1",    "nest2",
		"nest3", "ticker",    "crowd",	"intruder",
	};

	for (u32 i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct domain *d = domain_find(names[i]);
		u32 free;

		if (!d || !d->now)
			continue;
		free = 0;
		for (u32 n = 0; n < DOOR_STACKS; n++)
			free += d->now->door->free[n / 32] >> n % 32 & 1;
		for (u32 n = 0; n < DOOR_SHIFT; n++)
			free += d->now->door->pool >> n & 1;
		if (!FLAT_BUILD && free != d->now->stack_count)
			return "an activation stack was lost";
		if (d->now->door->monitor)
			return "a monitor is still held";
	}
	return 0;
}

static const char *neighbour_check(void)
{
	struct import neighbour;
	i32 answer = trial_bind(&neighbour, "neighbour", "neighbour");

	if (answer >= 0) {
		answer = down_neighbour_intact(&neighbour);
		import_unbind(&neighbour);
	}
	return answer < 0 ? "the neighbour's memory is not as it was" : 0;
}

const char *trial_broken(struct trial_memory before)
{
	const char *broken = invariants_check();

	if (!broken)
		broken = own_lends();
	if (!broken)
		broken = neighbour_check();
	if (!broken)
		broken = stacks_check();
	memory_wanted = before;
	return broken ? broken : memory_check();
}
