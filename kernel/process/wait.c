/*
 * Waiting for children: wait4, waitpid and waitid, and telling parents that
 * children stand still or go on. A zombie that is found here goes.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/group.h"
#include "kernel/process/task.h"
#include "kernel/process/usage.h"
#include "kernel/space/user.h"

enum wait_option {
	WNOHANG = 1,
	WSTOPPED = 2,
	WEXITED = 4,
	WCONTINUED = 8,
	WNOWAIT = 0x01000000,
	WNOTHREAD = 0x20000000,
	WALL = 0x40000000,
};
#define WCLONE 0x80000000u
#define WAIT_OPTIONS \
	(WNOHANG | WSTOPPED | WCONTINUED | WNOTHREAD | WALL | WCLONE)

enum whom { WHOM_ALL, WHOM_PID, WHOM_GROUP, WHOM_PIDFD };

struct wanted {
	u32 whom, number, options;
};

struct found {
	u32 pid, uid;
	i32 code; /* CLD_... */
	u32 status; /* as wait4 has it */
	struct usage usage;
	struct process *gone; /* to let go of, once no lock is held */
};

/* ---- looking, process_lock held ---- */

static int child_wanted(const struct process *child, const struct wanted *w)
{
	int clone = child->exit_signal != SIGCHLD;

	if (w->whom == WHOM_PID && child->pid != w->number)
		return 0;
	if (w->whom == WHOM_GROUP && child->group->number != w->number)
		return 0;
	return (w->options & WALL) || clone == !!(w->options & WCLONE);
}

static void zombie_take(struct process *child, const struct wanted *w,
			struct found *f)
{
	u32 signal = child->status & 0x7F;

	f->status = child->status;
	f->code = !signal	       ? CLD_EXITED :
		  child->status & 0x80 ? CLD_DUMPED :
					 CLD_KILLED;
	usage_of_process(child, &f->usage);
	f->usage.user += child->child_user_time;
	f->usage.system += child->child_system_time;
	if (w->options & WNOWAIT)
		return;
	usage_child_ends(child->parent, child);
	process_unlink(child);
	f->gone = child;
}

/* Has it something to tell? Then it is told. */
static int child_look(struct process *child, const struct wanted *w,
		      struct found *f)
{
	int take = !(w->options & WNOWAIT);

	if (child->state == PROCESS_ZOMBIE && (w->options & WEXITED)) {
		f->pid = child->pid;
		f->uid = child->credentials.uid;
		zombie_take(child, w, f);
		return 1;
	}
	if (child->state == PROCESS_STOPPED && child->stop_untold &&
	    (w->options & WSTOPPED)) {
		child->stop_untold = (u8)!take;
		f->code = CLD_STOPPED;
		f->status = child->stop_signal << 8 | 0x7F;
	} else if (child->state == PROCESS_ALIVE && child->continue_untold &&
		   (w->options & WCONTINUED)) {
		child->continue_untold = (u8)!take;
		f->code = CLD_CONTINUED;
		f->status = 0xFFFF;
	} else {
		return 0;
	}
	f->pid = child->pid;
	f->uid = child->credentials.uid;
	usage_of_process(child, &f->usage);
	return 1;
}

/* 1: found; 0: not yet; -ECHILD: never. Zombies come first in the list. */
static i32 children_look(const struct wanted *w, struct found *f)
{
	struct process *p = process_current();
	i32 r = -ECHILD;

	if (w->whom == WHOM_PID) {
		struct process *child = process_look(w->number);

		if (!child || child->parent != p || !child_wanted(child, w))
			return -ECHILD;
		return child_look(child, w, f);
	}
	for (struct list *l = p->children.next; l != &p->children;
	     l = l->next) {
		struct process *child = LIST_OF(l, struct process, sibling);

		if (!child_wanted(child, w))
			continue;
		r = 0;
		if (child_look(child, w, f))
			return 1;
	}
	return r;
}

/* ---- waiting ---- */

