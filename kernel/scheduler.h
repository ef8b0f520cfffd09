/* The scheduler, as thread.c sees it; all else is in kernel/thread.h. */
#ifndef KERNEL_SCHEDULER_H
#define KERNEL_SCHEDULER_H

#include "kernel/thread.h"

/* Before any thread is started. */
void scheduler_init(void);

/* Let a thread run when its turn comes. Scheduler's lock held. */
void scheduler_ready(struct thread *t);

/* Keep an ended, detached thread for the next. Scheduler's lock held. */
void thread_retire(struct thread *t);

/* Free what is kept beyond need. */
void thread_spares_trim(void);

#endif
