/*
 * Blocking signals, and waiting for them: the calls by which programs say
 * when they are ready for one.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/clock.h"
#include "kernel/process/pending.h"
#include "kernel/space/user.h"

enum how { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

static i32 mask_change(u32 how, u64 set)
{
	u64 now = task_current()->blocked;

	switch (how) {
	case SIG_BLOCK:
		now |= set;
		break;
	case SIG_UNBLOCK:
		now &= ~set;
		break;
	case SIG_SETMASK:
		now = set;
		break;
	default:
		return -EINVAL;
	}
	signal_block(now);
	return 0;
}

i32 call_rt_sigprocmask(u32 how, u32 wanted, u32 old, u32 size);
i32 call_rt_sigprocmask(u32 how, u32 wanted, u32 old, u32 size)
{
	u64 before = task_current()->blocked, set;
	i32 r = 0;

	if (size != sizeof(set))
		return -EINVAL;
	if (wanted) {
		if (user_read(&set, wanted, sizeof(set)) < 0)
			return -EFAULT;
		r = mask_change(how, set);
	}
	if (r == 0 && old)
		r = user_write(old, &before, sizeof(before));
	return r;
}

/* The old call knows the first 32 signals and leaves the others alone. */
i32 call_sigprocmask(u32 how, u32 wanted, u32 old);
i32 call_sigprocmask(u32 how, u32 wanted, u32 old)
{
	u64 before = task_current()->blocked, set;
	u32 low;
	i32 r = 0;

	if (wanted) {
		if (user_read32(&low, wanted) < 0)
			return -EFAULT;
		set = low;
		if (how == SIG_SETMASK)
			set |= before >> 32 << 32;
		r = mask_change(how, set);
	}
	if (r == 0 && old)
		r = user_write32(old, (u32)before);
	return r;
}

i32 call_sgetmask(void);
i32 call_sgetmask(void)
{
	return (i32)(u32)task_current()->blocked;
}

i32 call_ssetmask(u32 set);
i32 call_ssetmask(u32 set)
{
	i32 before = (i32)(u32)task_current()->blocked;

	signal_block(set);
	return before;
}

static u64 pending_blocked(void)
{
	struct task *t = task_current();
	u64 set;

	scheduler_lock();
	set = pending_set(t) & t->blocked;
	scheduler_unlock();
	return set;
}

i32 call_rt_sigpending(u32 user, u32 size);
i32 call_rt_sigpending(u32 user, u32 size)
{
	u64 set = pending_blocked();

	if (size > sizeof(set))
		return -EINVAL;
	return user_write(user, &set, size);
}

i32 call_sigpending(u32 user);
i32 call_sigpending(u32 user)
{
	return user_write32(user, (u32)pending_blocked());
}

/* ---- a mask for the time of a call ---- */

static void borrow(u64 set)
{
	struct task *t = task_current();

	t->blocked_saved = t->blocked;
	t->borrowed = 1;
	signal_block(set);
}

i32 signal_borrow(u32 user, u32 size)
{
	u64 set;

	if (!user)
		return 0;
	if (size != sizeof(set))
		return -EINVAL;
	if (user_read(&set, user, sizeof(set)) < 0)
		return -EFAULT;
	borrow(set);
	return 0;
}

/* restore_blocked has the way out end the loan, when handlers have run. */
i32 signal_unborrow(i32 result)
{
	struct task *t = task_current();

	if (!t->borrowed)
		return result;
	t->borrowed = 0;
	if (result == -EINTR || result == -ERESTARTNOHAND ||
	    result == -ERESTARTSYS) {
		scheduler_lock();
		t->restore_blocked = 1;
		signal_look(t);
		scheduler_unlock();
	} else {
		signal_block(t->blocked_saved);
	}
	return result;
}

static i32 suspend(u64 set)
{
	borrow(set);
	scheduler_lock();
	while (wait_for_signal(0, WAIT_FOREVER) != WAIT_SIGNAL)
		;
	scheduler_unlock();
	return signal_unborrow(-ERESTARTNOHAND);
}

i32 call_rt_sigsuspend(u32 user, u32 size);
i32 call_rt_sigsuspend(u32 user, u32 size)
{
	u64 set;

	if (size != sizeof(set))
		return -EINVAL;
	if (user_read(&set, user, sizeof(set)) < 0)
		return -EFAULT;
	return suspend(set);
}

i32 call_sigsuspend(u32 a, u32 b, u32 set);
i32 call_sigsuspend(u32 a, u32 b, u32 set)
{
	(void)a;
	(void)b;
	return suspend(set);
}

i32 call_pause(void);
i32 call_pause(void)
{
	scheduler_lock();
	while (wait_for_signal(0, WAIT_FOREVER) != WAIT_SIGNAL)
		;
	scheduler_unlock();
	return -ERESTARTNOHAND;
}

/* ---- sigtimedwait ---- */

/* `r`: WAIT_TIMED_OUT if there is nothing to wait for. */
static i32 await(u64 set, u64 deadline, enum wait_result r,
		 struct signal_info *info)
{
	struct task *t = task_current();
	struct discarded d;
	u32 signal;

	list_init(&d.list);
	scheduler_lock();
	t->awaited = set;
	while (!(signal = pending_take(t, set, info, &d)) && r == WAIT_WOKEN)
		r = wait_for_signal(0, deadline);
	t->awaited = 0;
	signal_look(t);
	scheduler_unlock();
	discarded_give(&d);
	if (signal)
		return (i32)signal;
	return r == WAIT_SIGNAL ? -EINTR : -EAGAIN;
}

i32 signal_info_write(u32 user, const struct signal_info *info)
{
	i32 r = user_write(user, info, sizeof(*info));

	return r < 0 ? r :
		       user_zero(user + sizeof(*info),
				 SIGNAL_INFO_BYTES - sizeof(*info));
}

static i32 timed_wait(u32 user_set, u32 user_info, u32 timeout, u32 size,
		      enum time_form form)
{
	u64 set, ns = 0, deadline = WAIT_FOREVER;
	struct signal_info info;
	i32 r;

	if (size != sizeof(set))
		return -EINVAL;
	if (user_read(&set, user_set, sizeof(set)) < 0)
		return -EFAULT;
	if (timeout) {
		r = time_read(timeout, form, &ns);
		if (r < 0)
			return r;
		deadline = deadline_after(ns);
	}
	r = await(set & ~SET_KILLS, deadline,
		  timeout && !ns ? WAIT_TIMED_OUT : WAIT_WOKEN, &info);
	if (r > 0 && user_info && signal_info_write(user_info, &info) < 0)
		return -EFAULT;
	return r;
}

i32 call_rt_sigtimedwait(u32 set, u32 info, u32 timeout, u32 size);
i32 call_rt_sigtimedwait(u32 set, u32 info, u32 timeout, u32 size)
{
	return timed_wait(set, info, timeout, size, TIME_SPEC);
}

i32 call_rt_sigtimedwait_time64(u32 set, u32 info, u32 timeout, u32 size);
i32 call_rt_sigtimedwait_time64(u32 set, u32 info, u32 timeout, u32 size)
{
	return timed_wait(set, info, timeout, size, TIME_SPEC64);
}

i32 call_restart_syscall(void);
i32 call_restart_syscall(void)
{
	struct restart *r = &task_current()->restart;

	return r->again ? r->again(r) : -EINTR;
}
