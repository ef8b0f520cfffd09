/*
 * Telling who waits for something: sleeping threads, and watches. Both lists
 * are the scheduler's lock's.
 */
#include "kernel/vfs/notifier.h"

void notifier_init(struct notifier *n)
{
	wait_queue_init(&n->waiters);
	list_init(&n->watches);
}

void notifier_wake_locked(struct notifier *n, u32 events)
{
	struct list *next;

	wake_all(&n->waiters);
	for (struct list *l = n->watches.next; l != &n->watches; l = next) {
		struct watch *w = LIST_OF(l, struct watch, list);

		next = l->next;
		w->wake(w, events);
	}
}

void notifier_wake(struct notifier *n, u32 events)
{
	scheduler_lock();
	notifier_wake_locked(n, events);
	scheduler_unlock();
}

void watch_add(struct notifier *n, struct watch *w)
{
	scheduler_lock();
	list_add_last(&n->watches, &w->list);
	scheduler_unlock();
	/* whoever changes the object next sees the watch, or we its change */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void watch_remove(struct watch *w)
{
	scheduler_lock();
	list_remove(&w->list);
	scheduler_unlock();
}
