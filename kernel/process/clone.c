/*
 * fork, vfork, clone and clone3: a new task in this process or in a new one,
 * as a copy of the current one in what the flags do not say is shared.
 */
#include "kernel/frame.h"
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/area.h"
#include "kernel/process/fpu.h"
#include "kernel/process/group.h"
#include "kernel/process/task.h"
#include "kernel/space/user.h"

enum clone_flag {
	CLONE_VM = 0x100,
	CLONE_FS = 0x200,
	CLONE_FILES = 0x400,
	CLONE_SIGHAND = 0x800,
	CLONE_PTRACE = 0x2000,
	CLONE_VFORK = 0x4000,
	CLONE_PARENT = 0x8000,
	CLONE_THREAD = 0x10000,
	CLONE_SYSVSEM = 0x40000,
	CLONE_SETTLS = 0x80000,
	CLONE_PARENT_SETTID = 0x100000,
	CLONE_CHILD_CLEARTID = 0x200000,
	CLONE_DETACHED = 0x400000,
	CLONE_UNTRACED = 0x800000,
	CLONE_CHILD_SETTID = 0x1000000,
};
#define CLONE_IO 0x80000000u
#define CLONE_KNOWN \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_PTRACE | \
	 CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM | \
	 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | \
	 CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_SETTID | CLONE_IO)
#define FRAMES_A_TASK	     16u /* of the machine's */
#define TASKS_LEAST	     128u /* that there may always be */
#define CLONE_SIGNAL	     0xFFu /* in the flags of clone */
#define CLONE_CLEAR_HANDLERS 1u /* in the high word of clone3's flags */

/* A thread shares all that a process has; there is no other kind of thread. */
static i32 flags_check(const struct clone *c)
{
	u32 f = c->flags;
	u32 thread = CLONE_SIGHAND | CLONE_VM | CLONE_FILES | CLONE_FS;

	if (f & ~CLONE_KNOWN)
		return -EINVAL;
	if ((f & CLONE_SIGHAND) && !(f & CLONE_VM))
		return -EINVAL;
	if ((f & CLONE_THREAD) && (f & thread) != thread)
		return -EINVAL;
	if ((f & CLONE_SIGHAND) && c->clear_handlers)
		return -EINVAL;
	if ((f & CLONE_PARENT) && process_current()->pid == 1)
		return -EINVAL;
	if (c->exit_signal > SIGNALS)
		return -EINVAL;
	return 0;
}

/* Each costs some frames: their number is limited by memory's size. */
static int tasks_too_many(void)
{
	return process_count.tasks >=
	       max(frame_total() / FRAMES_A_TASK, TASKS_LEAST);
}

/* RLIMIT_NPROC: looked at by those alone who have one. */
static int processes_too_many(void)
{
	struct process *self = process_current();
	u32 most = self->limits[LIMIT_NPROC].soft, uid = self->credentials.uid;
	u32 count = 0;

	if (most == 0xFFFFFFFFu || !uid || process_privileged())
		return 0;
	spin_lock(&process_lock);
	for (struct list *l = processes.next; l != &processes; l = l->next) {
		struct process *p = LIST_OF(l, struct process, all);

		if (p->credentials.uid == uid)
			count += p->task_count;
	}
	spin_unlock(&process_lock);
	return count >= most;
}

/* ---- a new process ---- */

static i32 process_fill(struct process *p, const struct clone *c)
{
	struct process *of = process_current();

	if (c->flags & CLONE_VM)
		space_hold(p->space = of->space);
	else
		p->space = space_copy(of->space);
	if (c->flags & CLONE_FILES)
		files_hold(p->files = of->files);
	else
		p->files = files_copy(of->files);
	if (c->flags & CLONE_FS)
		whereabouts_hold(p->whereabouts = of->whereabouts);
	else
		p->whereabouts = whereabouts_copy(of->whereabouts);
	if (c->flags & CLONE_SIGHAND)
		actions_hold(p->actions = of->actions);
	else
		p->actions = actions_copy(of->actions);
	if (!p->space || !p->files || !p->whereabouts || !p->actions)
		return -ENOMEM;
	p->exit_signal = c->exit_signal;
	p->let_go = !(c->flags & CLONE_VFORK);
	if (c->clear_handlers)
		signal_exec(p);
	return 0;
}

