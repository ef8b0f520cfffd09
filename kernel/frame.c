/*
 * A buddy allocator: free runs of 2^order frames, doubly linked through the
 * frame table; a run's buddy differs from it in one bit of its number. In
 * front of it two stacks of single frames, one of frames known to be zero, so
 * that what is taken and given all the time costs little.
 */
#include "kernel/frame.h"

#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/thread.h"
#include "kernel/memory.h"

#define NIL	   0xFFFFFFFFu
#define STACKED	   128u /* frames that a stack holds */
#define REFILL	   4u /* order of the run that an empty stack is filled with */
#define KEPT_MOST  1024u /* frames kept for the core, and at least */
#define KEPT_LEAST 64u

enum free { TAKEN, FREE_RUN, FREE_STACKED };

struct stack {
	u32 count;
	u32 frames[STACKED];
};

struct frame_entry *frame_table;
static u32 table_count, total, free_frames, reserved, shared;
static u32 heads[FRAME_ORDERS];
static struct stack ready, zeroes;
static struct spinlock frame_lock = SPINLOCK("frame");
static struct wait_queue waiters = { { &waiters.threads, &waiters.threads } };
static volatile u32 waiting, freed; /* threads; times frames came free */

static void link_run(u32 n, u32 order)
{
	struct frame_entry *e = &frame_table[n];

	e->order = (u8)order;
	e->free = FREE_RUN;
	e->prev = NIL;
	e->next = heads[order];
	if (heads[order] != NIL)
		frame_table[heads[order]].prev = n;
	heads[order] = n;
}

static void unlink_run(u32 n)
{
	struct frame_entry *e = &frame_table[n];

	if (e->prev != NIL)
		frame_table[e->prev].next = e->next;
	else
		heads[e->order] = e->next;
	if (e->next != NIL)
		frame_table[e->next].prev = e->prev;
	e->free = TAKEN;
}

/* Join with the buddy as long as that is free too. */
static void give_run(u32 n, u32 order)
{
	while (order < FRAME_ORDERS - 1) {
		u32 buddy = n ^ (1u << order);

		if (buddy >= table_count ||
		    frame_table[buddy].free != FREE_RUN ||
		    frame_table[buddy].order != order)
			break;
		unlink_run(buddy);
		n &= ~(1u << order);
		order++;
	}
	link_run(n, order);
}

u32 frame_init(void *at, u32 top)
{
	frame_table = at;
	table_count = top / PAGE;
	for (u32 i = 0; i < FRAME_ORDERS; i++)
		heads[i] = NIL;
	memory_fill(frame_table, 0, table_count * sizeof(*frame_table));
	return table_count * sizeof(*frame_table);
}

void frame_add(u32 first, u32 last)
{
	for (u32 n = first / PAGE; n < last / PAGE && n < table_count; n++) {
		total++;
		free_frames++;
		give_run(n, 0);
	}
}

static u32 find_run(u32 order, u32 below)
{
	for (u32 o = order; o < FRAME_ORDERS; o++)
		for (u32 n = heads[o]; n != NIL; n = frame_table[n].next)
			if (!below || (n + (1u << order)) * PAGE <= below)
				return n;
	return NIL;
}

static void stack_push(struct stack *s, u32 n)
{
	frame_table[n].free = FREE_STACKED;
	s->frames[s->count++] = n;
}

static u32 stack_pop(struct stack *s)
{
	u32 n = s->frames[--s->count];

	frame_table[n].free = TAKEN;
	return n;
}

/* Give all but `keep` frames back to the buddies. */
static void stack_drain(struct stack *s, u32 keep)
{
	while (s->count > keep)
		give_run(stack_pop(s), 0);
}

static u32 take_run(u32 order, u32 below)
{
	u32 n = find_run(order, below);

	if (n == NIL && ready.count + zeroes.count) {
		stack_drain(&ready, 0);
		stack_drain(&zeroes, 0);
		n = find_run(order, below);
	}
	if (n == NIL)
		return NIL;
	u32 have = frame_table[n].order;
	unlink_run(n);
	while (have > order) {
		have--;
		link_run(n + (1u << have), have);
	}
	return n;
}

