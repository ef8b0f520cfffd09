/*
 * Transfers whose end is waited for together, or told of when all have ended.
 */
#ifndef KERNEL_SPACE_BATCH_H
#define KERNEL_SPACE_BATCH_H

#include "kernel/thread.h"

struct batch {
	u32 pending;
	i32 error; /* the last one */
	void (*ended)(struct batch *b); /* as struct io's `done`; or NULL */
	struct wait_queue queue;
};

/* None yet. With `ended`, whoever makes it counts as one transfer itself. */
void batch_begin(struct batch *b, void (*ended)(struct batch *b));

/* One more; one has ended: 0 or -errno. */
void batch_count(struct batch *b);
void batch_done(struct batch *b, i32 error);

/* Until all have ended. 0 or -errno. */
i32 batch_wait(struct batch *b);

#endif