/* A process that never ran. */
static void process_unmake(struct process *p)
{
	if (p->files)
		files_drop(p->files);
	if (p->whereabouts)
		whereabouts_drop(p->whereabouts);
	if (p->space)
		space_drop(p->space);
	executable_drop(&p->executable);
	process_drop(p);
}

static i32 process_new(const struct clone *c, struct process **out)
{
	struct process *p;
	i32 r;

	if (processes_too_many())
		return -EAGAIN;
	p = process_make(process_current());
	if (!p)
		return -ENOMEM;
	r = process_fill(p, c);
	if (r < 0)
		process_unmake(p);
	else
		*out = p;
	return r;
}

/* ---- a new task ---- */

/* The task's thread, its registers, and where it is told its number. */
static i32 task_fill(struct task *t, const struct clone *c)
{
	struct frame frame = *task_frame();
	i32 r = fpu_copy(t, task_current());

	if (r == 0 && (c->flags & CLONE_SETTLS))
		r = area_set(t, c->tls, 0);
	if (r < 0)
		return r;
	if (c->flags & CLONE_CHILD_CLEARTID)
		t->clear_tid = c->child_tid;
	if ((c->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM) {
		t->alternate_stack = t->alternate_size = 0;
		t->alternate_flags = 0;
	}
	frame.eax = 0;
	if (c->stack)
		frame.esp = c->stack;
	t->thread = thread_for_task(t, t->process->space, &frame);
	return t->thread ? 0 : -ENOMEM;
}

/* Give it a number and a place among the others: the last that may fail. */
static i32 task_enter(struct task *t, const struct clone *c)
{
	struct process *self = process_current(), *p = t->process;
	u32 number;

	spin_lock(&process_lock);
	number = self->dying ? 0 : number_take();
	if (number) {
		if (p != self) {
			p->pid = number;
			p->leader = t;
			process_link(p, c->flags & CLONE_PARENT ? self->parent :
								  self);
			group_join(p, self->group);
		}
		task_link(t, number);
	}
	spin_unlock(&process_lock);
	return number ? (i32)number : -EAGAIN;
}

/* Programs may find out their number by these; a bad address is theirs. */
static void numbers_tell(const struct task *t, const struct clone *c)
{
	u32 number = t->tid;

	if (c->flags & CLONE_PARENT_SETTID)
		(void)user_write32(c->parent_tid, number);
	if (!(c->flags & CLONE_CHILD_SETTID))
		return;
	if (c->flags & CLONE_VM)
		(void)user_write32(c->child_tid, number);
	else
		(void)user_poke(t->process->space, c->child_tid, &number, 4);
}

/* The parent sleeps until the child has its own space, or is gone; only what
 * kills the parent ends that before. */
static void vfork_wait(struct process *child)
{
	enum wait_result r = WAIT_WOKEN;

	scheduler_lock();
	while (!child->let_go && r != WAIT_SIGNAL)
		r = wait_for_death(&child->vfork_over, WAIT_FOREVER);
	scheduler_unlock();
	process_drop(child);
}

/* What came over the process before the task was in it is its business too. */
static void thread_look(struct process *p, struct task *t)
{
	scheduler_lock();
	if (p->dying || p->state == PROCESS_STOPPED)
		signal_wake(t);
	scheduler_unlock();
}

static i32 task_new(struct process *p, const struct clone *c)
{
	struct task *t = task_make(p, task_current());
	i32 r = t ? task_fill(t, c) : -ENOMEM;

	if (r == 0)
		r = task_enter(t, c);
	if (r < 0) {
		if (t && t->thread)
			thread_abandon(t->thread);
		if (t)
			task_free(t);
		return r;
	}
	numbers_tell(t, c);
	if (c->flags & CLONE_THREAD)
		thread_look(p, t);
	else if (c->flags & CLONE_VFORK)
		process_hold(p); /* for vfork_wait */
	thread_go(t->thread); /* from here on it may be gone */
	return r;
}

i32 process_clone(const struct clone *c)
{
	struct process *p = process_current();
	i32 r = flags_check(c);

	if (r < 0)
		return r;
	if (signal_waiting(task_current()))
		return -ERESTARTNOINTR; /* a group's signal misses no child */
	if (tasks_too_many())
		return -EAGAIN;
	if (c->flags & CLONE_THREAD)
		return task_new(p, c);
	r = process_new(c, &p);
	if (r < 0)
		return r;
	r = task_new(p, c);
	if (r < 0)
		process_unmake(p);
	else if (c->flags & CLONE_VFORK)
		vfork_wait(p);
	return r;
}

/* ---- calls ---- */

i32 call_fork(void);
i32 call_fork(void)
{
	return process_clone(&(struct clone){ .exit_signal = SIGCHLD });
}

i32 call_vfork(void);
i32 call_vfork(void)
{
	return process_clone(&(struct clone){ .flags = CLONE_VM | CLONE_VFORK,
					      .exit_signal = SIGCHLD });
}

i32 call_clone(u32 flags, u32 stack, u32 parent_tid, u32 tls, u32 child_tid);
i32 call_clone(u32 flags, u32 stack, u32 parent_tid, u32 tls, u32 child_tid)
{
	return process_clone(&(struct clone){
		.flags = flags & ~CLONE_SIGNAL,
		.exit_signal = flags & CLONE_THREAD ? 0 : flags & CLONE_SIGNAL,
		.stack = stack,
		.tls = tls,
		.parent_tid = parent_tid,
		.child_tid = child_tid,
	});
}

/* clone3's struct clone_args, in 64-bit words. */
enum {
	ARG_FLAGS,
	ARG_PIDFD,
	ARG_CHILD_TID,
	ARG_PARENT_TID,
	ARG_SIGNAL,
	ARG_STACK,
	ARG_STACK_SIZE,
	ARG_TLS,
	ARG_SET_TID,
	ARG_SET_TID_SIZE,
	ARG_CGROUP,
	ARGS
};
#define ARGS_LEAST 64u
#define ARGS_MOST  4096u

/* What lies beyond what is known must be zero. */
static i32 clone_args_read(u64 *args, u32 user, u32 size)
{
	u32 rest;
	i32 r;

	if (size > ARGS_MOST)
		return -E2BIG;
	if (size < ARGS_LEAST)
		return -EINVAL;
	r = user_read(args, user, min(size, ARGS * 8u));
	for (u32 at = ARGS * 8; r == 0 && at + 4 <= size; at += 4) {
		r = user_read32(&rest, user + at);
		if (r == 0 && rest)
			return -E2BIG;
	}
	for (u32 i = ARG_PIDFD; r == 0 && i < ARG_SET_TID; i++)
		if (args[i] >> 32)
			return -EINVAL;
	return r;
}

i32 call_clone3(u32 user, u32 size);
i32 call_clone3(u32 user, u32 size)
{
	u64 args[ARGS] = { 0 };
	i32 r = clone_args_read(args, user, size);

	if (r < 0)
		return r;
	if (args[ARG_SET_TID] || args[ARG_SET_TID_SIZE] || args[ARG_CGROUP])
		return -EINVAL;
	if (args[ARG_FLAGS] >> 32 & ~(u64)CLONE_CLEAR_HANDLERS)
		return -EINVAL;
	if ((u32)args[ARG_FLAGS] & (CLONE_SIGNAL | CLONE_DETACHED))
		return -EINVAL;
	if (!args[ARG_STACK] != !args[ARG_STACK_SIZE])
		return -EINVAL;
	if ((args[ARG_FLAGS] & (CLONE_THREAD | CLONE_PARENT)) &&
	    args[ARG_SIGNAL])
		return -EINVAL;
	return process_clone(&(struct clone){
		.flags = (u32)args[ARG_FLAGS],
		.exit_signal = (u32)args[ARG_SIGNAL],
		.stack = (u32)(args[ARG_STACK] + args[ARG_STACK_SIZE]),
		.tls = (u32)args[ARG_TLS],
		.parent_tid = (u32)args[ARG_PARENT_TID],
		.child_tid = (u32)args[ARG_CHILD_TID],
		.clear_handlers = args[ARG_FLAGS] >> 32 != 0,
	});
}
