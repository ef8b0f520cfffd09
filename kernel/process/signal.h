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

/* siginfo_t as programs see it (i386: 128 bytes). */
struct signal_info {
	i32 number, error, code;
	union {
		u32 words[29];
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
};

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

/* Send: to one task, to a process (any task that lets it through), to a group.
 * `info` may be NULL (SI_KERNEL). 0; -EAGAIN when too many are queued. They
 * take the scheduler's lock. */
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

/* Is there one that the current task must act on? Scheduler's lock not needed.
 * What wait_for_signal looks at. */
int signal_waiting(const struct task *t);

/* Deliver what is due through f, on the way out to the program. */
void signal_deliver(struct frame *f);

/* A new program: handlers become default. A new process: a copy. */
void signal_exec(struct process *p);
struct actions *actions_copy(struct actions *a);
void actions_hold(struct actions *a);
void actions_drop(struct actions *a);
void signals_init(struct signals *s);
void signals_drop(struct signals *s); /* forget all that is queued */

/* Sleep in q like wait_in, but a signal ends it, too: WAIT_SIGNAL. The
 * scheduler's lock is held before and after. Threads of the core have none. */
enum wait_result wait_for_signal(struct wait_queue *q, u64 deadline);

#endif
