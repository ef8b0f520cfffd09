/*
 * Something that can become ready, and who waits for that: threads asleep in a
 * read or write, and watches of poll, select and epoll. Guarded, like every
 * wait queue, by the scheduler's lock.
 */
#ifndef KERNEL_VFS_NOTIFIER_H
#define KERNEL_VFS_NOTIFIER_H

#include "kernel/list.h"
#include "kernel/thread.h"

/* As poll(2) has them. */
enum ready {
	READY_IN = 1,
	READY_PRIORITY = 2,
	READY_OUT = 4,
	READY_ERROR = 8,
	READY_HANGUP = 16,
	READY_INVALID = 32,
	READY_READ_HANGUP = 0x2000,
};

/* What a domain may say of its objects. */
#define READY_SAID \
	(READY_IN | READY_PRIORITY | READY_OUT | READY_ERROR | READY_HANGUP | \
	 READY_READ_HANGUP)

struct notifier {
	struct wait_queue waiters; /* threads in wait_for_signal */
	struct list watches;
};

/* Called, scheduler's lock held, when a notifier has news. */
struct watch {
	struct list list;
	void (*wake)(struct watch *w, u32 events);
};

void notifier_init(struct notifier *n);

/* Wake all; `events` says what became ready. Takes the scheduler's lock. */
void notifier_wake(struct notifier *n, u32 events);
void notifier_wake_locked(struct notifier *n, u32 events); /* lock held */

/* Both take the scheduler's lock. A look at the object after watch_add cannot
 * miss what came before it. `w->wake` and list_init(&w->list) are done. */
void watch_add(struct notifier *n, struct watch *w);
void watch_remove(struct watch *w); /* harmless if not added */

#endif