/* A single frame; *zero says whether it is known to be zero. */
static u32 take_one(int *zero)
{
	u32 n;

	if (zeroes.count && (*zero || !ready.count)) {
		*zero = 1;
		return stack_pop(&zeroes);
	}
	*zero = 0;
	if (ready.count)
		return stack_pop(&ready);
	n = find_run(REFILL, 0) == NIL ? NIL : take_run(REFILL, 0);
	if (n == NIL)
		return take_run(0, 0);
	for (u32 i = (1u << REFILL) - 1; i; i--)
		stack_push(&ready, n + i);
	return n;
}

static struct physical taken(u32 n, u32 order)
{
	if (n == NIL)
		return FRAME_NONE;
	free_frames -= 1u << order;
	frame_table[n].shares = 1;
	return (struct physical){ n * PAGE };
}

struct physical frame_take_now(u32 order, u32 below)
{
	struct physical p = FRAME_NONE;
	int zero = 0;

	spin_lock(&frame_lock);
	if (free_frames >= reserved + (1u << order))
		p = taken(order || below ? take_run(order, below) :
					   take_one(&zero),
			  order);
	spin_unlock(&frame_lock);
	return p;
}

/* One frame, if `keep` stay. */
static struct physical take_single(int zeroed, u32 keep, u32 shares)
{
	struct physical p = FRAME_NONE;
	int zero = zeroed;

	spin_lock(&frame_lock);
	if (free_frames > reserved + keep) {
		p = taken(take_one(&zero), 0);
		shared += shares;
	}
	spin_unlock(&frame_lock);
	if (zeroed && !zero && frame_ok(p))
		memory_fill(direct(p), 0, PAGE);
	return p;
}

struct physical frame_take_zero_now(void)
{
	return take_single(1, 0, 0);
}

u32 frame_kept(void)
{
	return max(min(total / 64, KEPT_MOST), KEPT_LEAST);
}

struct physical frame_take_shared(int zeroed)
{
	return take_single(zeroed, frame_kept(), 1);
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

struct physical frame_take_reserved(void)
{
	struct thread *t = thread_current();
	struct physical p = FRAME_NONE;
	int zero = 0;

	spin_lock(&frame_lock);
	if (t->reserved) {
		p = taken(take_one(&zero), 0);
		t->reserved--;
		reserved--;
	}
	spin_unlock(&frame_lock);
	return p;
}

/* Lock held. */
static void give_one(struct stack *s, u32 n)
{
	assert(n < table_count && frame_table[n].free == TAKEN);
	free_frames++;
	if (s->count == STACKED)
		stack_drain(s, STACKED / 2);
	stack_push(s, n);
}

void frame_give(struct physical p, u32 order)
{
	spin_lock(&frame_lock);
	if (order) {
		assert(p.address / PAGE < table_count);
		assert(frame_table[p.address / PAGE].free == TAKEN);
		free_frames += 1u << order;
		give_run(p.address / PAGE, order);
	} else {
		give_one(&ready, p.address / PAGE);
	}
	spin_unlock(&frame_lock);
	wake_waiters();
}

void frame_end_zero(struct physical p)
{
	spin_lock(&frame_lock);
	give_one(&zeroes, p.address / PAGE);
	shared--;
	spin_unlock(&frame_lock);
	wake_waiters();
}

void frame_end_many(const u32 *addresses, u32 count)
{
	spin_lock(&frame_lock);
	for (u32 i = 0; i < count; i++)
		give_one(&ready, addresses[i] / PAGE);
	shared -= count;
	spin_unlock(&frame_lock);
	wake_waiters();
}

void frame_end(struct physical p)
{
	frame_end_many(&p.address, 1);
}

void frame_adopt(struct physical p)
{
	spin_lock(&frame_lock);
	assert(p.address / PAGE < table_count);
	frame_table[p.address / PAGE].shares = 1;
	total++;
	shared++;
	spin_unlock(&frame_lock);
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

u32 frame_shared_count(void)
{
	return shared;
}

struct frame_note *frame_note(struct physical p)
{
	return &frame_table[p.address / PAGE].note;
}

u32 frame_total_bytes(void)
{
	return table_count * PAGE;
}
