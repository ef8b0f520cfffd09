/*
 * Signals: what is pending, what is done about it, and the frames that
 * handlers get. Pending sets and actions are guarded by the scheduler's lock,
 * so that a wait sees a signal that comes between its look and its sleep.
 */
#ifndef KERNEL_PROCESS_SIGNAL_H
#define KERNEL_PROCESS_SIGNAL_H

#include "kernel/list.h"
#include "kernel/thread.h"

#define SIGNALS 64u

enum signal_number {
	SIGHUP = 1, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM,
	SIGSTKFLT, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
	SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO, SIGPWR,
	SIGSYS, SIGRTMIN,
};

#define SIGNAL_BIT(n) (1ull << ((n)-1))

#define SIGNAL_INFO_BYTES 128u /* what programs see: the rest is zero */

/* The beginning of a siginfo_t: as much of it as i386 programs use. */
struct signal_info {
	i32 number, error, code;
	union {
		u32 words[9];
		struct {
			u32 pid, uid, status, user_ticks, system_ticks;
		} child;
		struct {
			u32 pid, uid, value;
		} queued;
		struct {
			u32 timer, overrun, value;
		} timer;
		struct {
			u32 address;
		} fault;
		struct {
			u32 band, descriptor;
		} poll;
	};
};

enum signal_code {
	SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TIMER = -2,
	SI_TKILL = -6,
	SEGV_MAPERR = 1, SEGV_ACCERR = 2,
	BUS_ADRALN = 1, BUS_ADRERR = 2,
	FPE_INTDIV = 1, FPE_INTOVF = 2, FPE_FLTDIV = 3, FPE_FLTOVF = 4,
	FPE_FLTUND = 5, FPE_FLTRES = 6, FPE_FLTINV = 7,
	ILL_ILLOPN = 2, TRAP_BRKPT = 1, TRAP_TRACE = 2,
	CLD_EXITED = 1, CLD_KILLED = 2, CLD_DUMPED = 3, CLD_TRAPPED = 4,
	CLD_STOPPED = 5, CLD_CONTINUED = 6,
};

/* What is pending: a set, and the infos in order of arrival. */
struct signals {
	u64 set;
	struct list queue; /* of struct queued_signal */
	u32 count; /* in it */
};

enum action_flag {
	SA_NOCLDSTOP = 1,
	SA_NOCLDWAIT = 2,
	SA_SIGINFO = 4,
	SA_RESTORER = 0x04000000,
	SA_ONSTACK = 0x08000000,
	SA_RESTART = 0x10000000,
	SA_NODEFER = 0x40000000,
	SA_RESETHAND = 0x80000000,
};

#define SIG_DFL 0u
#define SIG_IGN 1u

struct action {
	u32 handler; /* 0 SIG_DFL, 1 SIG_IGN */
	u32 flags, restorer;
	u64 mask;
};

struct actions {
	u32 users;
	struct action action[SIGNALS];
};

/* What restart_syscall goes on with. */
struct restart {
	i32 (*again)(struct restart *r);
	u32 a, b, c, d;
	u64 deadline;
};

struct task;
struct process;
struct group;
struct frame;

/* The end of a restart: no call is to go on. */
i32 restart_none(struct restart *r);

/*
 * Send: to one task, to a process (some task that lets it through), to all of
 * a group. `info` may be NULL (SI_KERNEL). 0; -EAGAIN when too many are queued.
 * They take the scheduler's lock and never sleep. process_lock may be held; it
 * must be for signal_group and for any task but the current, so that group and
 * task stay.
 */
i32 signal_task(struct task *t, u32 signal, const struct signal_info *info);
i32 signal_process(struct process *p, u32 signal,
		   const struct signal_info *info);
void signal_group(struct group *g, u32 signal);

/* A fault of the current task: cannot be blocked or ignored. */
void signal_fault(u32 signal, i32 code, u32 address, const struct frame *f);

/* What an exception in ring 3 comes to; page faults with space_fault's
 * answer (enum space_answer). */
void signal_trap(struct frame *f);
void signal_page_fault(struct frame *f, u32 address, u32 why);

/* The current task's blocked signals; unblocking delivers what was pending. */
void signal_block(u64 set);

/* Is there something that the current task should return to its program for:
 * a signal, its end? */
int signal_waiting(const struct task *t);

/* Have a task see what there is to do: ends its waits. Lock held. */
void signal_wake(struct task *t);

/* The same for the current task after a change: is there still anything? */
void signal_look(struct task *t);

/* A task is about to end: others look at what was the process's. `ended` is set
 * already. Takes the scheduler's lock. */
void signal_pass_on(struct process *p);

/*
 * ppoll and its kin: block the `size` bytes of set at `user` (0: leave it) for
 * the time of a call. 0, -EFAULT or -EINVAL. At its end its result goes through
 * signal_unborrow: if a signal broke it off, handlers run before the old set is
 * back.
 */
i32 signal_borrow(u32 user, u32 size);
i32 signal_unborrow(i32 result);

/* A siginfo_t in the user's memory. 0 or -EFAULT. */
i32 signal_info_write(u32 user, const struct signal_info *info);

/* A new program: handlers become default. A new process: a copy. */
void signal_exec(struct process *p);
struct actions *actions_copy(struct actions *a); /* NULL: all default */
void actions_hold(struct actions *a);
void actions_drop(struct actions *a);
void signals_init(struct signals *s);
void signals_drop(struct signals *s); /* forget all that is queued */

/* Sleep in q like wait_in, but a signal ends it, too: WAIT_SIGNAL. The
 * scheduler's lock is held before and after. Threads of the core have none. */
enum wait_result wait_for_signal(struct wait_queue *q, u64 deadline);

/* The same, but only the task's end ends it: not even being stopped does. Any
 * signal wakes, as if by q: the caller looks again. */
enum wait_result wait_for_death(struct wait_queue *q, u64 deadline);

#endif
