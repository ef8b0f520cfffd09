/*
 * Generations: a window, a pair of descriptors and a door, made at each start
 * of a domain and freed when the last thread has left.
 */
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/domain.h"
#include "kernel/fault.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/generation.h"
#include "kernel/server.h"
#include "kernel/tsc.h"
#include "kernel/window.h"
#include "seg/gdt.h"
#include "seg/sealed.h"

struct generation *generation_pairs[DOMAIN_PAIRS];
static struct spinlock pair_lock = SPINLOCK("generations");

struct generation *generation_holding(u32 linear)
{
	for (u32 i = 0; i < DOMAIN_PAIRS; i++) {
		struct generation *g = generation_pairs[i];

		if (g && linear - g->base < g->size)
			return g;
	}
	return 0;
}

void generation_each(void (*visit)(struct generation *, void *), void *arg)
{
	for (u32 i = 0; i < DOMAIN_PAIRS; i++)
		if (generation_pairs[i])
			visit(generation_pairs[i], arg);
}

static i32 pair_take(struct generation *g)
{
	static u32 next;
	i32 error = -E_MEMORY;

	spin_lock(&pair_lock);
	for (u32 i = 0; i < DOMAIN_PAIRS && error; i++) {
		u32 pair = (next + i) % DOMAIN_PAIRS;

		if (generation_pairs[pair])
			continue;
		generation_pairs[pair] = g;
		g->pair = pair;
		g->door = &doors[pair];
		next = pair + 1;
		error = 0;
	}
	spin_unlock(&pair_lock);
	return error;
}

/* The number of the first stack beyond the door's table. */
static u32 spares_from(const struct generation *g)
{
	return DOOR_SPARE + door_shift(g->door);
}

u32 generation_stack_index(const struct generation *g, u32 number)
{
	return number < DOOR_TABLE ? number :
				     number - spares_from(g) + DOOR_TABLE;
}

u32 generation_stack_top(const struct generation *g, u32 number)
{
	u32 index = generation_stack_index(g, number);

	return g->stacks + (index + 1) * (g->stack_bytes + PAGE);
}

i32 generation_stack_add(struct generation *g)
{
	u32 index = g->stack_count;
	u32 number = index < DOOR_TABLE ? index :
					  index - DOOR_TABLE + spares_from(g);
	u32 top = generation_stack_top(g, number);

	if (index >= g->stack_most)
		return -E_MEMORY;
	for (u32 at = top - g->stack_bytes; at < top; at += PAGE) {
		struct physical p;

		if (page_entry(g->base + at))
			continue; /* from a try that ended half way */
		p = frame_take_zero_now();
		if (!frame_ok(p))
			return -E_MEMORY;
		page_set(g->base + at, p, PAGE_WRITE | PAGE_GLOBAL);
	}
	if (index < DOOR_TABLE) {
		g->door->stacks[index].esp = top;
		g->door->stacks[index].ss =
			(u16)(SEL_DOMAINS + g->pair * SEL_PAIR + 8);
	}
	g->stack_count++;
	return (i32)number;
}

static i32 descriptors_make(struct generation *g)
{
	struct descriptor code, data;
	u32 slot = SLOT_DOMAINS + 2 * g->pair;
	i32 error = descriptor_segment(
		(struct segment){ .base = g->base,
				  .size = g->domain->image.text_end,
				  .kind = SEGMENT_EXECUTE,
				  .level = 1 },
		&code);

	if (!error)
		error = descriptor_segment(
			(struct segment){ .base = g->base,
					  .size = g->size,
					  .kind = SEGMENT_WRITE,
					  .level = 1 },
			&data);
	if (error)
		return error;
	gdt_set_shared(slot, code);
	gdt_set_shared(slot + 1, data);
	return 0;
}

static void door_fill(struct generation *g)
{
	const struct manifest *m = g->domain->image.manifest;

	memory_fill(g->door, 0, sizeof(*g->door));
	g->door->base = g->base;
	g->door->limit = g->size - 1;
	g->door->reach = g->size - 0x10000;
	if (m->flags & MANIFEST_CONCURRENT)
		g->door->flags = DOOR_CONCURRENT;
	if (g->organization == ORGANIZATION_SEALED)
		g->door->flags |= DOOR_SEALED;
	if (g->organization == ORGANIZATION_IPC)
		g->door->flags |= DOOR_SERVER;
	if (g->organization == ORGANIZATION_QUEUED)
		g->door->flags |= DOOR_SERVER | DOOR_QUEUED;
}

