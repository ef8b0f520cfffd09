/*
 * Waiting for any of several files: look; if there is nothing, put a watch on
 * each, look again, sleep until one of them calls.
 */
#include "kernel/vfs/poll.h"

#include "kernel/linux/errno.h"
#include "kernel/process/signal.h"
#include "kernel/vfs/kinds.h"

/* poll's names for ordinary data, besides READY_IN and READY_OUT. */
#define READ_NORMAL  0x40u
#define WRITE_NORMAL 0x100u

struct poller {
	struct wait_queue queue;
	u32 woken; /* scheduler's lock */
};

static u32 wanted(const struct polled *p)
{
	return p->want | READY_ERROR | READY_HANGUP;
}

static void poll_wake(struct watch *w, u32 events)
{
	struct polled *p = LIST_OF(w, struct polled, watch);

	if (events && !(events & wanted(p)) &&
	    !(p->want & (READ_NORMAL | WRITE_NORMAL)))
		return;
	p->poller->woken = 1;
	wake_all(&p->poller->queue);
}

/* How many have something now. */
static i32 look(struct polled *list, u32 count)
{
	i32 n = 0;

	for (struct polled *p = list; p < list + count; p++) {
		if (p->file) {
			u32 ready = file_ready(p->file);

			if (ready & READY_IN)
				ready |= READ_NORMAL;
			if (ready & READY_OUT)
				ready |= WRITE_NORMAL;
			p->found = ready & wanted(p);
		}
		n += p->found != 0;
	}
	return n;
}

static void watches_add(struct polled *list, u32 count, struct poller *poller)
{
	for (struct polled *p = list; p < list + count; p++) {
		struct notifier *n = 0;

		list_init(&p->watch.list);
		p->watch.wake = poll_wake;
		p->poller = poller;
		if (p->file && p->file->kind->notifier)
			n = p->file->kind->notifier(p->file);
		if (n)
			watch_add(n, &p->watch);
	}
}

/* Sleep until a watch calls. */
static enum wait_result sleep(struct poller *poller, u64 deadline)
{
	enum wait_result r = WAIT_WOKEN;

	scheduler_lock();
	while (!poller->woken && r == WAIT_WOKEN)
		r = wait_for_signal(&poller->queue, deadline);
	poller->woken = 0;
	scheduler_unlock();
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return r;
}

static i32 wait(struct polled *list, u32 count, u64 deadline)
{
	struct poller poller = { .woken = 0 };
	enum wait_result r = WAIT_WOKEN;
	i32 n;

	wait_queue_init(&poller.queue);
	watches_add(list, count, &poller);
	for (;;) {
		n = look(list, count);
		if (n || r == WAIT_TIMED_OUT)
			break;
		if (r == WAIT_SIGNAL) {
			n = -EINTR;
			break;
		}
		r = sleep(&poller, deadline);
	}
	for (struct polled *p = list; p < list + count; p++)
		if (!list_empty(&p->watch.list))
			watch_remove(&p->watch);
	return n;
}

i32 poll_wait(struct polled *list, u32 count, u64 deadline)
{
	i32 n = look(list, count);

	if (!n && deadline)
		n = wait(list, count, deadline);
	for (struct polled *p = list; p < list + count; p++)
		if (p->file)
			file_drop(p->file);
	return n;
}
