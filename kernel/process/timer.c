/* POSIX timers: making, running and ending them. */
#include "kernel/process/timer.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/clock.h"
#include "kernel/process/task.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define TIMERS_MOST   4096u
#define OVERRUNS_MOST 0x7FFFFFFFu

enum notify { SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID = 4 };

/* struct sigevent, as much as is used. */
struct event {
	u32 value, signal, notify, tid;
};

/* The signal is being delivered: it says how often the timer ran besides. */
static void timer_taken(struct queued_signal *q)
{
	struct timer *t = LIST_OF(q, struct timer, signal);

	t->overruns_told = t->overruns;
	q->info.timer.overrun = t->overruns;
	t->overruns = 0;
}

/* It ran `missed` times more than this once. Lock held. */
static void timer_tell(struct timer *t, struct task *to, u32 missed)
{
	if (t->notify == SIGEV_NONE)
		return;
	if (pending_queued(&t->signal)) {
		t->overruns = min(t->overruns + missed + 1, OVERRUNS_MOST);
		return;
	}
	t->overruns = missed;
	pending_send(t->process, to, &t->signal);
}

u32 timer_advance(u64 *due, u64 interval, u64 now)
{
	u32 rest, times = 0;

	if (interval >> 32 == 0 && now > *due) {
		u64 late = now - *due;

		times = (u32)wide_divide(late, (u32)interval, &rest);
		*due = now - rest;
	}
	while (*due <= now) { /* longer intervals pass rarely */
		*due += interval;
		times++;
	}
	return times - 1;
}

/* process_lock and the scheduler's lock are held. */
static void timer_run(struct timer *t, u64 now)
{
	struct task *to = t->tid ? task_find(t->tid) : 0;
	u32 missed = 0;

	if (t->interval)
		missed = timer_advance(&t->due, t->interval, now);
	else
		t->armed = 0;
	if (!t->tid || to)
		timer_tell(t, to, missed);
}

static void timer_expire(struct alarm *a)
{
	struct timer *t = LIST_OF(a, struct timer, alarm);

	spin_lock(&process_lock);
	scheduler_lock();
	timer_run(t, tsc_now());
	if (t->interval)
		alarm_set(a, t->due);
	scheduler_unlock();
	spin_unlock(&process_lock);
}

void timers_by_cpu(struct timers *all)
{
	u32 tid = task_current()->tid;
	u64 process, task;

	clock_now(CLOCK_PROCESS_CPUTIME_ID, &process);
	clock_now(CLOCK_THREAD_CPUTIME_ID, &task);
	spin_lock(&process_lock);
	scheduler_lock();
	for (struct list *l = all->all.next; l != &all->all; l = l->next) {
		struct timer *t = LIST_OF(l, struct timer, list);
		u64 now = t->course == BY_PROCESS ? process : task;

		if (t->armed && t->due <= now && t->course != BY_TIME &&
		    (t->course == BY_PROCESS || t->counted == tid))
			timer_run(t, now);
	}
	scheduler_unlock();
	spin_unlock(&process_lock);
}

/* ---- making and ending ---- */

/* Where a clock's time comes from; -EINVAL for those of other processes. */
static i32 course_choose(struct timer *t, u32 clock)
{
	u64 ns, ahead;
	u32 number = ~(clock >> 3) & 0x1FFFFFFF;
	const struct process *p = process_current();

	t->clock = clock;
	if (clock_runs(clock, &ahead))
		return clock == CLOCK_MONOTONIC_RAW ||
				       clock == CLOCK_REALTIME_COARSE ||
				       clock == CLOCK_MONOTONIC_COARSE ?
			       -EOPNOTSUPP :
			       0;
	if (clock_now(clock, &ns) < 0)
		return -EINVAL;
	t->course = BY_PROCESS;
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return 0;
	if (clock != CLOCK_THREAD_CPUTIME_ID && !(clock & 4))
		return number == 0 || number == p->pid ? 0 : -EINVAL;
	t->course = BY_TASK;
	t->counted = number;
	if (clock == CLOCK_THREAD_CPUTIME_ID || !number)
		t->counted = task_current()->tid;
	return 0;
}

/* May that task of this process be told? */
static int own_task(u32 tid)
{
	struct task *t;
	int own;

	spin_lock(&process_lock);
	t = task_find(tid);
	own = t && t->process == process_current();
	spin_unlock(&process_lock);
	return own;
}

static i32 event_take(struct timer *t, u32 user)
{
	struct event e = { .signal = SIGALRM, .value = t->number };

	if (user && user_read(&e, user, sizeof(e)) < 0)
		return -EFAULT;
	t->notify = e.notify;
	if (e.notify > SIGEV_THREAD_ID || e.notify == 3)
		return -EINVAL;
	if (e.notify != SIGEV_NONE && (e.signal < 1 || e.signal > SIGNALS))
		return -EINVAL;
	if (e.notify == SIGEV_THREAD_ID) {
		t->tid = e.tid;
		if (!own_task(e.tid))
			return -EINVAL;
	}
	t->signal.taken = timer_taken;
	t->signal.info.number = (i32)e.signal;
	t->signal.info.code = SI_TIMER;
	t->signal.info.timer.timer = t->number;
	t->signal.info.timer.value = e.value;
	return 0;
}

static struct timer *timer_make(struct timers *all)
{
	struct timer *t = heap_take_now(sizeof(*t));

	if (!t)
		return 0;
	list_init(&t->signal.list);
	alarm_init(&t->alarm, timer_expire);
	t->process = all->process;
	scheduler_lock();
	t->number = all->next++;
	scheduler_unlock();
	return t;
}

struct timer *timer_find(struct timers *all, u32 number)
{
	for (struct list *l = all->all.next; l != &all->all; l = l->next)
		if (LIST_OF(l, struct timer, list)->number == number)
			return LIST_OF(l, struct timer, list);
	return 0;
}

i32 call_timer_create(u32 clock, u32 event, u32 user_number);
i32 call_timer_create(u32 clock, u32 event, u32 user_number)
{
	struct timers *all = timers_own();
	struct timer *t;
	i32 r;

	if (!all || all->count >= TIMERS_MOST)
		return -EAGAIN;
	t = timer_make(all);
	if (!t)
		return -EAGAIN;
	r = course_choose(t, clock);
	if (r == 0)
		r = event_take(t, event);
	if (r == 0)
		r = user_write32(user_number, t->number);
	if (r < 0) {
		heap_give(t);
		return r;
	}
	scheduler_lock();
	list_add_last(&all->all, &t->list);
	all->count++;
	all->by_cpu += t->course != BY_TIME;
	scheduler_unlock();
	return 0;
}

/* Gone when this returns. */
static void timer_end(struct timers *all, struct timer *t)
{
	alarm_cancel(&t->alarm);
	scheduler_lock();
	list_remove(&t->list);
	pending_withdraw(&t->signal);
	all->count--;
	all->by_cpu -= t->course != BY_TIME;
	scheduler_unlock();
	heap_give(t);
}

i32 call_timer_delete(u32 number);
i32 call_timer_delete(u32 number)
{
	struct timers *all = timers_own();
	struct timer *t;

	if (!all)
		return -EINVAL;
	mutex_lock(&all->calls);
	t = timer_find(all, number);
	if (t)
		timer_end(all, t);
	mutex_unlock(&all->calls);
	return t ? 0 : -EINVAL;
}

void timers_exec(struct process *p)
{
	struct timers *all = p->timers;

	while (all && !list_empty(&all->all))
		timer_end(all, LIST_OF(all->all.next, struct timer, list));
}