static i32 generation_try(struct domain *d, struct generation **out)
{
	struct generation *g = heap_take_now(sizeof(*g));
	i32 error;

	if (!g)
		return -E_MEMORY;
	g->domain = d;
	g->number = d->generations + 1;
	g->organization = d->organization;
	error = pair_take(g);
	if (error) {
		heap_give(g);
		return error;
	}
	error = window_make(g);
	if (!error) {
		door_fill(g);
		error = FLAT_BUILD ? 0 : generation_stack_add(g);
		if (error >= 0)
			error = descriptors_make(g);
		if (error >= 0 && g->organization == ORGANIZATION_SEALED)
			error = sealed_make(g);
		if (error >= 0 && (g->door->flags & DOOR_SERVER))
			error = server_make(g);
	}
	if (error < 0) {
		generation_release(g); /* never dead: not the undertaker's */
		return error;
	}
	*(g->door->flags & DOOR_CORE ? &g->door->pool : &g->door->free[0]) = 1;
	d->generations++;
	*out = g;
	return 0;
}

#define MAKE_MOST  20000000000ull /* ns */
#define MAKE_PAUSE 2000000ull

static void dead_count(struct generation *g, void *count)
{
	*(u32 *)count += g->dead;
}

/* Room that dead ones still take, because threads have not left them yet, is
 * waited for: want of it is no reason to stay down. */
i32 generation_make(struct domain *d, struct generation **out)
{
	u64 end = tsc_now() + MAKE_MOST;

	for (;;) {
		u32 dead = 0;
		i32 error;

		generation_each(dead_count, &dead);
		error = generation_try(d, out);
		if (error != -E_MEMORY || !dead || tsc_now() > end)
			return error;
		undertaker_wake();
		thread_sleep(tsc_now() + MAKE_PAUSE);
	}
}

void generation_release(struct generation *g)
{
	u32 slot = SLOT_DOMAINS + 2 * g->pair;

	gdt_set_shared(slot, DESCRIPTOR_ABSENT);
	gdt_set_shared(slot + 1, DESCRIPTOR_ABSENT);
	if (g->organization == ORGANIZATION_SEALED)
		sealed_free(g);
	if (g->door->flags & DOOR_SERVER)
		server_free(g);
	if (g->base)
		window_free(g);
	g->domain->calls_before += g->door->calls;
	memory_fill(g->door, 0, sizeof(*g->door));
	spin_lock(&pair_lock);
	generation_pairs[g->pair] = 0;
	spin_unlock(&pair_lock);
	heap_give(g);
}

/*
 * The code goes at once. The data stays until nobody is inside: a healthy
 * callee's thunk may be at work with SS still the caller's, and must get on to
 * its own stack before it can be told that the caller is gone.
 */
void generation_close(struct generation *g)
{
	g->dead = 1;
	gdt_set_shared(SLOT_DOMAINS + 2 * g->pair, DESCRIPTOR_ABSENT);
	if (g->door->flags & DOOR_SEALED)
		sealed_close(g);
	if (g->door->flags & DOOR_SERVER)
		server_close(g);
}

struct search {
	const struct generation *g;
	u32 found;
};

static void thread_search(struct thread *t, void *argument)
{
	struct search *s = argument;

	s->found |= (u32)unwind_inside(t, s->g);
}

i32 generation_free(struct generation *g)
{
	struct search s = { .g = g };

	scheduler_lock(); /* a first look, without stopping anybody */
	thread_each(thread_search, &s);
	scheduler_unlock();
	if (s.found)
		return -E_BUSY;
	world_stop();
	thread_each(thread_search, &s);
	if (!s.found)
		window_unmap(g); /* every CPU flushes its TLB as it goes on */
	world_start();
	if (s.found)
		return -E_BUSY;
	generation_release(g);
	return 0;
}

u32 generation_memory(const struct generation *g)
{
	u32 bytes = sizeof(*g) + sizeof(*g->door) + 2 * 8 +
		    g->domain->image.manifest->entry_count * 8u;
	u32 tables = 0;

	for (u32 at = 0; at < g->size; at += PAGE)
		if (page_entry(g->base + at))
			bytes += PAGE;
	tables = (g->size / PAGE * 4 + PAGE - 1) / PAGE * PAGE;
	return bytes + sizeof(*g->domain) + tables;
}
