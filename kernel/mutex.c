/*
 * Sleeping locks. A free one is taken and given back by one atomic exchange;
 * who must wait does so under the scheduler's lock, in a wait queue.
 */
#include "kernel/mutex.h"

#include "kernel/panic.h"

void mutex_init(struct mutex *m, struct lock_class *class)
{
	m->holder = 0;
	m->waited = 0;
	m->class = class;
	wait_queue_init(&m->waiters);
}

static int take(struct mutex *m, struct thread *t)
{
	struct thread *nobody = 0;

	return __atomic_compare_exchange_n(&m->holder, &nobody, t, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

/*
 * `waited` is set before the try, and read by the holder after it let go: one
 * of the two sees the other.
 */
static void wait(struct mutex *m, struct thread *t)
{
	scheduler_lock();
	for (;;) {
		__atomic_store_n(&m->waited, 1, __ATOMIC_SEQ_CST);
		if (take(m, t))
			break;
		wait_in(&m->waiters, WAIT_FOREVER);
	}
	scheduler_unlock();
}

void mutex_lock(struct mutex *m)
{
	struct thread *t = thread_current();

	assert(m->holder != t);
	lock_order_take(&t->held, m->class);
	if (!take(m, t))
		wait(m, t);
}

int mutex_try(struct mutex *m)
{
	struct thread *t = thread_current();

	if (!take(m, t))
		return 0;
	lock_order_take(&t->held, m->class);
	return 1;
}

void mutex_unlock(struct mutex *m)
{
	struct thread *t = thread_current(), *holder;

	holder = __atomic_exchange_n(&m->holder, 0, __ATOMIC_SEQ_CST);
	assert(holder == t);
	if (m->waited) {
		scheduler_lock();
		wake_one(&m->waiters);
		m->waited = !list_empty(&m->waiters.threads);
		scheduler_unlock();
	}
	lock_order_release(&t->held, m->class);
}
