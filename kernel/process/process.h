/*
 * Processes and tasks. A process is what has a pid, an address space and open
 * files; its tasks are its threads, each with a thread of the core's. All
 * links between processes, groups and sessions are guarded by process_lock.
 */
#ifndef KERNEL_PROCESS_PROCESS_H
#define KERNEL_PROCESS_PROCESS_H

#include "kernel/process/signal.h"
#include "kernel/space/space.h"
#include "kernel/trap.h"
#include "kernel/vfs/file.h"
#include "seg/descriptor.h"

#define TASK_NAME 16u
#define LIMITS	  16u
#define PID_MOST  32768u /* numbers are below */

struct limit {
	u32 soft, hard; /* 0xFFFFFFFF: none */
};

enum limit_name {
	LIMIT_CPU, LIMIT_FSIZE, LIMIT_DATA, LIMIT_STACK, LIMIT_CORE,
	LIMIT_RSS, LIMIT_NPROC, LIMIT_NOFILE, LIMIT_MEMLOCK, LIMIT_AS,
	LIMIT_LOCKS, LIMIT_SIGPENDING, LIMIT_MSGQUEUE, LIMIT_NICE,
	LIMIT_RTPRIO, LIMIT_RTTIME,
};

#define GROUPS_MOST 65536u

struct credentials {
	u32 uid, euid, suid, fsuid;
	u32 gid, egid, sgid, fsgid;
	struct groups *groups; /* counted; NULL: none; supplementary.c */
	u8 no_new_privileges;
	u8 permitted, effective; /* all capabilities, or none */
};

/* A process group, in its session. */
struct group {
	u32 number;
	struct session *session;
	struct list members; /* process.group_list */
	u32 users; /* members, and being a foreground group */
	u32 weight; /* of its members: kernel/space/oom.c */
	struct list list; /* hash by number */
};

struct session {
	u32 number;
	u32 users; /* groups */
	struct list list; /* of all sessions */
	u32 terminal; /* number + 1 of the controlling one; 0: none */
	struct group *foreground; /* of the terminal; counted */
};

enum process_state {
	PROCESS_ALIVE,
	PROCESS_STOPPED, /* by job control: all tasks stand still */
	PROCESS_ZOMBIE, /* ended, not yet waited for */
	PROCESS_GONE,
};

/* Why all tasks of a process are to end. Changed under both process_lock and
 * the scheduler's lock. */
enum dying {
	DYING_END = 1, /* exit_group, or a deadly signal */
	DYING_EXECUTE = 2, /* execve by the one that stays */
};

struct process {
	u32 pid;
	u8 state;
	u8 exec_done; /* execve since fork: setpgid answers EACCES */
	u8 dumpable;
	u8 dying; /* enum dying: all tasks but `executing` are to end */
	u8 let_go; /* of the space it had when vforked; scheduler's lock */
	u8 subreaper; /* orphans below it become its children */
	u8 keep_capabilities; /* prctl remembers it */
	u32 users; /* counts; atomic */
	struct list by_pid; /* hash */
	struct process *parent;
	u32 parent_pid; /* for getppid, without a lock */
	struct list children, sibling; /* children, ours among the parent's */
	struct list all, group_list;
	struct group *group;
	struct list tasks; /* task.sibling; changed with process_lock and the
			    * scheduler's lock held, read with either */
	u32 task_count;
	struct task *leader; /* stays, perhaps ended, until it is waited for */
	struct task *executing; /* in execve, waiting for the others' end */

	struct space *space;
	struct files *files;
	struct whereabouts *whereabouts;
	struct credentials credentials;
	struct limit limits[LIMITS];
	struct place executable; /* counted */
	struct actions *actions; /* signal handlers; shared with CLONE_SIGHAND */
	struct signals pending; /* for the process as a whole */

	u32 exit_signal; /* to the parent; 0: none */
	u32 status; /* as wait4 has it, once it is a zombie */
	u32 stop_signal; /* what stopped it */
	u8 stop_untold, continue_untold; /* waitid has not heard of it */
	u8 stopping, continues; /* a stop signal was taken; process_continued
				 * is due; scheduler's lock */
	struct wait_queue children_changed; /* wait4 */
	u32 children_news; /* counts changes; scheduler's lock */
	struct wait_queue vfork_over; /* its parent, until let_go */
	struct wait_queue tasks_changed; /* execve, until it is alone */
	u32 death_signal; /* when its parent ends; 0: none */

