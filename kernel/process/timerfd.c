/* timerfd: a timer as a file. Guarded by the scheduler's lock. */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/process/clock.h"
#include "kernel/process/timer.h"
#include "kernel/tsc.h"

#define TFD_ABSTIME 1u
#define TFD_CANCEL  2u /* tell if the wall clock is set */

struct timerfd {
	struct list all; /* of those that are told of the wall clock */
	struct alarm alarm;
	u32 clock;
	u64 interval, ticks;
	u8 cancelled; /* the wall clock was set */
	struct notifier notifier;
};

static struct list told = { &told, &told };

static void timerfd_expire(struct alarm *a)
{
	struct timerfd *t = LIST_OF(a, struct timerfd, alarm);
	u64 due = a->deadline;

	scheduler_lock();
	t->ticks++;
	if (t->interval) {
		t->ticks += timer_advance(&due, t->interval, tsc_now());
		alarm_set(a, due);
	}
	notifier_wake_locked(&t->notifier, READY_IN);
	scheduler_unlock();
}

void timers_wall_changed(void)
{
	scheduler_lock();
	for (struct list *l = told.next; l != &told; l = l->next) {
		struct timerfd *t = LIST_OF(l, struct timerfd, all);

		t->cancelled = 1;
		notifier_wake_locked(&t->notifier, READY_IN);
	}
	scheduler_unlock();
}

static i32 timerfd_read(struct file *f, struct transfer *to, u64 *at)
{
	struct timerfd *t = f->data;
	u64 ticks = 0;
	i32 r = 0;

	(void)at;
	if (to->left < sizeof(ticks))
		return -EINVAL;
	scheduler_lock();
	while (!t->ticks && !t->cancelled && !r) {
		if (f->flags & O_NONBLOCK)
			r = -EAGAIN;
		else if (wait_for_signal(&t->notifier.waiters, WAIT_FOREVER) ==
			 WAIT_SIGNAL)
			r = -ERESTARTSYS;
	}
	if (t->cancelled) {
		r = -ECANCELED;
	} else if (t->ticks) {
		ticks = t->ticks;
		r = 0;
	}
	t->cancelled = 0;
	t->ticks = 0;
	scheduler_unlock();
	if (r == 0)
		r = transfer_out(to, &ticks, sizeof(ticks));
	return r < 0 ? r : (i32)sizeof(ticks);
}

static u32 timerfd_ready(struct file *f)
{
	struct timerfd *t = f->data;

	return t->ticks || t->cancelled ? READY_IN : 0;
}

static struct notifier *timerfd_notifier(struct file *f)
{
	struct timerfd *t = f->data;

	return &t->notifier;
}

static void timerfd_ended(struct file *f)
{
	struct timerfd *t = f->data;

	alarm_cancel(&t->alarm);
	scheduler_lock();
	list_remove(&t->all);
	scheduler_unlock();
	heap_give(t);
}

static const struct file_kind timerfd_kind = {
	.name = "[timerfd]",
	.read = timerfd_read,
	.ready = timerfd_ready,
	.notifier = timerfd_notifier,
	.ended = timerfd_ended,
};

static int clock_fits(u32 clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ||
	       clock == CLOCK_BOOTTIME || clock == CLOCK_REALTIME_ALARM ||
	       clock == CLOCK_BOOTTIME_ALARM;
}

i32 call_timerfd_create(u32 clock, u32 flags);
i32 call_timerfd_create(u32 clock, u32 flags)
{
	struct timerfd *t;
	struct file *f;

	if (!clock_fits(clock) || (flags & ~(O_CLOEXEC | O_NONBLOCK)))
		return -EINVAL;
	t = heap_take_now(sizeof(*t));
	if (!t)
		return -ENOMEM;
	list_init(&t->all);
	alarm_init(&t->alarm, timerfd_expire);
	t->clock = clock;
	notifier_init(&t->notifier);
	f = file_make(&timerfd_kind, 0, O_RDWR | (flags & O_NONBLOCK));
	if (!f) {
		heap_give(t);
		return -ENOMEM;
	}
	f->data = t;
	return files_install(f, flags);
}

/* The file of a descriptor, counted; NULL, and -errno in *error. */
static struct file *timerfd_get(u32 descriptor, i32 *error)
{
	struct file *f = file_get(descriptor);

	*error = f ? 0 : -EBADF;
	if (f && f->kind != &timerfd_kind) {
		file_drop(f);
		f = 0;
		*error = -EINVAL;
	}
	return f;
}

static void state_read(struct timerfd *t, u64 state[2])
{
	u64 due = alarm_due(&t->alarm), now = tsc_now();

	state[0] = t->interval;
	state[1] = due ? (due > now ? due - now : 1) : 0;
}

static void state_write(struct timerfd *t, u32 flags, const u64 wanted[2])
{
	u64 ahead = 0, due = deadline_after(wanted[1]);
	int wall = clock_runs(t->clock, &ahead) && ahead;

	if (flags & TFD_ABSTIME)
		due = wanted[1] > ahead ? wanted[1] - ahead : 1;
	scheduler_lock();
	list_remove(&t->all);
	if (wall && (flags & TFD_CANCEL) && (flags & TFD_ABSTIME))
		list_add_last(&told, &t->all);
	t->interval = wanted[0];
	t->ticks = t->cancelled = 0;
	if (wanted[1])
		alarm_set(&t->alarm, due);
	scheduler_unlock();
}

static i32 settime(u32 descriptor, u32 flags, u32 user, u32 old,
		   enum time_form form)
{
	u64 wanted[2], before[2];
	struct file *f;
	i32 r;

	if (flags & ~(TFD_ABSTIME | TFD_CANCEL))
		return -EINVAL;
	r = time_read_pair(user, form, wanted);
	if (r < 0)
		return r;
	f = timerfd_get(descriptor, &r);
	if (!f)
		return r;
	struct timerfd *t = f->data;

	state_read(t, before);
	alarm_cancel(&t->alarm);
	state_write(t, flags, wanted);
	file_drop(f);
	return old ? time_write_pair(old, form, before) : 0;
}

i32 call_timerfd_settime(u32 descriptor, u32 flags, u32 user, u32 old);
i32 call_timerfd_settime(u32 descriptor, u32 flags, u32 user, u32 old)
{
	return settime(descriptor, flags, user, old, TIME_SPEC);
}

i32 call_timerfd_settime64(u32 descriptor, u32 flags, u32 user, u32 old);
i32 call_timerfd_settime64(u32 descriptor, u32 flags, u32 user, u32 old)
{
	return settime(descriptor, flags, user, old, TIME_SPEC64);
}

static i32 gettime(u32 descriptor, u32 user, enum time_form form)
{
	u64 state[2];
	i32 r;
	struct file *f = timerfd_get(descriptor, &r);

	if (!f)
		return r;
	state_read(f->data, state);
	file_drop(f);
	return time_write_pair(user, form, state);
}

i32 call_timerfd_gettime(u32 descriptor, u32 user);
i32 call_timerfd_gettime(u32 descriptor, u32 user)
{
	return gettime(descriptor, user, TIME_SPEC);
}

i32 call_timerfd_gettime64(u32 descriptor, u32 user);
i32 call_timerfd_gettime64(u32 descriptor, u32 user)
{
	return gettime(descriptor, user, TIME_SPEC64);
}
