/*
 * Spinlocks (interrupts stay off while one is held, so that a CPU that holds
 * one is never stopped by another) and sleeping locks. Debug builds check that
 * locks are always taken in one order.
 */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include "gates/abi.h"

/* One for each lock in the source; the checker's graph has them as nodes. */
struct lock_class {
	const char *name;
	u32 number; /* given at first use; 0 before */
};

struct spinlock {
	u32 held;
	u32 flags; /* the holder's EFLAGS before */
	struct lock_class *class;
	struct thread *holder;
};

#define SPINLOCK(class_name) \
	{ \
		.class = &(struct lock_class) \
		{ \
			.name = class_name \
		} \
	}

void spin_lock(struct spinlock *l);
void spin_unlock(struct spinlock *l);

#define LOCKS_HELD 8

struct held_locks {
	u32 count;
	struct lock_class *classes[LOCKS_HELD];
};

/*
 * The order checker's two events, for spinlocks and mutexes alike: a lock of
 * that class is about to be waited for, and is no longer held.
 */
#ifdef DEBUG
void lock_order_take(struct held_locks *held, struct lock_class *c);
void lock_order_release(struct held_locks *held, struct lock_class *c);
#else
static inline void lock_order_take(struct held_locks *held,
				   struct lock_class *c)
{
	(void)held;
	(void)c;
}

static inline void lock_order_release(struct held_locks *held,
				      struct lock_class *c)
{
	(void)held;
	(void)c;
}
#endif

/* Pairs (held, taken) that the checker has seen; 0 in release builds. */
u32 lock_order_pairs(void);

#endif