	u64 user_time, system_time; /* of tasks that ended; TSC ticks */
	u64 child_user_time, child_system_time;
	u64 started; /* ns since boot */
	u32 children_peak; /* most resident pages of one that was waited for */
	u32 faults_minor, faults_major, child_faults_minor, child_faults_major;
	u32 peak; /* most resident pages, once its space is gone */
	u32 switches, switches_forced; /* of tasks that ended */
	i32 nice;
	u32 personality;
	struct timers *timers; /* kernel/process/timer.c */
	u32 weight; /* pages that its end would give back: kernel/space/oom.c */
};

#define TLS_SLOTS 3

/* What execve and signal frames keep of the FPU: FXSAVE's 512 bytes. */
struct fpu {
	u8 bytes[512];
} __attribute__((aligned(16)));

struct task {
	u32 tid;
	struct thread *thread;
	struct process *process;
	struct list sibling;
	struct list by_tid; /* hash */
	char name[TASK_NAME];
	u8 ended; /* scheduler's lock */
	u8 fpu_used; /* `fpu` holds something (or the CPU does) */
	u8 trace; /* strace this one */
	struct cpu *fpu_cpu; /* whose registers hold its FPU state */
	struct fpu *fpu; /* NULL until first used */
	struct descriptor tls[TLS_SLOTS];

	struct signals pending;
	u64 blocked; /* bit n-1: signal n */
	u64 blocked_saved; /* of sigsuspend and ppoll */
	u64 awaited; /* by sigtimedwait */
	u8 borrowed, restore_blocked; /* it is to be restored: later, now */
	u32 alternate_stack, alternate_size, alternate_flags;
	struct restart restart; /* for restart_syscall */

	u32 clear_tid; /* CLONE_CHILD_CLEARTID */
	u32 robust_list; /* set_robust_list */
	struct list futex; /* kernel/process/futex.c */
	u32 futex_address;
	u32 user_ticks, system_ticks; /* of the timer, when it ran */
	u32 switches, switches_forced;
	u32 affinity; /* CPUs it may run on */
	u8 policy, priority; /* sched_setscheduler */
};

/* May be held when the scheduler's lock is taken, never the other way round. */
extern struct spinlock process_lock;
extern struct list processes; /* in order of creation; process_lock */

static inline struct task *task_current(void)
{
	return thread_current()->task;
}

static inline struct process *process_current(void)
{
	return task_current()->process;
}

/* The registers with which the current task entered the core. */
static inline struct frame *task_frame(void)
{
	return (struct frame *)(thread_current()->stack + THREAD_STACK) - 1;
}

/* Start the first process: pid 1, from a path. Panics with a message if that
 * is not possible. Called by a thread of the core. */
void process_first(const char *path);

/* By number; counted (process_drop). NULL: none. Zombies are found. */
struct process *process_find(u32 pid);
void process_hold(struct process *p);
void process_drop(struct process *p);
struct task *task_find(u32 tid); /* process_lock held */

/*
 * End the current task, or the whole process, never to return. `status` as
 * wait4 has it (exit code << 8, or the signal, | 0x80 with a core dump).
 */
_Noreturn void task_exit(u32 status);
_Noreturn void process_exit(u32 status);

/* The current process dies of a signal that says it is broken: a line in the
 * log, and a core file if its limit has room for one (core.c). The status that
 * wait4 will have. */
u32 process_crash(const struct signal_info *info, const struct frame *f);

/* What clone, fork and vfork have in common. The new task's tid or -errno. */
struct clone {
	u32 flags, exit_signal, stack, tls, parent_tid, child_tid;
	u32 clear_handlers; /* CLONE_CLEAR_SIGHAND */
};
i32 process_clone(const struct clone *c);

/* A process stopped by a signal, or going on: its parent is told. No lock. */
void process_stopped(struct process *p, u32 signal);
void process_continued(struct process *p);

/* Groups and sessions; process_lock held. */
struct group *group_find(u32 number);

/* kernel/process/futex.c: a task ends, or leaves its space by execve: its
 * robust list, and the word that clear_tid says (exits alone). May sleep. */
void futex_task_end(struct task *t);

/* kernel/process/timer.c: a process ends; or has a new program, which keeps
 * interval timers alone. May sleep. */
void timers_end(struct process *p);
void timers_exec(struct process *p);

/* Has the current process capabilities? It has all or none: those of an
 * effective user id of 0. */
int process_privileged(void);

/* May the current process signal or look into that one? */
int process_may(const struct process *p);

/* The last thing before a task returns to its program, if its thread has
 * ATTENTION_LEAVE: signals, being stopped, being ended. `f` is the frame that
 * will be returned through. */
void task_leave(struct frame *f);

#endif
