/* Sleeping locks, over the scheduler's lock and a wait queue. */
#include "kernel/mutex.h"

#include "kernel/panic.h"

void mutex_init(struct mutex *m, struct lock_class *class)
{
	m->holder = 0;
	m->class = class;
	wait_queue_init(&m->waiters);
}

void mutex_lock(struct mutex *m)
{
	assert(m->holder != thread_current());
	lock_order_take(&thread_current()->held, m->class);
	scheduler_lock();
	while (m->holder)
		wait_in(&m->waiters, WAIT_FOREVER);
	m->holder = thread_current();
	scheduler_unlock();
}

void mutex_unlock(struct mutex *m)
{
	assert(m->holder == thread_current());
	scheduler_lock();
	m->holder = 0;
	wake_one(&m->waiters);
	scheduler_unlock();
	lock_order_release(&thread_current()->held, m->class);
}
