/*
 * Interval timers, alarm, the limit on CPU time, and what the timer's
 * interrupt has to do for the process it found running.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/process/clock.h"
#include "kernel/process/timer.h"
#include "kernel/process/usage.h"
#include "kernel/tsc.h"

#define TICK	 1000000u /* ns */
#define NO_LIMIT 0xFFFFFFFFu

enum itimer { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };

static void real_expire(struct alarm *a)
{
	struct timers *all = LIST_OF(a, struct timers, real);
	u64 due = a->deadline;

	scheduler_lock();
	u64 interval = all->real_interval;
	scheduler_unlock();
	signal_process(all->process, SIGALRM, 0);
	if (interval) {
		timer_advance(&due, interval, tsc_now());
		alarm_set(a, due);
	}
}

struct timers *timers_own(void)
{
	static struct lock_class class = { .name = "timer calls" };
	struct process *p = process_current();
	struct timers *all, *none = 0;

	if (p->timers)
		return p->timers;
	all = heap_take_now(sizeof(*all));
	if (!all)
		return 0;
	all->process = p;
	list_init(&all->all);
	mutex_init(&all->calls, &class);
	alarm_init(&all->real, real_expire);
	if (!__atomic_compare_exchange_n(&p->timers, &none, all, 0,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		heap_give(all); /* another task was faster */
	return p->timers;
}

void timers_end(struct process *p)
{
	struct timers *all = p->timers;

	if (!all)
		return;
	timers_exec(p);
	alarm_cancel(&all->real);
	scheduler_lock();
	p->timers = 0; /* a tick may look */
	scheduler_unlock();
	heap_give(all);
}

/* ---- ticks ---- */

/* Has it run down? Lock held. */
static int count_down(struct countdown *c)
{
	if (!c->left)
		return 0;
	if (c->left > TICK) {
		c->left -= TICK;
		return 0;
	}
	c->left = c->interval;
	return 1;
}

static void countdowns_tick(struct timers *all, int in_program)
{
	int virtual, prof;

	scheduler_lock();
	virtual = in_program && count_down(&all->countdowns[COUNT_VIRTUAL]);
	prof = count_down(&all->countdowns[COUNT_PROF]);
	scheduler_unlock();
	if (virtual)
		signal_process(all->process, SIGVTALRM, 0);
	if (prof)
		signal_process(all->process, SIGPROF, 0);
}

/* Each second above the soft limit is told, the hard one ends it. */
static void limit_tick(struct process *p)
{
	struct limit *l = &p->limits[LIMIT_CPU];
	u32 rest;
	u64 ns, seconds;

	if (clock_now(CLOCK_PROCESS_CPUTIME_ID, &ns) < 0)
		return;
	seconds = time_split(ns, &rest);
	if (seconds >= l->hard) {
		signal_process(p, SIGKILL, 0);
	} else if (seconds >= l->soft) {
		l->soft = (u32)seconds + 1;
		signal_process(p, SIGXCPU, 0);
	}
}

void timers_tick(const struct frame *f)
{
	struct task *t = task_current();

	usage_tick(f);
	if (t && !t->ended) {
		struct process *p = t->process;
		struct timers *all = p->timers;

		if (all) {
			countdowns_tick(all, frame_ring(f) == 3);
			if (all->by_cpu)
				timers_by_cpu(all);
		}
		if (p->limits[LIMIT_CPU].soft != NO_LIMIT)
			limit_tick(p);
	}
	alarms_run();
}

/* ---- calls ---- */

/* Interval first, as in struct itimerval. */
static void itimer_read(struct timers *all, u32 which, u64 state[2])
{
	state[0] = state[1] = 0;
	if (which == ITIMER_REAL) {
		u64 due = alarm_due(&all->real), now = tsc_now();

		state[0] = all->real_interval;
		if (due)
			state[1] = due > now + 1000 ? due - now : 1000;
		return;
	}
	struct countdown *c = &all->countdowns[which - ITIMER_VIRTUAL];

	scheduler_lock();
	state[0] = c->interval;
	state[1] = c->left;
	scheduler_unlock();
}

static void itimer_write(struct timers *all, u32 which, const u64 wanted[2])
{
	if (which == ITIMER_REAL) {
		alarm_cancel(&all->real);
		scheduler_lock();
		all->real_interval = wanted[0];
		scheduler_unlock();
		if (wanted[1])
			alarm_set(&all->real, deadline_after(wanted[1]));
		return;
	}
	struct countdown *c = &all->countdowns[which - ITIMER_VIRTUAL];

	scheduler_lock();
	c->interval = wanted[0];
	c->left = wanted[1];
	scheduler_unlock();
}

i32 call_getitimer(u32 which, u32 user);
i32 call_getitimer(u32 which, u32 user)
{
	struct timers *all = timers_own();
	u64 state[2];

	if (which > ITIMER_PROF)
		return -EINVAL;
	if (!all)
		return -ENOMEM;
	itimer_read(all, which, state);
	return time_write_pair(user, TIME_VAL, state);
}

i32 call_setitimer(u32 which, u32 user, u32 old);
i32 call_setitimer(u32 which, u32 user, u32 old)
{
	struct timers *all = timers_own();
	u64 wanted[2] = { 0, 0 }, before[2];
	i32 r = user ? time_read_pair(user, TIME_VAL, wanted) : 0;

	if (r < 0)
		return r;
	if (which > ITIMER_PROF)
		return -EINVAL;
	if (!all)
		return -ENOMEM;
	itimer_read(all, which, before);
	itimer_write(all, which, wanted);
	return old ? time_write_pair(old, TIME_VAL, before) : 0;
}

/* Seconds that the last one had left, rounded, but never to 0. */
i32 call_alarm(u32 seconds);
i32 call_alarm(u32 seconds)
{
	struct timers *all = timers_own();
	u64 wanted[2] = { 0, time_join(seconds, 0) }, before[2], left;
	u32 rest;

	if (!all)
		return 0;
	itimer_read(all, ITIMER_REAL, before);
	itimer_write(all, ITIMER_REAL, wanted);
	left = time_split(before[1], &rest);
	if (rest >= SECOND / 2 || (!left && rest))
		left++;
	return (i32)left;
}
