/*
 * Clocks: what they show, and sleeping by them. All that run by themselves are
 * the core's own clock with something added.
 */
#include "kernel/process/clock.h"

#include "kernel/linux/errno.h"
#include "kernel/process/task.h"
#include "kernel/process/timer.h"
#include "kernel/process/usage.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/vfs/inode.h"
#include "kernel/wide.h"

#define TICK	      1000000u /* ns; what the coarse clocks step by */
#define TIMER_ABSTIME 1u

/* A clock's number that is not in the list is that of a task or process: the
 * complement of its number, times 8, and what it counts. */
#define DYNAMIC	     0x80000000u
#define DYNAMIC_TASK 4u
#define DYNAMIC_KIND 3u
#define KIND_PROF    0u
#define KIND_VIRTUAL 1u
#define KIND_ALL     2u

int clock_runs(u32 clock, u64 *ahead)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		*ahead = instant_origin();
		return 1;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*ahead = 0;
		return 1;
	default:
		return 0;
	}
}

static u64 usage_ns(const struct usage *u, u32 kind)
{
	return tsc_to_ns(kind == KIND_VIRTUAL ? u->user : u->user + u->system);
}

/* Of a process or task by number; 0 stands for the current one. */
static i32 dynamic_now(u32 clock, u64 *ns)
{
	u32 number = ~(clock >> 3) & 0x1FFFFFFF, kind = clock & DYNAMIC_KIND;
	const struct task *t = task_current();
	const struct process *p = t->process;
	struct usage u;

	if (kind > KIND_ALL)
		return -EINVAL;
	spin_lock(&process_lock);
	if (clock & DYNAMIC_TASK)
		t = number ? task_find(number) : t;
	else
		p = number ? process_look(number) : p;
	if (!t || !p || ((clock & DYNAMIC_TASK) && t->process != p)) {
		spin_unlock(&process_lock);
		return -EINVAL;
	}
	if (kind == KIND_ALL)
		*ns = tsc_to_ns(clock & DYNAMIC_TASK ? task_ran(t) :
						       process_ran(p));
	else if (clock & DYNAMIC_TASK)
		usage_of_task(t, &u);
	else
		usage_of_process(p, &u);
	spin_unlock(&process_lock);
	if (kind != KIND_ALL)
		*ns = usage_ns(&u, kind);
	return 0;
}

i32 clock_now(u32 clock, u64 *ns)
{
	u64 ahead;
	u32 rest = 0;

	if (clock_runs(clock, &ahead)) {
		*ns = tsc_now() + ahead;
		if (clock == CLOCK_REALTIME_COARSE ||
		    clock == CLOCK_MONOTONIC_COARSE)
			wide_divide(*ns, TICK, &rest);
		*ns -= rest;
		return 0;
	}
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		clock = ~0u << 3 | KIND_ALL;
	else if (clock == CLOCK_THREAD_CPUTIME_ID)
		clock = ~0u << 3 | DYNAMIC_TASK | KIND_ALL;
	return clock & DYNAMIC ? dynamic_now(clock, ns) : -EINVAL;
}

/* ---- reading and setting ---- */

static i32 gettime(u32 clock, u32 user, enum time_form form)
{
	u64 ns;
	i32 r = clock_now(clock, &ns);

	return r < 0 ? r : time_write(user, form, ns);
}

i32 call_clock_gettime(u32 clock, u32 user);
i32 call_clock_gettime(u32 clock, u32 user)
{
	return gettime(clock, user, TIME_SPEC);
}

i32 call_clock_gettime64(u32 clock, u32 user);
i32 call_clock_gettime64(u32 clock, u32 user)
{
	return gettime(clock, user, TIME_SPEC64);
}

static i32 getres(u32 clock, u32 user, enum time_form form)
{
	u64 ns;
	i32 r = clock_now(clock, &ns);

	if (r < 0 || !user)
		return r;
	return time_write(user, form,
			  clock == CLOCK_REALTIME_COARSE ||
					  clock == CLOCK_MONOTONIC_COARSE ?
				  TICK :
				  1);
}

i32 call_clock_getres(u32 clock, u32 user);
i32 call_clock_getres(u32 clock, u32 user)
{
	return getres(clock, user, TIME_SPEC);
}

i32 call_clock_getres_time64(u32 clock, u32 user);
i32 call_clock_getres_time64(u32 clock, u32 user)
{
	return getres(clock, user, TIME_SPEC64);
}

static i32 wall_set(u64 ns)
{
	struct instant now;
	u64 seconds;

	if (!process_privileged())
		return -EPERM;
	seconds = time_split(ns, &now.nanoseconds);
	if (seconds >> 32)
		return -EINVAL;
	now.seconds = (u32)seconds;
	instant_set(now);
	timers_wall_changed();
	return 0;
}

static i32 settime(u32 clock, u32 user, enum time_form form)
{
	u64 ns;
	i32 r;

	if (clock != CLOCK_REALTIME)
		return -EINVAL;
	r = time_read(user, form, &ns);
	return r < 0 ? r : wall_set(ns);
}

