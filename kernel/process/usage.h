/*
 * What tasks and processes have used: time on a CPU in ticks of the TSC,
 * page faults, switches, and the most memory.
 */
#ifndef KERNEL_PROCESS_USAGE_H
#define KERNEL_PROCESS_USAGE_H

#include "kernel/process/process.h"

struct usage {
	u64 user, system; /* TSC ticks */
	u32 peak; /* most resident pages */
	u32 faults_minor, faults_major;
	u32 switches, switches_forced;
};

/* The timer interrupted the current task: was it in its program? */
void usage_tick(const struct frame *f);

/* TSC ticks a task has run so far; those of all tasks of a process, ended ones
 * too. process_lock held for other processes' (and for other tasks). */
u64 task_ran(const struct task *t);
u64 process_ran(const struct process *p);

/* The same in full. process_lock held. */
void usage_of_task(const struct task *t, struct usage *u);
void usage_of_process(const struct process *p, struct usage *u);
void usage_of_children(const struct process *p, struct usage *u);

/* Add what is going to the process' own account, or to its parent's. */
void usage_task_ends(struct task *t);
void usage_space_ends(struct process *p, const struct space *s);
void usage_child_ends(struct process *parent, const struct process *child);

/* As times(2) counts, 100 a second. */
u32 usage_ticks(u64 tsc);

/* As struct rusage in the user's memory. 0 or -EFAULT. */
i32 usage_write(u32 user, const struct usage *u);

#endif
