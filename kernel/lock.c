/*
 * Spinlocks, and the checker of their order: an edge from every class held to
 * the class taken; a lock taken against an edge that is already there could
 * one day deadlock, and is reported the first time it is seen.
 */
#include "kernel/lock.h"

#include "kernel/cpu.h"
#include "kernel/panic.h"
#include "kernel/thread.h"
#include "kernel/trap.h"

#ifdef DEBUG
#define CLASSES_MOST 128

static u32 class_count;
static u8 taken_after[CLASSES_MOST][CLASSES_MOST];

static u32 number_of(struct lock_class *c)
{
	if (!c->number) {
		u32 n = __atomic_add_fetch(&class_count, 1, __ATOMIC_SEQ_CST);

		if (n >= CLASSES_MOST)
			panic("more than %u lock classes", CLASSES_MOST);
		c->number = n;
	}
	return c->number;
}

void lock_order_take(struct held_locks *held, struct lock_class *c)
{
	u32 taken = number_of(c);

	if (held->count >= LOCKS_HELD)
		panic("more than %u locks held, taking %s", LOCKS_HELD,
		      c->name);
	for (u32 i = 0; i < held->count; i++) {
		u32 before = number_of(held->classes[i]);

		if (taken_after[taken][before])
			panic("lock order: %s taken while %s is held, and "
			      "elsewhere the other way round",
			      c->name, held->classes[i]->name);
		taken_after[before][taken] = 1;
	}
	held->classes[held->count++] = c;
}

void lock_order_release(struct held_locks *held, struct lock_class *c)
{
	for (u32 i = held->count; i-- > 0;) {
		if (held->classes[i] != c)
			continue;
		held->count--;
		for (; i < held->count; i++)
			held->classes[i] = held->classes[i + 1];
		return;
	}
	panic("lock %s released, but not held", c->name);
}

u32 lock_order_pairs(void)
{
	u32 pairs = 0;

	for (u32 i = 0; i < CLASSES_MOST; i++)
		for (u32 j = 0; j < CLASSES_MOST; j++)
			pairs += taken_after[i][j];
	return pairs;
}
#else
u32 lock_order_pairs(void)
{
	return 0;
}
#endif

void spin_lock(struct spinlock *l)
{
	u32 flags, turn = 0;

	__asm__ volatile("pushf; pop %0; cli" : "=r"(flags) : : "memory");
	lock_order_take(&thread_current()->held, l->class);
	while (__atomic_exchange_n(&l->held, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&l->held, __ATOMIC_RELAXED))
			cpu_spin(&turn);
	l->flags = flags;
	l->holder = thread_current();
}

void spin_unlock(struct spinlock *l)
{
	u32 flags = l->flags;

	assert(l->holder == thread_current());
	lock_order_release(&thread_current()->held, l->class);
	l->holder = 0;
	__atomic_store_n(&l->held, 0, __ATOMIC_RELEASE);
	if (flags & FLAG_INTERRUPT)
		__asm__ volatile("sti" : : : "memory");
}