i32 call_clock_settime(u32 clock, u32 user);
i32 call_clock_settime(u32 clock, u32 user)
{
	return settime(clock, user, TIME_SPEC);
}

i32 call_clock_settime64(u32 clock, u32 user);
i32 call_clock_settime64(u32 clock, u32 user)
{
	return settime(clock, user, TIME_SPEC64);
}

i32 call_time(u32 user);
i32 call_time(u32 user)
{
	u32 seconds = instant_now().seconds;

	if (user && user_write32(user, seconds) < 0)
		return -EFAULT;
	return (i32)seconds;
}

i32 call_stime(u32 user);
i32 call_stime(u32 user)
{
	u32 seconds;

	if (user_read32(&seconds, user) < 0)
		return -EFAULT;
	return wall_set(time_join(seconds, 0));
}

/* The time zone is UTC's; programs know better. */
i32 call_gettimeofday(u32 user, u32 zone);
i32 call_gettimeofday(u32 user, u32 zone)
{
	if (user && gettime(CLOCK_REALTIME, user, TIME_VAL) < 0)
		return -EFAULT;
	return zone ? user_zero(zone, 8) : 0;
}

i32 call_settimeofday(u32 user, u32 zone);
i32 call_settimeofday(u32 user, u32 zone)
{
	u64 ns;
	i32 r;

	(void)zone;
	if (!user)
		return process_privileged() ? 0 : -EPERM;
	r = time_read(user, TIME_VAL, &ns);
	return r < 0 ? r : wall_set(ns);
}

/* ---- sleeping ---- */

/* Until `deadline`: 0, or what a signal makes of it. */
static i32 sleep_until(u64 deadline)
{
	enum wait_result r = WAIT_WOKEN;

	scheduler_lock();
	while (r == WAIT_WOKEN && tsc_now() < deadline)
		r = wait_for_signal(0, deadline);
	scheduler_unlock();
	return r == WAIT_SIGNAL ? -ERESTARTNOHAND : 0;
}

/* A duration: what is left goes to `left`, and restart_syscall goes on. */
static i32 sleep_for(u64 deadline, u32 left, enum time_form form);

static i32 sleep_again(struct restart *r)
{
	return sleep_for(r->deadline, r->a, (enum time_form)r->b);
}

static i32 sleep_for(u64 deadline, u32 left, enum time_form form)
{
	i32 r = sleep_until(deadline);
	u64 now = tsc_now();

	if (r == 0)
		return 0;
	if (left &&
	    time_write(left, form, deadline > now ? deadline - now : 0) < 0)
		return -EFAULT;
	task_current()->restart = (struct restart){
		.again = sleep_again,
		.a = left,
		.b = form,
		.deadline = deadline,
	};
	return -ERESTART_BLOCK;
}

/* By a clock of CPU time, which stands still or goes several times as fast
 * with more CPUs: so it is looked at again and again. */
static i32 sleep_by_cpu(u32 clock, u32 flags, u64 ns)
{
	enum wait_result r = WAIT_WOKEN;
	u64 now;

	if (clock == CLOCK_THREAD_CPUTIME_ID || clock_now(clock, &now) < 0)
		return -EINVAL;
	if (!(flags & TIMER_ABSTIME))
		ns += now;
	scheduler_lock();
	while (r != WAIT_SIGNAL && now < ns) {
		r = wait_for_signal(0, tsc_now() + (ns - now) / 8 + TICK);
		scheduler_unlock();
		if (clock_now(clock, &now) < 0)
			now = ns; /* it is gone */
		scheduler_lock();
	}
	scheduler_unlock();
	return r == WAIT_SIGNAL ? -ERESTARTNOHAND : 0;
}

static i32 nanosleep(u32 clock, u32 flags, u32 wanted, u32 left,
		     enum time_form form)
{
	u64 ns, ahead;
	i32 r = time_read(wanted, form, &ns);

	if (r < 0)
		return r;
	if (!clock_runs(clock, &ahead))
		return sleep_by_cpu(clock, flags, ns);
	if (!(flags & TIMER_ABSTIME))
		return sleep_for(deadline_after(ns), left, form);
	return sleep_until(ns > ahead ? ns - ahead : 0);
}

i32 call_nanosleep(u32 wanted, u32 left);
i32 call_nanosleep(u32 wanted, u32 left)
{
	return nanosleep(CLOCK_MONOTONIC, 0, wanted, left, TIME_SPEC);
}

i32 call_clock_nanosleep(u32 clock, u32 flags, u32 wanted, u32 left);
i32 call_clock_nanosleep(u32 clock, u32 flags, u32 wanted, u32 left)
{
	return nanosleep(clock, flags, wanted, left, TIME_SPEC);
}

i32 call_clock_nanosleep_time64(u32 clock, u32 flags, u32 wanted, u32 left);
i32 call_clock_nanosleep_time64(u32 clock, u32 flags, u32 wanted, u32 left)
{
	return nanosleep(clock, flags, wanted, left, TIME_SPEC64);
}
