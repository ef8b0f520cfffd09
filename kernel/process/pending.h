/*
 * Signals on their way: the queues between signal.c, which sends, and those
 * who take (leave.c, signal_wait.c, signalfd.c). The scheduler's lock guards
 * all of it; blocks are given back to the heap when it is free again.
 */
#ifndef KERNEL_PROCESS_PENDING_H
#define KERNEL_PROCESS_PENDING_H

#include "kernel/process/process.h"

#define SET_KILLS (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define SET_STOPS \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | \
	 SIGNAL_BIT(SIGTTOU))
#define SET_IGNORED \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) | \
	 SIGNAL_BIT(SIGWINCH))
#define SET_FAULTS \
	(SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP) | SIGNAL_BIT(SIGBUS) | \
	 SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGSYS))
#define SET_DUMPS \
	(SET_FAULTS | SIGNAL_BIT(SIGQUIT) | SIGNAL_BIT(SIGABRT) | \
	 SIGNAL_BIT(SIGXCPU) | SIGNAL_BIT(SIGXFSZ))

struct queued_signal {
	struct list list;
	struct signals *in; /* whose queue that is, if it is in one */
	struct signal_info info;
	/* A timer's own block, which is not given back: called as it is taken
	 * out, to say in `info` how often it ran. NULL: on the heap. */
	void (*taken)(struct queued_signal *q);
};

/* Blocks to be given to the heap once the lock is free. */
struct discarded {
	struct list list;
};
void discarded_give(struct discarded *d);

/*
 * Take the next signal of `set` that is pending for t or its process: its
 * number and info, or 0. Lock held.
 */
u32 pending_take(struct task *t, u64 set, struct signal_info *info,
		 struct discarded *d);

/* What is pending for a task, by itself or for its process. */
static inline u64 pending_set(const struct task *t)
{
	return t->pending.set | t->process->pending.set;
}

/* Send a block that is the caller's own (a timer's), to a process or, if not
 * NULL, to one task of it. It is there already: nothing happens. Lock held. */
void pending_send(struct process *p, struct task *to, struct queued_signal *q);

/* Take it out of its queue, untold, if it is in one. Lock held. */
void pending_withdraw(struct queued_signal *q);

/* Is it in a queue? */
static inline int pending_queued(const struct queued_signal *q)
{
	return !list_empty(&q->list);
}

/* Drop what is pending of `set` for a process and its tasks. Lock held. */
void pending_drop(struct process *p, u64 set, struct discarded *d);

/* Must it end, now? Lock held. */
static inline int task_dies(const struct task *t)
{
	const struct process *p = t->process;

	return (p->dying && p->executing != t) ||
	       (pending_set(t) & SIGNAL_BIT(SIGKILL));
}

/* Tasks of stopped processes stand still here. */
extern struct wait_queue standing;

#endif
