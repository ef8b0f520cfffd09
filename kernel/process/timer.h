/*
 * The timers of a process: its three interval timers and what timer_create
 * made. Made when first wanted. The scheduler's lock guards them; alarms drive
 * those that go by real time, ticks those that go by CPU time.
 */
#ifndef KERNEL_PROCESS_TIMER_H
#define KERNEL_PROCESS_TIMER_H

#include "kernel/process/alarm.h"
#include "kernel/process/pending.h"

/* What setitimer counts down while the process runs; ns. */
struct countdown {
	u64 left, interval; /* left 0: off */
};

enum countdown_name { COUNT_VIRTUAL, COUNT_PROF, COUNTDOWNS };

struct timers {
	struct process *process;
	struct mutex calls; /* one call on them at a time */
	struct list all; /* of timer_create */
	u32 next; /* number for the next of them */
	u32 count, by_cpu; /* of them; that go by CPU time */
	struct alarm real;
	u64 real_interval;
	struct countdown countdowns[COUNTDOWNS];
};

/* What a timer goes by. */
enum timer_course { BY_TIME, BY_PROCESS, BY_TASK };

/* One that timer_create made. */
struct timer {
	struct list list;
	struct process *process;
	u32 number, clock;
	u32 notify, tid; /* tid: 0, or the task that is told */
	u8 course, armed;
	u32 counted; /* BY_TASK: whose time it is */
	u64 due; /* ns since boot, or of CPU time */
	u64 interval; /* 0: once */
	u32 overruns, overruns_told;
	struct alarm alarm;
	struct queued_signal signal;
};

/* By number; NULL: none. `calls` held. */
struct timer *timer_find(struct timers *all, u32 number);

/* The current process'; NULL without memory. */
struct timers *timers_own(void);

/* How many whole intervals have gone by since `due`, which moves on behind
 * `now`; interval not 0. */
u32 timer_advance(u64 *due, u64 interval, u64 now);

/* The timer's interrupt came: account for it and see to what is due. */
struct frame;
void timers_tick(const struct frame *f);

/* CPU time timers of the current task's process. */
void timers_by_cpu(struct timers *all);

/* The wall clock was set (timerfd.c). */
void timers_wall_changed(void);

#endif
