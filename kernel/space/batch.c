/* Counting transfers that belong together. */
#include "kernel/space/batch.h"

#include "kernel/thread.h"

void batch_begin(struct batch *b, void (*ended)(struct batch *b))
{
	b->pending = ended != 0;
	b->error = 0;
	b->ended = ended;
	wait_queue_init(&b->queue);
}

void batch_count(struct batch *b)
{
	__atomic_add_fetch(&b->pending, 1, __ATOMIC_SEQ_CST);
}

void batch_done(struct batch *b, i32 error)
{
	void (*ended)(struct batch *b) = b->ended;
	u32 pending;

	scheduler_lock(); /* who waits takes `b` away after this */
	if (error < 0)
		b->error = error;
	pending = __atomic_sub_fetch(&b->pending, 1, __ATOMIC_SEQ_CST);
	if (!pending && !ended)
		wake_all(&b->queue);
	scheduler_unlock();
	if (!pending && ended)
		ended(b);
}

i32 batch_wait(struct batch *b)
{
	scheduler_lock();
	while (b->pending)
		wait_in(&b->queue, WAIT_FOREVER);
	scheduler_unlock();
	return b->error;
}
