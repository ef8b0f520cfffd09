/*
 * Making and unmaking tasks and processes, and the numbers they are found by.
 * For the files of kernel/process that clone, end and wait for them.
 */
#ifndef KERNEL_PROCESS_TASK_H
#define KERNEL_PROCESS_TASK_H

#include "kernel/process/process.h"

void numbers_init(void);

/*
 * A number that no task, process, group or session has; 0 if all are taken.
 * process_lock held until it is used.
 */
u32 number_take(void);
u32 number_last(void); /* the one given last */

/* A task of p as a copy of `of` (NULL: the first), not yet linked and without
 * a thread. NULL without memory. */
struct task *task_make(struct process *p, const struct task *of);
void task_free(struct task *t);

/* In and out of the tables and of its process' list. process_lock held. */
void task_link(struct task *t, u32 tid);
void task_unlink(struct task *t);
void task_renumber(struct task *t, u32 tid);

/* A process as a copy of `of` (NULL: the first) without space, files,
 * whereabouts, actions, group and tasks. NULL without memory. */
struct process *process_make(const struct process *of);
void process_link(struct process *p, struct process *parent);

/* A zombie that was waited for: out of all tables; lets go of one count.
 * process_lock held; gives back nothing that a spinlock would mind. */
void process_unlink(struct process *p);

/* Found by number; not counted. process_lock held. */
struct process *process_look(u32 pid);

/*
 * End all other tasks of the current process, for execve: the current one is
 * then its leader and has its number. -EINTR if the process is to end itself.
 */
i32 process_alone(void);

/* It has let go of the space it was vforked in. */
void vfork_end(struct process *p);

/*
 * Tell p's parent, by a signal of that code and status and by waking wait4.
 * process_lock held. Is nobody going to wait for it, because the parent
 * ignores SIGCHLD?
 */
int parent_tell(struct process *p, i32 code, u32 status);

/* The text of a process' executable may be written again. */
void executable_drop(struct place *executable);
void executable_hold(struct place executable);

/* Another one instead, or none. Others may be looking at it. */
void executable_change(struct process *p, struct place executable);

/* How many tasks and processes there are, and were made since boot. */
struct process_count {
	u32 tasks, processes, made;
};
extern struct process_count process_count;

#endif
