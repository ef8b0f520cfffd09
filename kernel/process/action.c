/*
 * What is done about each signal: the table of actions that the tasks of a
 * process share, and the calls that change it.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/pending.h"
#include "kernel/space/user.h"

#define FLAGS_KNOWN \
	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_RESTORER | SA_ONSTACK | \
	 SA_RESTART | SA_NODEFER | SA_RESETHAND)

/* As rt_sigaction's callers have it. */
struct user_action {
	u32 handler, flags, restorer, mask[2];
};

/* As sigaction's. */
struct user_action_old {
	u32 handler, mask, flags, restorer;
};

struct actions *actions_copy(struct actions *a)
{
	struct actions *copy = heap_take_now(sizeof(*copy));

	if (!copy)
		return 0;
	if (a) {
		scheduler_lock();
		memory_copy(copy, a, sizeof(*copy));
		scheduler_unlock();
	}
	copy->users = 1;
	return copy;
}

void actions_hold(struct actions *a)
{
	__atomic_add_fetch(&a->users, 1, __ATOMIC_RELAXED);
}

void actions_drop(struct actions *a)
{
	if (a && !__atomic_sub_fetch(&a->users, 1, __ATOMIC_ACQ_REL))
		heap_give(a);
}

/* Caught signals become default; ignored ones stay so. The table is the
 * process' own by now. */
void signal_exec(struct process *p)
{
	scheduler_lock();
	for (u32 i = 0; i < SIGNALS; i++) {
		u32 handler = p->actions->action[i].handler;

		p->actions->action[i] = (struct action){
			.handler = handler == SIG_IGN ? SIG_IGN : SIG_DFL,
		};
	}
	scheduler_unlock();
}

/* What becomes ignored is no longer pending (POSIX, sigaction). */
static i32 action_change(u32 signal, const struct action *wanted,
			 struct action *old)
{
	struct process *p = process_current();
	struct discarded d;
	u64 bit;

	if (signal < 1 || signal > SIGNALS ||
	    (wanted && (signal == SIGKILL || signal == SIGSTOP)))
		return -EINVAL;
	bit = SIGNAL_BIT(signal);
	list_init(&d.list);
	scheduler_lock();
	*old = p->actions->action[signal - 1];
	if (wanted) {
		p->actions->action[signal - 1] = *wanted;
		if (wanted->handler == SIG_IGN ||
		    (wanted->handler == SIG_DFL && (SET_IGNORED & bit)))
			pending_drop(p, bit, &d);
	}
	scheduler_unlock();
	discarded_give(&d);
	return 0;
}

static void action_set(struct action *a, u32 handler, u32 flags, u32 restorer,
		       u64 mask)
{
	a->handler = handler;
	a->flags = flags & FLAGS_KNOWN;
	a->restorer = restorer;
	a->mask = mask & ~SET_KILLS;
}

i32 call_rt_sigaction(u32 signal, u32 wanted, u32 old, u32 size);
i32 call_rt_sigaction(u32 signal, u32 wanted, u32 old, u32 size)
{
	struct user_action user;
	struct action now, before;
	i32 r;

	if (size != sizeof(u64))
		return -EINVAL;
	if (wanted) {
		if (user_read(&user, wanted, sizeof(user)) < 0)
			return -EFAULT;
		action_set(&now, user.handler, user.flags, user.restorer,
			   (u64)user.mask[1] << 32 | user.mask[0]);
	}
	r = action_change(signal, wanted ? &now : 0, &before);
	if (r < 0 || !old)
		return r;
	user.handler = before.handler;
	user.flags = before.flags;
	user.restorer = before.restorer;
	user.mask[0] = (u32)before.mask;
	user.mask[1] = (u32)(before.mask >> 32);
	return user_write(old, &user, sizeof(user));
}

i32 call_sigaction(u32 signal, u32 wanted, u32 old);
i32 call_sigaction(u32 signal, u32 wanted, u32 old)
{
	struct user_action_old user;
	struct action now, before;
	i32 r;

	if (wanted) {
		if (user_read(&user, wanted, sizeof(user)) < 0)
			return -EFAULT;
		action_set(&now, user.handler, user.flags, user.restorer,
			   user.mask);
	}
	r = action_change(signal, wanted ? &now : 0, &before);
	if (r < 0 || !old)
		return r;
	user.handler = before.handler;
	user.flags = before.flags;
	user.restorer = before.restorer;
	user.mask = (u32)before.mask;
	return user_write(old, &user, sizeof(user));
}

i32 call_signal(u32 signal, u32 handler);
i32 call_signal(u32 signal, u32 handler)
{
	struct action now, before;
	i32 r;

	action_set(&now, handler, SA_RESETHAND | SA_NODEFER, 0, 0);
	r = action_change(signal, &now, &before);
	return r < 0 ? r : (i32)before.handler;
}
