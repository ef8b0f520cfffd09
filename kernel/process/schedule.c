/*
 * Scheduling as programs ask for it: yielding, niceness, policies, priorities
 * and CPUs. There is one run queue with one rank for all programs: but for
 * yielding, what is set here is remembered and told, not obeyed.
 */
#include "kernel/cpu.h"
#include "kernel/linux/errno.h"
#include "kernel/process/task.h"
#include "kernel/space/user.h"

enum policy { OTHER = 0, FIFO = 1, ROUND_ROBIN = 2, BATCH = 3, IDLE = 5 };

#define RESET_ON_FORK 0x40000000u
#define PRIORITY_MOST 99u
#define SLICE_NS      100000000u /* what sched_rr_get_interval says */
#define NICE_LEAST    (-20)
#define NICE_MOST     19

i32 call_sched_yield(void);
i32 call_sched_yield(void)
{
	thread_yield();
	return 0;
}

/* ---- niceness ---- */

enum { WHICH_PROCESS, WHICH_GROUP, WHICH_USER };

/* Is p meant by getpriority's two words? */
static int meant(const struct process *p, u32 which, u32 who)
{
	const struct process *self = process_current();

	if (which == WHICH_PROCESS)
		return who ? p->pid == who : p == self;
	if (which == WHICH_GROUP)
		return p->group && (who ? p->group->number == who :
					  p->group == self->group);
	return p->credentials.uid == (who ? who : self->credentials.uid);
}

static i32 nice_set(struct process *p, i32 nice)
{
	if (!process_may(p))
		return -EPERM;
	if (nice < p->nice && !process_privileged() &&
	    20 - nice > (i32)p->limits[LIMIT_NICE].soft)
		return -EACCES;
	p->nice = nice;
	return 0;
}

static i32 nice_clip(i32 nice)
{
	if (nice < NICE_LEAST)
		return NICE_LEAST;
	return nice > NICE_MOST ? NICE_MOST : nice;
}

/* The highest of their priorities, as 20 - nice, so that it is positive. */
i32 call_getpriority(u32 which, u32 who);
i32 call_getpriority(u32 which, u32 who)
{
	i32 r = -ESRCH;

	if (which > WHICH_USER)
		return -EINVAL;
	spin_lock(&process_lock);
	for (struct list *l = processes.next; l != &processes; l = l->next) {
		struct process *p = LIST_OF(l, struct process, all);

		if (meant(p, which, who) && 20 - p->nice > r)
			r = 20 - p->nice;
	}
	spin_unlock(&process_lock);
	return r;
}

i32 call_setpriority(u32 which, u32 who, u32 value);
i32 call_setpriority(u32 which, u32 who, u32 value)
{
	i32 r = -ESRCH, nice = nice_clip((i32)value);

	if (which > WHICH_USER)
		return -EINVAL;
	spin_lock(&process_lock);
	for (struct list *l = processes.next; l != &processes; l = l->next) {
		struct process *p = LIST_OF(l, struct process, all);

		if (!meant(p, which, who))
			continue;
		i32 one = nice_set(p, nice);

		if (r == -ESRCH || one < 0)
			r = one;
	}
	spin_unlock(&process_lock);
	return r;
}

i32 call_nice(u32 by);
i32 call_nice(u32 by)
{
	struct process *p = process_current();
	i32 step = (i32)by;
	i32 r;

	if (step < -40 || step > 40)
		step = step < 0 ? -40 : 40;
	spin_lock(&process_lock);
	r = nice_set(p, nice_clip(p->nice + step));
	spin_unlock(&process_lock);
	return r == -EACCES ? -EPERM : r;
}

/* ---- policies ---- */

static struct task *task_meant(u32 tid)
{
	return tid ? task_find(tid) : task_current();
}

static int is_real_time(u32 policy)
{
	return policy == FIFO || policy == ROUND_ROBIN;
}

static i32 policy_check(u32 policy, u32 priority)
{
	u32 p = policy & ~RESET_ON_FORK;

	if (p != OTHER && p != BATCH && p != IDLE && !is_real_time(p))
		return -EINVAL;
	if (is_real_time(p))
		return priority >= 1 && priority <= PRIORITY_MOST ? 0 : -EINVAL;
	return priority ? -EINVAL : 0;
}

