/*
 * The last stop before a task goes on in its program: dying, standing still,
 * and what its signals come to; then the call that was broken off is made
 * again, or says EINTR.
 */
#include "kernel/linux/errno.h"
#include "kernel/process/group.h"
#include "kernel/process/pending.h"
#include "kernel/process/signal_frame.h"

#define CALL_RESTART 0u /* restart_syscall's number */
#define CALL_BYTES   2u /* int 0x80 */

i32 restart_none(struct restart *r)
{
	(void)r;
	return -EINTR;
}

static void call_again(struct frame *f, u32 number)
{
	f->eax = number;
	f->eip -= CALL_BYTES;
}

/* `handler`: NULL if none runs before the program goes on. */
static void call_end(struct frame *f, const struct action *handler)
{
	i32 result = (i32)f->eax;

	if (f->vector != VECTOR_SYSCALL)
		return;
	if (result == -ERESTARTNOINTR ||
	    (!handler &&
	     (result == -ERESTARTSYS || result == -ERESTARTNOHAND)) ||
	    (handler && result == -ERESTARTSYS &&
	     (handler->flags & SA_RESTART)))
		call_again(f, f->error);
	else if (result == -ERESTART_BLOCK && !handler)
		call_again(f, CALL_RESTART);
	else if (result == -ERESTARTSYS || result == -ERESTARTNOHAND ||
		 result == -ERESTART_BLOCK)
		f->eax = (u32)-EINTR;
	else
		return;
	f->vector = VECTOR_DOOR; /* settled */
}

/* ---- stopping ---- */

/* Lock held before and after. */
static void stand_still(struct task *t)
{
	struct process *p = t->process;

	while (p->state == PROCESS_STOPPED && !task_dies(t))
		wait_in(&standing, WAIT_FOREVER);
}

/* SIGTSTP and its kin do nothing to a group that nobody could wake. */
static void stop(struct task *t, u32 signal)
{
	struct process *p = t->process;
	int stops;

	spin_lock(&process_lock);
	stops = signal == SIGSTOP || !group_orphaned(p->group, 0);
	scheduler_lock();
	stops = stops && p->stopping && p->state == PROCESS_ALIVE;
	p->stopping = 0;
	if (stops) {
		p->state = PROCESS_STOPPED;
		for (struct list *l = p->tasks.next; l != &p->tasks;
		     l = l->next)
			signal_wake(LIST_OF(l, struct task, sibling));
	}
	scheduler_unlock();
	spin_unlock(&process_lock);
	if (stops)
		process_stopped(p, signal);
}

/* ---- what comes next ---- */

/* Lock held before and after, free while the parent is told. */
static void process_comes(struct task *t)
{
	struct process *p = t->process;

	for (;;) {
		if (p->dying && p->executing != t) {
			scheduler_unlock();
			task_exit(p->status);
		}
		if (p->state == PROCESS_STOPPED && !task_dies(t)) {
			stand_still(t);
		} else if (p->continues) {
			p->continues = 0;
			scheduler_unlock();
			process_continued(p);
			scheduler_lock();
		} else {
			return;
		}
	}
}

static int is_stop(const struct action *a, u32 signal)
{
	return a->handler == SIG_DFL && (SIGNAL_BIT(signal) & SET_STOPS);
}

/*
 * The next signal and what is to be done about it; 0 if there is none, and
 * the mask is what it was before ppoll or sigsuspend.
 */
static u32 next(struct task *t, struct signal_info *info, struct action *action)
{
	struct process *p = t->process;
	struct discarded d;
	u32 signal;

	list_init(&d.list);
	scheduler_lock();
	process_comes(t);
	signal = pending_take(t, ~t->blocked, info, &d);
	if (!signal && t->restore_blocked) {
		t->restore_blocked = 0;
		t->blocked = t->blocked_saved;
		signal = pending_take(t, ~t->blocked, info, &d);
	}
	if (signal) {
		struct action *a = &p->actions->action[signal - 1];

		*action = *a;
		if (a->handler > SIG_IGN && (a->flags & SA_RESETHAND))
			a->handler = SIG_DFL;
		p->stopping |= (u8)is_stop(action, signal);
	} else {
		signal_look(t);
	}
	scheduler_unlock();
	discarded_give(&d);
	return signal;
}

/* ---- what is done ---- */

static void handle(struct task *t, struct frame *f, const struct action *action,
		   const struct signal_info *info)
{
	u32 signal = (u32)info->number;
	u64 mask = t->restore_blocked ? t->blocked_saved : t->blocked;
	u64 more = action->mask;

	call_end(f, action);
	if (frame_build(f, action, info, mask) < 0) {
		if (signal == SIGSEGV)
			t->process->actions->action[SIGSEGV - 1].handler =
				SIG_DFL;
		signal_fault(SIGSEGV, SI_KERNEL, 0, f);
		return;
	}
	if (!(action->flags & SA_NODEFER))
		more |= SIGNAL_BIT(signal);
	t->restore_blocked = 0;
	signal_block(t->blocked | more);
}

static void by_default(struct task *t, const struct frame *f,
		       const struct signal_info *info)
{
	u32 signal = (u32)info->number;
	u64 bit = SIGNAL_BIT(signal);
	int fault = (bit & SET_FAULTS) && info->code > 0;

	if ((bit & SET_IGNORED) || (t->process->pid == 1 && !fault))
		return;
	if (bit & SET_STOPS)
		stop(t, signal);
	else if (bit & SET_DUMPS)
		process_exit(process_crash(info, f));
	else
		process_exit(signal);
}

void task_leave(struct frame *f)
{
	struct task *t = task_current();
	struct signal_info info;
	struct action action;

	while (next(t, &info, &action)) {
		if (action.handler > SIG_IGN) {
			handle(t, f, &action, &info);
			return; /* the way out calls again if there is more */
		}
		if (action.handler == SIG_DFL)
			by_default(t, f, &info);
	}
	call_end(f, 0);
}
