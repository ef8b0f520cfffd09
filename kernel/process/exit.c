/*
 * Ending: of one task, of all tasks of a process, of the process itself, which
 * then is a zombie for its parent to find. A process ends with its last task.
 */
#include "kernel/kick.h"
#include "kernel/linux/errno.h"
#include "kernel/panic.h"
#include "kernel/process/fpu.h"
#include "kernel/process/group.h"
#include "kernel/process/pending.h"
#include "kernel/process/task.h"
#include "kernel/process/usage.h"

/* ---- telling ---- */

int parent_tell(struct process *p, i32 code, u32 status)
{
	struct process *parent = p->parent;
	int stop = code == CLD_STOPPED || code == CLD_CONTINUED;
	u32 signal = stop ? SIGCHLD : p->exit_signal;
	const struct action *a = &parent->actions->action[SIGCHLD - 1];
	struct signal_info info = { .number = (i32)signal, .code = code };

	info.child.pid = p->pid;
	info.child.uid = p->credentials.uid;
	info.child.status = status;
	info.child.user_ticks = usage_ticks(p->user_time);
	info.child.system_ticks = usage_ticks(p->system_time);
	if (stop && (a->flags & SA_NOCLDSTOP))
		signal = 0;
	if (signal && (signal != SIGCHLD || a->handler != SIG_IGN))
		signal_process(parent, signal, &info);
	scheduler_lock();
	parent->children_news++;
	wake_all(&parent->children_changed);
	scheduler_unlock();
	return signal == SIGCHLD &&
	       (a->handler == SIG_IGN || (a->flags & SA_NOCLDWAIT));
}

void vfork_end(struct process *p)
{
	if (p->let_go)
		return;
	scheduler_lock();
	p->let_go = 1;
	wake_all(&p->vfork_over);
	scheduler_unlock();
}

/* ---- ending ---- */

/* A zombie's parent hears of it. Is it to be unlinked at once? */
static int zombie_tell(struct process *p)
{
	u32 signal = p->status & 0x7F;
	i32 code = !signal	    ? CLD_EXITED :
		   p->status & 0x80 ? CLD_DUMPED :
				      CLD_KILLED;

	return parent_tell(p, code, signal ? signal : p->status >> 8 & 0xFF);
}

/* Who becomes the parent of p's children. */
static struct process *reaper_of(const struct process *p)
{
	struct process *r = p->parent;

	while (r && !r->subreaper && r->parent)
		r = r->parent;
	return r;
}

static void child_pass(struct process *child, struct process *reaper)
{
	struct process *old = child->parent;

	list_remove(&child->sibling);
	child->parent = reaper;
	child->parent_pid = reaper->pid;
	child->exit_signal = SIGCHLD;
	if (child->death_signal && child->state != PROCESS_ZOMBIE)
		signal_process(child, child->death_signal, 0);
	if (child->state != PROCESS_ZOMBIE)
		list_add_last(&reaper->children, &child->sibling);
	else
		list_add_first(&reaper->children, &child->sibling);
	group_child_orphaned(child, old);
	if (child->state == PROCESS_ZOMBIE && zombie_tell(child)) {
		process_unlink(child);
		process_drop(child);
	}
}

/* What it has that others need not see of a zombie. */
static void process_empty(struct process *p)
{
	struct space *space = p->space;
	struct files *files = p->files;
	struct whereabouts *whereabouts = p->whereabouts;

	timers_end(p);
	spin_lock(&process_lock);
	p->files = 0;
	p->whereabouts = 0;
	p->space = 0;
	spin_unlock(&process_lock);
	files_drop(files);
	whereabouts_drop(whereabouts);
	executable_change(p, (struct place){ 0 });
	if (space) {
		usage_space_ends(p, space);
		thread_set_space(0);
		space_drop(space);
	}
	vfork_end(p);
}

/*
 * The last task of a process is done with it: from here on it belongs to its
 * parent. process_lock held. Should it go at once?
 */
