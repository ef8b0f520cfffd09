/* Small calls about who one is: numbers, names, what prctl keeps. */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/credentials.h"
#include "kernel/space/user.h"

i32 call_getpid(void);
i32 call_getpid(void)
{
	return (i32)process_current()->pid;
}

i32 call_gettid(void);
i32 call_gettid(void)
{
	return (i32)task_current()->tid;
}

i32 call_getppid(void);
i32 call_getppid(void)
{
	return (i32)process_current()->parent_pid;
}

i32 call_set_tid_address(u32 user);
i32 call_set_tid_address(u32 user)
{
	struct task *t = task_current();

	t->clear_tid = user;
	return (i32)t->tid;
}

i32 call_personality(u32 persona);
i32 call_personality(u32 persona)
{
	struct process *p = process_current();
	u32 old = p->personality;

	if (persona != 0xFFFFFFFFu)
		p->personality = persona;
	return (i32)old;
}

/* ---- prctl ---- */

enum prctl {
	PR_SET_PDEATHSIG = 1,
	PR_GET_PDEATHSIG = 2,
	PR_GET_DUMPABLE = 3,
	PR_SET_DUMPABLE = 4,
	PR_GET_KEEPCAPS = 7,
	PR_SET_KEEPCAPS = 8,
	PR_GET_TIMING = 13,
	PR_SET_TIMING = 14,
	PR_SET_NAME = 15,
	PR_GET_NAME = 16,
	PR_CAPBSET_READ = 23,
	PR_CAPBSET_DROP = 24,
	PR_GET_SECUREBITS = 27,
	PR_SET_TIMERSLACK = 29,
	PR_GET_TIMERSLACK = 30,
	PR_SET_CHILD_SUBREAPER = 36,
	PR_GET_CHILD_SUBREAPER = 37,
	PR_SET_NO_NEW_PRIVS = 38,
	PR_GET_NO_NEW_PRIVS = 39,
	PR_GET_TID_ADDRESS = 40,
	PR_SET_THP_DISABLE = 41,
	PR_GET_THP_DISABLE = 42,
};

#define TIMER_SLACK 50000 /* nanoseconds, what Linux says by default */

static i32 name_set(u32 user)
{
	struct task *t = task_current();
	char name[TASK_NAME] = { 0 };
	i32 n = user_text(name, user, TASK_NAME);

	if (n == -ENAMETOOLONG)
		n = user_read(name, user, TASK_NAME - 1);
	if (n < 0)
		return n;
	name[TASK_NAME - 1] = 0;
	memory_copy(t->name, name, TASK_NAME);
	text_copy(t->thread->name, sizeof(t->thread->name), name);
	return 0;
}

static i32 prctl_set(struct process *p, u32 what, u32 value)
{
	switch (what) {
	case PR_SET_PDEATHSIG:
		if (value > SIGNALS)
			return -EINVAL;
		p->death_signal = value;
		return 0;
	case PR_SET_DUMPABLE:
		if (value > 1)
			return -EINVAL;
		p->dumpable = (u8)value;
		return 0;
	case PR_SET_KEEPCAPS:
		if (value > 1)
			return -EINVAL;
		p->keep_capabilities = (u8)value;
		return 0;
	case PR_SET_CHILD_SUBREAPER:
		p->subreaper = value != 0;
		return 0;
	case PR_SET_NO_NEW_PRIVS:
		if (value != 1)
			return -EINVAL;
		p->credentials.no_new_privileges = 1;
		return 0;
	case PR_SET_TIMING:
		return value ? -EINVAL : 0;
	case PR_SET_TIMERSLACK:
	case PR_SET_THP_DISABLE:
		return 0; /* there is neither */
	default:
		return -EINVAL;
	}
}

i32 call_prctl(u32 what, u32 a, u32 b, u32 c, u32 d);
i32 call_prctl(u32 what, u32 a, u32 b, u32 c, u32 d)
{
	struct process *p = process_current();

	switch (what) {
	case PR_GET_PDEATHSIG:
		return user_write32(a, p->death_signal);
	case PR_GET_DUMPABLE:
		return p->dumpable;
	case PR_GET_KEEPCAPS:
		return p->keep_capabilities;
	case PR_GET_TIMING:
	case PR_GET_SECUREBITS:
	case PR_GET_THP_DISABLE:
		return 0;
	case PR_SET_NAME:
		return name_set(a);
	case PR_GET_NAME:
		return user_write(a, task_current()->name, TASK_NAME);
	case PR_CAPBSET_READ:
		return a < CAPABILITIES ? 1 : -EINVAL;
	case PR_GET_TIMERSLACK:
		return TIMER_SLACK;
	case PR_GET_CHILD_SUBREAPER:
		return user_write32(a, p->subreaper);
	case PR_GET_NO_NEW_PRIVS:
		if (a || b || c || d)
			return -EINVAL;
		return (i32)p->credentials.no_new_privileges;
	case PR_GET_TID_ADDRESS:
		return user_write32(a, task_current()->clear_tid);
	default:
		return prctl_set(p, what, a);
	}
}
