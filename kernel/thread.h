/*
 * Threads: preemptive, on every CPU, each with a kernel stack above a guard
 * page, a crossing page, and its place in one run queue. Wait queues and
 * thread states are guarded by one lock, the scheduler's.
 */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H

#include "gates/linkage.h"
#include "kernel/list.h"
#include "kernel/lock.h"

#define THREAD_STACK (FLAT_BUILD ? 32768u : 8192u)
#define STACK_CALLER 4u /* word of it: the door of who asks the core (flat) */

enum thread_state {
	THREAD_READY,
	THREAD_RUNNING,
	THREAD_WAITING,
	THREAD_ENDED,
};

enum thread_rank {
	RANK_HIGH, /* interrupt handlers, the undertaker */
	RANK_NORMAL,
	RANK_COUNT,
};

/* What a task's thread has to do besides, at the doors of the core. */
enum attention {
	ATTENTION_LEAVE = 1, /* task_leave, before it returns to its program */
	ATTENTION_TRACE = 2, /* its system calls are printed */
};

/* Does a signal end its wait, and did one? */
enum signal_wait { SIGNAL_WAIT_NONE, SIGNAL_WAIT_OPEN, SIGNAL_WAIT_ENDED };

struct wait_queue {
	struct list threads;
};

struct thread {
	u32 esp; /* saved while not running */
	u32 esp0; /* where traps from outer rings arrive */
	struct crossing *crossing; /* the crossing page, in the direct map */
	struct cpu *cpu; /* the CPU it runs on, or ran on last */
	struct ring *ring; /* that CPU's */
	u32 up_gate; /* function it called the core for, or 0 */
	u32 pending; /* something to do before leaving the core */
	u32 fs, gs; /* saved while not running */
	u32 no_preempt; /* depth */
	u32 reserved; /* frames set aside for what it does */
	u32 stack; /* lowest address of the kernel stack */
	u32 number;
	char name[20];
	u8 state, rank;
	u8 slice; /* ticks left */
	u8 timed_out;
	u8 interrupted;
	struct list ready; /* run queue or wait queue */
	struct list timed; /* among the sleepers with a deadline */
	struct list all;
	struct wait_queue *waits_in;
	u64 deadline; /* nanoseconds since boot */
	u64 run_time; /* TSC ticks */
	u64 started; /* TSC when it last got the CPU */
	u64 woke; /* TSC when it woke another and went on; kernel/kick.c */
	u8 hands_over; /* times that it slept soon after */
	struct wait_queue ended;
	void (*main)(void *);
	void *argument;
	struct held_locks held; /* debug builds: for the order checker */
	const struct domain
		*revived; /* whom it last waited for after -E_GONE */
	u32 revived_generation;
	const struct domain *answered; /* commit_answer: who, and what */
	i32 answer;
	u32 fault_address; /* CR2 of its last page fault */
	struct task *task; /* of a process; NULL: a thread of the core's */
	struct space *space; /* loaded while it runs; NULL: any will do */
	u32 attention; /* bits of enum attention */
	u8 waits_for_signal; /* enum signal_wait */
	u8 asks; /* a server's thread works for it meanwhile */
	struct thread *works_for; /* a server's: who asked; else NULL */
	u8 detached; /* nobody joins it: its stack is kept for the next */
	struct descriptor crossing_segment, ldt; /* of its crossing page */
};

/* The thread that runs here. Its kernel stack's lowest word points to it. */
static inline struct thread *thread_current(void)
{
	u32 esp;

	__asm__ volatile("mov %%esp, %0" : "=r"(esp));
	return *(struct thread **)(esp & ~(THREAD_STACK - 1));
}

/* The same, or on whose behalf it runs, if it is a server's. */
static inline struct thread *thread_asking(void)
{
	struct thread *t = thread_current();

	return t->works_for ? t->works_for : t;
}

/* Turn the boot stack into the boot CPU's idle thread. */
void thread_init(void);

/* An idle thread for a CPU that is about to start; returns it. */
struct thread *thread_idle_make(struct cpu *cpu);

/* What an idle thread does for ever. */
_Noreturn void thread_idle(void);

/* So many more (or less) interrupts are expected within some microseconds. */
void thread_expect(i32 change);

/*
 * Start `main(argument)` in a new thread. NULL without memory. The thread ends
 * when main returns; somebody must then join it.
 */
struct thread *thread_start(const char *name, u8 rank, void (*main)(void *),
			    void *argument);

/*
 * A thread for a task: it will leave the core through `frame`, with `space`
 * loaded (borrowed; its task keeps it). It does not run before thread_go.
 * NULL without memory.
 */
struct frame;
struct thread *thread_for_task(struct task *task, struct space *space,
			       const struct frame *frame);
void thread_go(struct thread *t);

/* The same thread, never started after all: free it. */
void thread_abandon(struct thread *t);

/* Run on in another address space, from now on (execve, exit: NULL). */
void thread_set_space(struct space *space);

/* task->tls of the current thread has changed. */
void thread_tls_changed(void);

/* End a task's thread; nobody joins it. */
_Noreturn void thread_end(void);

/* Wait until a thread has ended, then free it. */
void thread_join(struct thread *t);

/* Threads alive, and visit each (under the scheduler's lock). */
u32 thread_count(void);
void thread_each(void (*visit)(struct thread *, void *), void *argument);

/* Bytes of a thread's kernel stack ever used. */
u32 thread_stack_used(const struct thread *t);

/* Give the CPU to another ready thread, if there is one. */
void thread_yield(void);

/* Called on the way out of a trap: switch if a better thread is ready. */
void thread_preempt(void);

/* The timer: end slices, wake sleepers. */
void thread_tick(void);

/*
 * The scheduler's lock guards wait queues, thread states and the conditions
 * that threads wait for. Interrupts are off while it is held.
 */
void scheduler_lock(void);
void scheduler_unlock(void);

#define WAIT_FOREVER 0xFFFFFFFFFFFFFFFFull

enum wait_result {
	WAIT_WOKEN,
	WAIT_TIMED_OUT,
	WAIT_INTERRUPTED, /* by the unwinder */
	WAIT_SIGNAL, /* wait_for_signal alone (kernel/process/signal.h) */
};

/*
 * Sleep in `q` until woken or until `deadline` (ns since boot). The scheduler's
 * lock is held on entry and on return, free in between. WAIT_INTERRUPTED: the
 * unwinder wants this thread (thread_interrupt).
 */
enum wait_result wait_in(struct wait_queue *q, u64 deadline);

/* Wake the first, or all, threads in `q`; returns how many. Lock held. */
u32 wake_one(struct wait_queue *q);
u32 wake_all(struct wait_queue *q);

/* Make a waiting thread return WAIT_INTERRUPTED. Lock held. */
void thread_interrupt(struct thread *t);

/*
 * A task's thread has something to do before it goes on in its program
 * (ATTENTION_LEAVE): end its wait_for_signal, or call the CPU it runs on.
 * Lock held.
 */
void thread_alert(struct thread *t);

void wait_queue_init(struct wait_queue *q);

/* Sleep without a queue. */
enum wait_result thread_sleep(u64 deadline);

static inline void preempt_disable(void)
{
	thread_current()->no_preempt++;
	__asm__ volatile("" ::: "memory");
}

static inline void preempt_enable(void)
{
	__asm__ volatile("" ::: "memory");
	thread_current()->no_preempt--;
}

#endif