static int process_zombie(struct process *p)
{
	struct process *reaper = reaper_of(p);

	while (!list_empty(&p->children))
		child_pass(LIST_OF(p->children.next, struct process, sibling),
			   reaper);
	group_process_ends(p);
	scheduler_lock();
	p->state = PROCESS_ZOMBIE;
	scheduler_unlock();
	list_remove(&p->sibling);
	list_add_first(&p->parent->children, &p->sibling);
	return zombie_tell(p);
}

/* A task is out of its process; process_lock held. */
static void task_ends(struct task *t)
{
	struct process *p = t->process;

	usage_task_ends(t);
	process_count.tasks--;
	scheduler_lock();
	t->ended = 1;
	t->thread = 0;
	thread_current()->task = 0;
	wake_all(&p->tasks_changed);
	scheduler_unlock();
	signal_pass_on(p);
	if (t != p->leader)
		task_unlink(t);
}

/* With its last task. */
static void process_end(struct process *p, struct task *t)
{
	int gone;

	if (p->pid == 1)
		panic("process 1 ended with status %x", p->status);
	process_empty(p);
	kick_ends();
	spin_lock(&process_lock);
	task_ends(t);
	gone = process_zombie(p);
	if (gone)
		process_unlink(p);
	spin_unlock(&process_lock);
	if (gone)
		process_drop(p);
}

_Noreturn void task_exit(u32 status)
{
	struct task *t = task_current();
	struct process *p = t->process;
	int leader, last;

	futex_task_end(t);
	fpu_forget(t);
	if (p->task_count > 1)
		thread_current()->space = 0; /* it may go at any time now */
	spin_lock(&process_lock);
	leader = t == p->leader;
	last = --p->task_count == 0;
	if (leader && !(p->dying & DYING_END))
		p->status = status; /* the first task's counts, as on Linux */
	if (!last)
		task_ends(t);
	spin_unlock(&process_lock);
	if (last)
		process_end(p, t);
	if (!leader)
		task_free(t);
	thread_end();
}

/* All tasks but the current one have something to see to. Both locks held. */
static void others_wake(struct process *p)
{
	struct task *self = task_current();

	for (struct list *l = p->tasks.next; l != &p->tasks; l = l->next) {
		struct task *t = LIST_OF(l, struct task, sibling);

		if (t != self && !t->ended)
			thread_alert(t->thread);
	}
	wake_all(&standing);
}

_Noreturn void process_exit(u32 status)
{
	struct process *p = process_current();

	spin_lock(&process_lock);
	scheduler_lock();
	if (!(p->dying & DYING_END)) {
		p->dying |= DYING_END;
		p->status = status;
		others_wake(p);
	}
	scheduler_unlock();
	spin_unlock(&process_lock);
	task_exit(p->status);
}

/* ---- execve's part of it ---- */

static int others_end(struct process *p)
{
	int may;

	spin_lock(&process_lock);
	scheduler_lock();
	may = !p->dying;
	if (may) {
		p->dying = DYING_EXECUTE;
		p->executing = task_current();
		others_wake(p);
	}
	scheduler_unlock();
	spin_unlock(&process_lock);
	if (!may)
		return 0;
	scheduler_lock();
	while (p->task_count > 1)
		wait_in(&p->tasks_changed, WAIT_FOREVER);
	scheduler_unlock();
	return 1;
}

/* The current task is what is left of its process. */
static void lead(struct process *p)
{
	struct task *t = task_current(), *old = p->leader;

	spin_lock(&process_lock);
	scheduler_lock();
	p->executing = 0;
	p->dying &= (u8)~DYING_EXECUTE;
	scheduler_unlock();
	if (old != t) {
		task_unlink(old);
		p->leader = t;
		task_renumber(t, p->pid);
	}
	spin_unlock(&process_lock);
	if (old != t)
		task_free(old);
}

i32 process_alone(void)
{
	struct process *p = process_current();

	if (p->task_count == 1 && p->leader == task_current())
		return 0;
	if (!others_end(p))
		return -EINTR;
	lead(p);
	return p->dying ? -EINTR : 0;
}

/* ---- calls ---- */

i32 call_exit(u32 code);
i32 call_exit(u32 code)
{
	task_exit((code & 0xFF) << 8);
}

i32 call_exit_group(u32 code);
i32 call_exit_group(u32 code)
{
	process_exit((code & 0xFF) << 8);
}
