/*
 * Counting what the core has given out. Kept memory grows as its domain needs
 * it and is never given back: that is no loss, so it counts as there. So do
 * stack pools, which grow as domains happen to be busy, page tables of servers,
 * which are made as they meet their pages, and frames of the heap: how many it
 * takes for the same blocks depends on their order.
 */
#include "tests/core/stock.h"

#include "gates/check.h"
#include "kernel/domain.h"
#include "kernel/fault.h"
#include "kernel/frame.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/prompt.h"
#include "kernel/server.h"
#include "kernel/tsc.h"
#include "seg/gdt.h"

#define LOOKS  3000u
#define REST   1000000u /* ns */
#define SPARES 72u /* more than are kept */
#define STILL  100u /* looks, a millisecond apart, that find the same */
#define TRIES  20u /* counts, before it is held that something is lost */

static u32 kept_frames(void)
{
	u32 count = 0;

	for (struct list *l = domains.next; l != &domains; l = l->next)
		count += 2 * LIST_OF(l, struct domain, list)->kept_pages;
	return count;
}

/* Frames in a generation's stacks, and in a server's page tables and copies. */
static u32 grown(const struct generation *g)
{
	const struct server *s = server_of(g);
	u32 count = g->stack_count * (g->stack_bytes / PAGE);
	const u32 *directory;

	if (!(g->door->flags & DOOR_SERVER) || !s)
		return count;
	directory = direct((struct physical){ s->directory });
	for (u32 i = 0; i < LINEAR_CORE >> 22; i++)
		count += directory[i] != 0;
	for (u32 i = 0; i < 2 * SERVER_STACKS; i++)
		count += frame_ok(s->lent[i / 2][i % 2].frame) != 0;
	return count;
}

static void grown_add(struct generation *g, void *frames)
{
	*(u32 *)frames += grown(g);
}

u32 stock_frames(u32 workers)
{
	u32 count =
		frame_free_count() + heap_use().frames + workers * STOCK_THREAD;

	generation_each(grown_add, &count);
	return count;
}

static void workers_add(struct generation *g, void *count)
{
	if (g->door->flags & DOOR_QUEUED && server_of(g))
		*(u32 *)count += server_of(g)->workers;
}

u32 stock_workers(void)
{
	u32 count = 0;

	generation_each(workers_add, &count);
	return count;
}

static int stock_equal(const struct stock *a, const struct stock *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Until all are there. */
static void rest(void *go)
{
	while (!__atomic_load_n((u32 *)go, __ATOMIC_ACQUIRE))
		thread_sleep(tsc_now() + REST);
	thread_end();
}

static void queued_find(struct generation *g, void *found)
{
	*(u32 *)found |= g->door->flags & DOOR_QUEUED;
}

static void rest_start(u32 *go, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		struct thread *t = thread_start("rest", RANK_NORMAL, rest, go);

		if (t)
			t->detached = 1;
	}
}

static void rest_end(u32 *go, u32 before)
{
	__atomic_store_n(go, 1, __ATOMIC_RELEASE);
	for (u32 i = 0; i < LOOKS && thread_count() > before; i++)
		thread_sleep(tsc_now() + REST);
	thread_sleep(tsc_now() + 2 * REST); /* if others ended meanwhile */
}

/* Whoever ends frees what is too much first: so the last one ends alone. */
void stock_spares(void)
{
	static u32 go;
	u32 queued = 0, before = thread_count();

	generation_each(queued_find, &queued);
	if (!queued)
		return;
	go = 0;
	rest_start(&go, SPARES);
	rest_end(&go, before);
	rest_start(&go, 1);
	rest_end(&go, before);
}

struct stock stock_take(void)
{
	struct stock s = { 0 };
	u32 same = 0;

	stock_spares();
	for (u32 i = 0; i < LOOKS && same < STILL; i++) {
		u32 workers = stock_workers();
		struct stock now = { stock_frames(workers) + kept_frames(),
				     heap_use().blocks - workers,
				     gdt_present_count(),
				     thread_count() - workers };

		same = stock_equal(&now, &s) ? same + 1 : 0;
		s = now;
		undertaker_wake();
		thread_sleep(tsc_now() + 1000000);
	}
	return s;
}

static void stock_say(const char *who, const struct stock *was,
		      const struct stock *is)
{
	const char *broken = invariants_check();

	say("%s: frames %u -> %u, blocks %u -> %u, descriptors %u -> %u, "
	    "threads %u -> %u, invariants %s\n",
	    who, was->frames, is->frames, was->blocks, is->blocks,
	    was->descriptors, is->descriptors, was->threads, is->threads,
	    broken ? broken : "hold");
}

int stock_compare(const char *who, const struct stock *was,
		  const struct stock *is)
{
	stock_say(who, was, is);
	return !invariants_check() && stock_equal(was, is);
}

/* Is it the same, but for so many frames that programs have come to use or let
 * go meanwhile, with some blocks of the heap? */
static int is_same(const struct stock *was, struct stock now, i32 spare)
{
	i32 more = (i32)(now.frames - was->frames);

	if (more <= spare && -more <= spare)
		now.frames = was->frames;
	if (spare)
		now.blocks = was->blocks;
	return stock_equal(was, &now);
}

/* What programs are about to give back may take its time. */
static i32 run_stock(const struct words *w)
{
	static struct stock before;
	struct stock now = stock_take();
	i32 spare = max(word_number(w->word[2]), 0);

	if (!text_equal(w->word[1], "same")) {
		before = now;
		return 0;
	}
	for (u32 i = 1; i < TRIES && !is_same(&before, now, spare); i++)
		now = stock_take();
	stock_say("stock", &before, &now);
	if (invariants_check() || !is_same(&before, now, spare))
		return -E_MEMORY;
	return 0;
}

const struct command commands_stock[] = {
	{ "stock", "[same [FRAMES]]",
	  "count what is in use; compare, but for so many frames", run_stock },
	{ 0 },
};
