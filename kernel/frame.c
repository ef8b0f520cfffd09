/*
 * A buddy allocator: free runs of 2^order frames, doubly linked through the
 * frame table; a run's buddy differs from it in one bit of its number.
 */
#include "kernel/frame.h"

#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/thread.h"
#include "kernel/memory.h"

#define NIL 0xFFFFFFFFu

struct entry {
	u32 next, prev;
	u8 order;
	u8 free;
	u16 zero;
	struct frame_note note;
};

static struct entry *table;
static u32 table_count, total, free_frames, reserved;
static u32 heads[FRAME_ORDERS];
static struct spinlock frame_lock = SPINLOCK("frame");
static struct wait_queue waiters = { { &waiters.threads, &waiters.threads } };
static volatile u32 waiting, freed; /* threads; times frames came free */

static void link_run(u32 n, u32 order)
{
	table[n].order = (u8)order;
	table[n].free = 1;
	table[n].prev = NIL;
	table[n].next = heads[order];
	if (heads[order] != NIL)
		table[heads[order]].prev = n;
	heads[order] = n;
}

static void unlink_run(u32 n)
{
	struct entry *e = &table[n];

	if (e->prev != NIL)
		table[e->prev].next = e->next;
	else
		heads[e->order] = e->next;
	if (e->next != NIL)
		table[e->next].prev = e->prev;
	e->free = 0;
}

/* Join with the buddy as long as that is free too. */
static void give_run(u32 n, u32 order)
{
	free_frames += 1u << order;
	while (order < FRAME_ORDERS - 1) {
		u32 buddy = n ^ (1u << order);

		if (buddy >= table_count || !table[buddy].free ||
		    table[buddy].order != order)
			break;
		unlink_run(buddy);
		n &= ~(1u << order);
		order++;
	}
	link_run(n, order);
}

u32 frame_init(void *at, u32 top)
{
	table = at;
	table_count = top / PAGE;
	for (u32 i = 0; i < FRAME_ORDERS; i++)
		heads[i] = NIL;
	memory_fill(table, 0, table_count * sizeof(*table));
	return table_count * sizeof(*table);
}

void frame_add(u32 first, u32 last)
{
	for (u32 n = first / PAGE; n < last / PAGE && n < table_count; n++) {
		total++;
		give_run(n, 0);
	}
}

static u32 find_run(u32 order, u32 below)
{
	for (u32 o = order; o < FRAME_ORDERS; o++)
		for (u32 n = heads[o]; n != NIL; n = table[n].next)
			if (!below || (n + (1u << order)) * PAGE <= below)
				return n;
	return NIL;
}

static struct physical take(u32 order, u32 below)
{
	u32 n = find_run(order, below);

	if (n == NIL)
		return FRAME_NONE;
	u32 have = table[n].order;
	unlink_run(n);
	while (have > order) {
		have--;
		link_run(n + (1u << have), have);
	}
	free_frames -= 1u << order;
	return (struct physical){ n * PAGE };
}

struct physical frame_take_now(u32 order, u32 below)
{
	struct physical p = FRAME_NONE;

	spin_lock(&frame_lock);
	if (free_frames >= reserved + (1u << order))
		p = take(order, below);
	spin_unlock(&frame_lock);
	return p;
}

/*
 * Sleep until frames may have come free since `seen` was read from `freed`,
 * before the look that found too few.
 */
static void wait_for_frames(u32 seen)
{
	scheduler_lock();
	waiting++;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (freed == seen)
		wait_in(&waiters, WAIT_FOREVER);
	waiting--;
	scheduler_unlock();
}

static void wake_waiters(void)
{
	__atomic_add_fetch(&freed, 1, __ATOMIC_SEQ_CST);
	if (!waiting)
		return;
	scheduler_lock();
	wake_all(&waiters);
	scheduler_unlock();
}

struct physical frame_take_wait(u32 order)
{
	for (;;) {
		u32 seen = freed;
		struct physical p = frame_take_now(order, 0);

		if (frame_ok(p))
			return p;
		wait_for_frames(seen);
	}
}

struct physical frame_take_zero_now(void)
{
	struct physical p = frame_take_now(0, 0);

	if (frame_ok(p))
		memory_fill(direct(p), 0, PAGE);
	return p;
}

struct physical frame_take_reserved(void)
{
	struct thread *t = thread_current();
	struct physical p = FRAME_NONE;

	spin_lock(&frame_lock);
	if (t->reserved) {
		p = take(0, 0);
		t->reserved--;
		reserved--;
	}
	spin_unlock(&frame_lock);
	return p;
}

void frame_give(struct physical p, u32 order)
{
	assert(p.address / PAGE < table_count);
	spin_lock(&frame_lock);
	assert(!table[p.address / PAGE].free);
	give_run(p.address / PAGE, order);
	spin_unlock(&frame_lock);
	wake_waiters();
}

i32 frame_reserve(u32 pages)
{
	if (pages > total - total / 4) /* the core needs some, too */
		return -E_MEMORY;
	for (;;) {
		u32 done = 0, seen = freed;

		spin_lock(&frame_lock);
		if (free_frames >= reserved + pages) {
			reserved += pages;
			thread_current()->reserved += pages;
			done = 1;
		}
		spin_unlock(&frame_lock);
		if (done)
			return 0;
		wait_for_frames(seen);
	}
}

void frame_unreserve(void)
{
	struct thread *t = thread_current();

	spin_lock(&frame_lock);
	reserved -= t->reserved;
	t->reserved = 0;
	spin_unlock(&frame_lock);
	wake_waiters();
}

u32 frame_free_count(void)
{
	return free_frames - reserved;
}

u32 frame_total(void)
{
	return total;
}

struct frame_note *frame_note(struct physical p)
{
	return &table[p.address / PAGE].note;
}

u32 frame_total_bytes(void)
{
	return table_count * PAGE;
}
