/* Sleeping locks: held across anything, never taken in an interrupt. */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include "kernel/thread.h"

struct mutex {
	struct thread *holder; /* changed atomically: no other lock is needed */
	u32 waited; /* somebody may be in `waiters`: the holder wakes one */
	struct wait_queue waiters;
	struct lock_class *class;
};

#define MUTEX(variable, class_name) \
	{ \
		.class = &(struct lock_class){ .name = class_name }, \
		.waiters = { \
			.threads = { &(variable).waiters.threads, \
				     &(variable).waiters.threads } \
		} \
	}

void mutex_init(struct mutex *m, struct lock_class *class);
void mutex_lock(struct mutex *m);
int mutex_try(struct mutex *m); /* 1: taken; never waits */
void mutex_unlock(struct mutex *m);

#endif