/* 1: found; 0: WNOHANG and nothing; or -errno. */
static i32 children_wait(const struct wanted *w, struct found *f)
{
	struct process *p = process_current();
	enum wait_result result = WAIT_WOKEN;

	memory_fill(f, 0, sizeof(*f));
	for (;;) {
		u32 news = __atomic_load_n(&p->children_news, __ATOMIC_ACQUIRE);

		spin_lock(&process_lock);
		i32 r = children_look(w, f);
		spin_unlock(&process_lock);
		if (f->gone)
			process_drop(f->gone);
		if (r || (w->options & WNOHANG))
			return r;
		if (result != WAIT_WOKEN) /* SIGCHLD comes with an end */
			return -ERESTARTSYS;
		scheduler_lock();
		while (p->children_news == news && result == WAIT_WOKEN)
			result = wait_for_signal(&p->children_changed,
						 WAIT_FOREVER);
		scheduler_unlock();
	}
}

i32 call_wait4(u32 pid, u32 status, u32 options, u32 usage);
i32 call_wait4(u32 pid, u32 status, u32 options, u32 usage)
{
	struct wanted w = { .options = options | WEXITED };
	i32 number = (i32)pid;
	struct found f;

	if (options & ~(u32)WAIT_OPTIONS)
		return -EINVAL;
	if (number == (i32)0x80000000)
		return -ESRCH;
	if (number > 0) {
		w.whom = WHOM_PID;
		w.number = pid;
	} else if (number != -1) {
		w.whom = WHOM_GROUP;
		w.number = number ? (u32)-number : group_current();
	}
	i32 r = children_wait(&w, &f);

	if (r <= 0)
		return r;
	if (status && user_write32(status, f.status) < 0)
		return -EFAULT;
	if (usage && usage_write(usage, &f.usage) < 0)
		return -EFAULT;
	return (i32)f.pid;
}

i32 call_waitpid(u32 pid, u32 status, u32 options);
i32 call_waitpid(u32 pid, u32 status, u32 options)
{
	return call_wait4(pid, status, options, 0);
}

static i32 info_write(u32 to, const struct found *f)
{
	u32 words[6] = { 0 };

	if (f->pid) {
		words[0] = SIGCHLD;
		words[2] = (u32)f->code;
		words[3] = f->pid;
		words[4] = f->uid;
		words[5] = f->code == CLD_EXITED    ? f->status >> 8 :
			   f->code == CLD_CONTINUED ? SIGCONT :
			   f->code == CLD_STOPPED   ? f->status >> 8 :
						      f->status & 0x7F;
	}
	return user_write(to, words, sizeof(words));
}

static i32 wanted_by(u32 whom, u32 number, struct wanted *w)
{
	if (whom > WHOM_PIDFD)
		return -EINVAL;
	if (whom == WHOM_PIDFD)
		return -ENOSYS;
	if (whom == WHOM_PID && (i32)number <= 0)
		return -EINVAL;
	if (whom == WHOM_GROUP && (i32)number < 0)
		return -EINVAL;
	if (whom == WHOM_GROUP && !number)
		number = group_current();
	w->whom = whom;
	w->number = number;
	return 0;
}

i32 call_waitid(u32 whom, u32 number, u32 info, u32 options, u32 usage);
i32 call_waitid(u32 whom, u32 number, u32 info, u32 options, u32 usage)
{
	struct wanted w = { .options = options };
	struct found f;
	i32 r;

	if (options & ~(u32)(WAIT_OPTIONS | WEXITED | WNOWAIT))
		return -EINVAL;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	r = wanted_by(whom, number, &w);
	if (r == 0)
		r = children_wait(&w, &f);
	if (r < 0)
		return r;
	if (r > 0 && usage && usage_write(usage, &f.usage) < 0)
		return -EFAULT;
	if (info && info_write(info, &f) < 0)
		return -EFAULT;
	return 0;
}

/* ---- job control ---- */

void process_stopped(struct process *p, u32 signal)
{
	spin_lock(&process_lock);
	if (p->state == PROCESS_ALIVE || p->state == PROCESS_STOPPED) {
		p->stop_signal = signal;
		p->stop_untold = 1;
		p->continue_untold = 0;
		if (p->parent)
			parent_tell(p, CLD_STOPPED, signal);
	}
	spin_unlock(&process_lock);
}

void process_continued(struct process *p)
{
	spin_lock(&process_lock);
	if (p->state == PROCESS_ALIVE || p->state == PROCESS_STOPPED) {
		p->stop_untold = 0;
		p->continue_untold = 1;
		if (p->parent)
			parent_tell(p, CLD_CONTINUED, SIGCONT);
	}
	spin_unlock(&process_lock);
}