/* `policy` ~0: as it is. */
static i32 policy_set(u32 tid, u32 policy, u32 user)
{
	u32 priority;
	i32 r;

	if ((i32)tid < 0 || !user)
		return -EINVAL;
	if (user_read32(&priority, user) < 0)
		return -EFAULT;
	spin_lock(&process_lock);
	struct task *t = task_meant(tid);

	if (t && policy == ~0u)
		policy = t->policy;
	r = t ? policy_check(policy, priority) : -ESRCH;
	if (r == 0 &&
	    (!process_may(t->process) ||
	     (is_real_time(policy & ~RESET_ON_FORK) && !process_privileged() &&
	      priority > t->process->limits[LIMIT_RTPRIO].soft)))
		r = -EPERM;
	if (r == 0) {
		t->policy = (u8)policy;
		t->priority = (u8)priority;
	}
	spin_unlock(&process_lock);
	return r;
}

i32 call_sched_setscheduler(u32 tid, u32 policy, u32 user);
i32 call_sched_setscheduler(u32 tid, u32 policy, u32 user)
{
	return (i32)policy < 0 ? -EINVAL : policy_set(tid, policy, user);
}

i32 call_sched_setparam(u32 tid, u32 user);
i32 call_sched_setparam(u32 tid, u32 user)
{
	return policy_set(tid, ~0u, user);
}

i32 call_sched_getscheduler(u32 tid);
i32 call_sched_getscheduler(u32 tid)
{
	i32 r = -ESRCH;

	spin_lock(&process_lock);
	struct task *t = task_meant(tid);

	if (t)
		r = t->policy;
	spin_unlock(&process_lock);
	return r;
}

i32 call_sched_getparam(u32 tid, u32 to);
i32 call_sched_getparam(u32 tid, u32 to)
{
	i32 r = -ESRCH;

	spin_lock(&process_lock);
	struct task *t = task_meant(tid);

	if (t)
		r = t->priority;
	spin_unlock(&process_lock);
	return r < 0 ? r : user_write32(to, (u32)r);
}

i32 call_sched_get_priority_max(u32 policy);
i32 call_sched_get_priority_max(u32 policy)
{
	if (is_real_time(policy))
		return PRIORITY_MOST;
	return policy_check(policy, 0);
}

i32 call_sched_get_priority_min(u32 policy);
i32 call_sched_get_priority_min(u32 policy)
{
	if (is_real_time(policy))
		return 1;
	return policy_check(policy, 0);
}

i32 call_sched_rr_get_interval(u32 tid, u32 to);
i32 call_sched_rr_get_interval(u32 tid, u32 to)
{
	u32 words[2] = { 0, SLICE_NS };
	i32 r = call_sched_getscheduler(tid);

	return r < 0 ? r : user_write(to, words, sizeof(words));
}

i32 call_sched_rr_get_interval_time64(u32 tid, u32 to);
i32 call_sched_rr_get_interval_time64(u32 tid, u32 to)
{
	u64 words[2] = { 0, SLICE_NS };
	i32 r = call_sched_getscheduler(tid);

	return r < 0 ? r : user_write(to, words, sizeof(words));
}

/* ---- CPUs ---- */

static u32 cpus_there(void)
{
	return (1u << cpu_count) - 1;
}

i32 call_sched_setaffinity(u32 tid, u32 size, u32 user);
i32 call_sched_setaffinity(u32 tid, u32 size, u32 user)
{
	u32 mask = 0;
	i32 r = -ESRCH;

	if (user_read(&mask, user, size < 4 ? size : 4) < 0)
		return -EFAULT;
	if (!(mask & cpus_there()))
		return -EINVAL;
	spin_lock(&process_lock);
	struct task *t = task_meant(tid);

	if (t)
		r = process_may(t->process) ? 0 : -EPERM;
	if (r == 0)
		t->affinity = mask & cpus_there();
	spin_unlock(&process_lock);
	return r;
}

/* Answers the bytes that were written. */
i32 call_sched_getaffinity(u32 tid, u32 size, u32 to);
i32 call_sched_getaffinity(u32 tid, u32 size, u32 to)
{
	u32 mask = 0;
	i32 r = -ESRCH;

	if (size < 4 || size % 4)
		return -EINVAL;
	spin_lock(&process_lock);
	struct task *t = task_meant(tid);

	if (t) {
		mask = t->affinity & cpus_there();
		r = 4;
	}
	spin_unlock(&process_lock);
	return r < 0 || user_write32(to, mask) == 0 ? r : -EFAULT;
}

i32 call_getcpu(u32 cpu, u32 node);
i32 call_getcpu(u32 cpu, u32 node)
{
	if (cpu && user_write32(cpu, cpu_current()->number) < 0)
		return -EFAULT;
	return node ? user_write32(node, 0) : 0;
}
