/* eventfd: a counter as a file. Guarded by the scheduler's lock. */
#include "kernel/heap.h"
#include "kernel/linux/call.h"
#include "kernel/process/process.h"
#include "kernel/vfs/kinds.h"

#define EFD_SEMAPHORE 1u
#define COUNT_MOST    0xFFFFFFFFFFFFFFFEull

struct counter {
	u64 count;
	u32 semaphore; /* a read takes one, not all */
	struct notifier notifier;
};

/* Sleep in the scheduler's lock: 0 to look again, or why not. */
static i32 counter_wait(struct file *f, struct counter *c)
{
	if (f->flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_for_signal(&c->notifier.waiters, WAIT_FOREVER) ==
			       WAIT_SIGNAL ?
		       -ERESTARTSYS :
		       0;
}

static i32 eventfd_read(struct file *f, struct transfer *t, u64 *at)
{
	struct counter *c = f->data;
	u64 value = 0;
	i32 r = 0;

	(void)at;
	if (t->left < sizeof(value))
		return -EINVAL;
	scheduler_lock();
	while (!c->count && !r)
		r = counter_wait(f, c);
	if (c->count) {
		value = c->semaphore ? 1 : c->count;
		c->count -= value;
		notifier_wake_locked(&c->notifier, READY_OUT);
		r = 0;
	}
	scheduler_unlock();
	if (!r)
		r = transfer_out(t, &value, sizeof(value));
	return r ? r : (i32)sizeof(value);
}

static i32 eventfd_write(struct file *f, struct transfer *t, u64 *at)
{
	struct counter *c = f->data;
	u64 value;
	i32 r = 0;

	(void)at;
	if (t->left < sizeof(value))
		return -EINVAL;
	if (transfer_in(t, &value, sizeof(value)) < 0)
		return -EFAULT;
	if (value > COUNT_MOST)
		return -EINVAL;
	scheduler_lock();
	while (c->count > COUNT_MOST - value && !r)
		r = counter_wait(f, c);
	if (c->count <= COUNT_MOST - value) {
		c->count += value;
		notifier_wake_locked(&c->notifier, READY_IN);
		r = sizeof(value);
	}
	scheduler_unlock();
	return r;
}

static u32 eventfd_ready(struct file *f)
{
	struct counter *c = f->data;

	return (c->count ? READY_IN : 0u) |
	       (c->count < COUNT_MOST ? READY_OUT : 0u);
}

static struct notifier *eventfd_notifier(struct file *f)
{
	struct counter *c = f->data;

	return &c->notifier;
}

static void eventfd_ended(struct file *f)
{
	heap_give(f->data);
}

const struct file_kind eventfd_kind = {
	.name = "[eventfd]",
	.read = eventfd_read,
	.write = eventfd_write,
	.ready = eventfd_ready,
	.notifier = eventfd_notifier,
	.ended = eventfd_ended,
};

i32 call_eventfd2(u32 count, u32 flags);
i32 call_eventfd2(u32 count, u32 flags)
{
	struct counter *c;
	struct file *f;

	if (flags & ~(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	c = heap_take_now(sizeof(*c));
	if (!c)
		return -ENOMEM;
	f = file_make(&eventfd_kind, 0, O_RDWR | (flags & O_NONBLOCK));
	if (!f) {
		heap_give(c);
		return -ENOMEM;
	}
	c->count = count;
	c->semaphore = flags & EFD_SEMAPHORE;
	notifier_init(&c->notifier);
	f->data = c;
	return files_install(f, flags);
}

i32 call_eventfd(u32 count);
i32 call_eventfd(u32 count)
{
	return call_eventfd2(count, 0);
}
