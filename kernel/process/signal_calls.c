/* Sending signals from programs: kill and its kin. */
#include "kernel/linux/errno.h"
#include "kernel/process/pending.h"
#include "kernel/process/task.h"
#include "kernel/space/user.h"

static struct signal_info info_own(i32 code)
{
	const struct process *p = process_current();
	struct signal_info info = { .code = code };

	info.queued.pid = p->pid;
	info.queued.uid = p->credentials.uid;
	return info;
}

/* A shell may continue what it started, whoever that has become. */
static int may(const struct process *p, u32 signal)
{
	return process_may(p) ||
	       (signal == SIGCONT && p->group && process_current()->group &&
		p->group->session == process_current()->group->session);
}

/* process_lock held. Signal 0 only asks whether it could be done. */
static i32 send_one(struct process *p, u32 signal,
		    const struct signal_info *info)
{
	if (!may(p, signal))
		return -EPERM;
	return signal ? signal_process(p, signal, info) : 0;
}

/* One success is success; else the last error. */
static i32 both(i32 so_far, i32 r)
{
	return so_far == 0 ? 0 : r;
}

static i32 send_group(u32 number, u32 signal, const struct signal_info *info)
{
	struct group *g = group_find(number);
	i32 r = -ESRCH;

	if (!g)
		return r;
	for (struct list *l = g->members.next; l != &g->members; l = l->next)
		r = both(r, send_one(LIST_OF(l, struct process, group_list),
				     signal, info));
	return r;
}

static i32 send_all(u32 signal, const struct signal_info *info)
{
	i32 r = -ESRCH;

	for (struct list *l = processes.next; l != &processes; l = l->next) {
		struct process *p = LIST_OF(l, struct process, all);

		if (p->pid != 1 && p != process_current())
			r = both(r, send_one(p, signal, info));
	}
	return r;
}

static i32 send_pid(i32 pid, u32 signal, const struct signal_info *info)
{
	struct process *p;

	if (pid == -1)
		return send_all(signal, info);
	if (pid == 0)
		return send_group(process_current()->group->number, signal,
				  info);
	if (pid < 0)
		return send_group((u32)-pid, signal, info);
	p = process_look((u32)pid);
	return p ? send_one(p, signal, info) : -ESRCH;
}

i32 call_kill(u32 pid, u32 signal);
i32 call_kill(u32 pid, u32 signal)
{
	struct signal_info info = info_own(SI_USER);
	i32 r;

	if (signal > SIGNALS)
		return -EINVAL;
	if (pid == 0x80000000u)
		return -ESRCH;
	spin_lock(&process_lock);
	r = send_pid((i32)pid, signal, &info);
	spin_unlock(&process_lock);
	return r;
}

/* To one task, of process `pid` (0: any). */
static i32 send_task(u32 pid, u32 tid, u32 signal,
		     const struct signal_info *info)
{
	struct task *t;
	i32 r;

	if ((i32)tid <= 0 || (i32)pid < 0 || signal > SIGNALS)
		return -EINVAL;
	spin_lock(&process_lock);
	t = task_find(tid);
	if (!t || (pid && t->process->pid != pid) ||
	    (t->ended && t->process->state < PROCESS_ZOMBIE))
		r = -ESRCH;
	else if (!may(t->process, signal))
		r = -EPERM;
	else
		r = signal ? signal_task(t, signal, info) : 0;
	spin_unlock(&process_lock);
	return r;
}

i32 call_tkill(u32 tid, u32 signal);
i32 call_tkill(u32 tid, u32 signal)
{
	struct signal_info info = info_own(SI_TKILL);

	return send_task(0, tid, signal, &info);
}

i32 call_tgkill(u32 pid, u32 tid, u32 signal);
i32 call_tgkill(u32 pid, u32 tid, u32 signal)
{
	struct signal_info info = info_own(SI_TKILL);

	if (!pid)
		return -EINVAL;
	return send_task(pid, tid, signal, &info);
}

/* Nobody may pretend to others to be kill or the core. */
static i32 info_read(u32 pid, u32 signal, u32 user, struct signal_info *info)
{
	if (user_read(info, user, sizeof(*info)) < 0)
		return -EFAULT;
	info->number = (i32)signal;
	if ((info->code >= 0 || info->code == SI_TKILL) &&
	    pid != process_current()->pid)
		return -EPERM;
	return 0;
}

i32 call_rt_sigqueueinfo(u32 pid, u32 signal, u32 user);
i32 call_rt_sigqueueinfo(u32 pid, u32 signal, u32 user)
{
	struct signal_info info;
	struct process *p;
	i32 r = info_read(pid, signal, user, &info);

	if (r < 0)
		return r;
	if (signal > SIGNALS)
		return -EINVAL;
	spin_lock(&process_lock);
	p = (i32)pid > 0 ? process_look(pid) : 0;
	r = p ? send_one(p, signal, &info) : -ESRCH;
	spin_unlock(&process_lock);
	return r;
}

i32 call_rt_tgsigqueueinfo(u32 pid, u32 tid, u32 signal, u32 user);
i32 call_rt_tgsigqueueinfo(u32 pid, u32 tid, u32 signal, u32 user)
{
	struct signal_info info;
	i32 r = info_read(pid, signal, user, &info);

	if (r < 0)
		return r;
	if (!pid)
		return -EINVAL;
	return send_task(pid, tid, signal, &info);
}
