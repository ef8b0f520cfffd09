/* POSIX timers: the calls that set and read them. */
#include "kernel/linux/errno.h"
#include "kernel/process/clock.h"
#include "kernel/process/timer.h"
#include "kernel/tsc.h"

#define TIMER_ABSTIME 1u

static u64 course_now(const struct timer *t)
{
	u64 ns = 0;

	if (t->course == BY_TIME)
		return tsc_now();
	clock_now(t->clock, &ns);
	return ns;
}

/* What is left of it and its interval. Lock held. */
static void timer_state(const struct timer *t, u64 now, u64 state[2])
{
	state[0] = t->interval;
	state[1] = 0;
	if (t->armed)
		state[1] = t->due > now ? t->due - now : 1;
}

/* Stop it, and say how it was. */
static void timer_stop(struct timer *t, u64 before[2])
{
	u64 now = course_now(t);

	alarm_cancel(&t->alarm);
	scheduler_lock();
	timer_state(t, now, before);
	t->armed = 0;
	pending_withdraw(&t->signal);
	scheduler_unlock();
}

static void timer_start(struct timer *t, u32 flags, const u64 wanted[2])
{
	u64 now = course_now(t), ahead = 0;

	clock_runs(t->clock, &ahead);
	scheduler_lock();
	t->overruns = t->overruns_told = 0;
	t->interval = wanted[0];
	if (wanted[1]) {
		t->armed = 1;
		t->due = now + wanted[1];
		if (flags & TIMER_ABSTIME)
			t->due = wanted[1] > ahead ? wanted[1] - ahead : 1;
		if (t->course == BY_TIME)
			alarm_set(&t->alarm, t->due);
	}
	scheduler_unlock();
}

static i32 settime(u32 number, u32 flags, u32 user, u32 old,
		   enum time_form form)
{
	u64 wanted[2], before[2];
	struct timers *all = timers_own();
	struct timer *t;
	i32 r = user && all ? time_read_pair(user, form, wanted) : -EINVAL;

	if (r < 0)
		return r;
	mutex_lock(&all->calls);
	t = timer_find(all, number);
	if (t) {
		timer_stop(t, before);
		timer_start(t, flags, wanted);
	}
	mutex_unlock(&all->calls);
	if (!t)
		return -EINVAL;
	return old ? time_write_pair(old, form, before) : 0;
}

i32 call_timer_settime(u32 number, u32 flags, u32 user, u32 old);
i32 call_timer_settime(u32 number, u32 flags, u32 user, u32 old)
{
	return settime(number, flags, user, old, TIME_SPEC);
}

i32 call_timer_settime64(u32 number, u32 flags, u32 user, u32 old);
i32 call_timer_settime64(u32 number, u32 flags, u32 user, u32 old)
{
	return settime(number, flags, user, old, TIME_SPEC64);
}

static i32 gettime(u32 number, u32 user, enum time_form form)
{
	struct timers *all = timers_own();
	struct timer *t;
	u64 state[2];

	if (!all)
		return -EINVAL;
	mutex_lock(&all->calls);
	t = timer_find(all, number);
	if (t) {
		u64 now = course_now(t);

		scheduler_lock();
		timer_state(t, now, state);
		scheduler_unlock();
	}
	mutex_unlock(&all->calls);
	return t ? time_write_pair(user, form, state) : -EINVAL;
}

i32 call_timer_gettime(u32 number, u32 user);
i32 call_timer_gettime(u32 number, u32 user)
{
	return gettime(number, user, TIME_SPEC);
}

i32 call_timer_gettime64(u32 number, u32 user);
i32 call_timer_gettime64(u32 number, u32 user)
{
	return gettime(number, user, TIME_SPEC64);
}

i32 call_timer_getoverrun(u32 number);
i32 call_timer_getoverrun(u32 number)
{
	struct timers *all = timers_own();
	struct timer *t;
	i32 r = -EINVAL;

	if (!all)
		return r;
	mutex_lock(&all->calls);
	t = timer_find(all, number);
	if (t)
		r = (i32)t->overruns_told;
	mutex_unlock(&all->calls);
	return r;
}
