/*
 * What is known of processes and threads themselves: numbers, owners, times,
 * states, signals. Whatever is looked at under process_lock stays meanwhile.
 */
#include "kernel/inspect/inspect.h"

#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/process/credentials.h"
#include "kernel/process/group.h"
#include "kernel/process/task.h"
#include "kernel/process/usage.h"
#include "kernel/vfs/terminal.h"
#include "kernel/wide.h"

#define TICK_NS	       10000000u /* as times(2) counts */
#define DEVICE_SCREEN  (4u << 8 | 1)
#define DEVICE_SERIAL  (4u << 8 | 64)
#define DEVICE_PSEUDOS (136u << 8)

int inspect_may(const struct process *p)
{
	const struct task *t = task_current();

	if (!t || t->process == p)
		return 1;
	return process_may(p) && (p->dumpable || process_privileged());
}

i32 inspect_space(u32 pid, int private, struct space **out)
{
	struct process *p;
	i32 error = -E_NAME;

	spin_lock(&process_lock);
	p = process_look(pid);
	*out = p ? p->space : 0;
	if (*out)
		error = !private || inspect_may(p) ? 0 : -E_DENIED;
	if (!error)
		space_hold(*out);
	spin_unlock(&process_lock);
	return error;
}

i32 inspect_give_text(into char *to, u32 room, const char *text)
{
	u32 n = min(text_length(text), room);

	return lend_give(to, text, n) < 0 ? -E_GONE : (i32)n;
}

/* ---- numbers ---- */

i32 up_inspect_self(void)
{
	struct task *t = task_current();

	return t ? (i32)t->process->pid : 0;
}

i32 up_inspect_self_thread(void)
{
	struct task *t = task_current();

	return t ? (i32)t->tid : 0;
}

i32 up_inspect_may(u32 pid)
{
	struct process *p;
	i32 r;

	spin_lock(&process_lock);
	p = process_look(pid);
	r = !p ? -E_NAME : inspect_may(p) ? 0 : -E_DENIED;
	spin_unlock(&process_lock);
	return r;
}

i32 up_inspect_next(u32 pid)
{
	u32 next = PID_MOST;

	spin_lock(&process_lock);
	for (struct list *l = processes.next; l != &processes; l = l->next) {
		u32 n = LIST_OF(l, struct process, all)->pid;

		if (n >= pid)
			next = min(next, n);
	}
	spin_unlock(&process_lock);
	return next < PID_MOST ? (i32)next : -E_NAME;
}

i32 up_inspect_next_thread(u32 pid, u32 tid)
{
	const struct process *p;
	u32 next = PID_MOST;

	spin_lock(&process_lock);
	p = process_look(pid);
	for (struct list *l = p ? p->tasks.next : 0; p && l != &p->tasks;
	     l = l->next) {
		u32 n = LIST_OF(l, struct task, sibling)->tid;

		if (n >= tid)
			next = min(next, n);
	}
	spin_unlock(&process_lock);
	return next < PID_MOST ? (i32)next : -E_NAME;
}

i32 up_inspect_owner(u32 tid)
{
	const struct task *t;
	i32 r = -E_NAME;

	spin_lock(&process_lock);
	t = task_find(tid);
	if (t)
		r = (i32)t->process->pid;
	spin_unlock(&process_lock);
	return r;
}

/* ---- one of them; process_lock held for all of these ---- */

/* `tid` 0: the leader. NULL: there is none. */
static struct task *task_meant(u32 pid, u32 tid)
{
	struct process *p = process_look(pid);
	struct task *t;

	if (!p || !tid)
		return p ? p->leader : 0;
	t = task_find(tid);
	return t && t->process == p ? t : 0;
}

static u32 letter(const struct task *t)
{
	const struct thread *thread = t->thread;

	if (t->process->state >= PROCESS_ZOMBIE || t->ended || !thread)
		return 'Z';
	if (thread->state != THREAD_WAITING || thread->asks)
		return 'R';
	if (t->process->state == PROCESS_STOPPED)
		return 'T';
	return thread->waits_for_signal ? 'S' : 'D';
}

static u32 terminal_device(u32 number)
{
	if (number == TERMINAL_SCREEN)
		return DEVICE_SCREEN;
	if (number == TERMINAL_SERIAL)
		return DEVICE_SERIAL;
	return DEVICE_PSEUDOS + number - TERMINAL_PTYS;
}

static void fill_family(const struct process *p, struct inspect_process *out)
{
	const struct session *s = p->group ? p->group->session : 0;

	out->pid = p->pid;
	out->parent = p->parent ? p->parent->pid : 0;
	out->threads = p->task_count;
	if (!s)
		return;
	out->group = p->group->number;
	out->session = s->number;
	if (s->terminal)
		out->terminal = terminal_device(s->terminal - 1);
	if (s->terminal && s->foreground)
		out->foreground = s->foreground->number;
}

static void fill_owner(const struct process *p, struct inspect_process *out)
{
	const struct credentials *c = &p->credentials;

	out->uid = c->uid;
	out->effective_uid = c->euid;
	out->saved_uid = c->suid;
	out->file_uid = c->fsuid;
	out->gid = c->gid;
	out->effective_gid = c->egid;
	out->saved_gid = c->sgid;
	out->file_gid = c->fsgid;
	out->no_new_privileges = c->no_new_privileges;
}

static void fill_usage(const struct task *t, u32 tid,
		       struct inspect_process *out)
{
	const struct process *p = t->process;
	struct usage u;
	u32 rest;

	usage_of_process(p, &u);
	out->faults_minor = u.faults_minor;
	out->faults_major = u.faults_major;
	out->peak = u.peak;
	if (tid)
		usage_of_task(t, &u);
	out->user_ticks = usage_ticks(u.user);
	out->system_ticks = usage_ticks(u.system);
	out->switches = u.switches;
	out->switches_forced = u.switches_forced;
	usage_of_children(p, &u);
	out->child_faults_minor = u.faults_minor;
	out->child_faults_major = u.faults_major;
	out->child_user_ticks = usage_ticks(u.user);
	out->child_system_ticks = usage_ticks(u.system);
	out->started_ticks = (u32)wide_divide(p->started, TICK_NS, &rest);
}

static void fill_space(const struct process *p, struct inspect_process *out)
{
	const struct space *s = p->space;

	if (p->files)
		out->file_room = p->files->room;
	if (p->whereabouts)
		out->umask = p->whereabouts->umask;
	if (!s)
		return;
	out->has_space = 1;
	out->pages = s->mapped;
	out->resident = s->resident;
	out->code_start = s->code_start;
	out->code_end = s->code_end;
	out->data_start = s->data_start;
	out->data_end = s->data_end;
	out->heap_start = s->heap_start;
	out->stack_start = s->args_start; /* some way below its top */
	out->args_start = s->args_start;
	out->args_end = s->args_end;
	out->environment_start = s->environment_start;
	out->environment_end = s->environment_end;
	out->auxiliary = s->auxiliary;
}

static void put_set(u32 *low, u32 *high, u64 set)
{
	*low = (u32)set;
	*high = (u32)(set >> 32);
}

/* Scheduler's lock held, too. */
static void fill_signals(const struct task *t, struct inspect_process *out)
{
	const struct process *p = t->process;
	u64 ignored = 0, caught = 0;

	for (u32 n = 1; p->actions && n <= SIGNALS; n++) {
		u32 handler = p->actions->action[n - 1].handler;

		if (handler == SIG_IGN)
			ignored |= SIGNAL_BIT(n);
		else if (handler != SIG_DFL)
			caught |= SIGNAL_BIT(n);
	}
	put_set(&out->pending, &out->pending_high, t->pending.set);
	put_set(&out->shared_pending, &out->shared_pending_high,
		p->pending.set);
	put_set(&out->blocked, &out->blocked_high, t->blocked);
	put_set(&out->ignored, &out->ignored_high, ignored);
	put_set(&out->caught, &out->caught_high, caught);
}

static void fill_task(const struct task *t, struct inspect_process *out)
{
	const struct process *p = t->process;

	memory_copy(out->name, t->name, sizeof(out->name));
	scheduler_lock();
	out->state = letter(t);
	if (t->thread)
		out->cpu = t->thread->cpu->number;
	fill_signals(t, out);
	scheduler_unlock();
	out->nice = p->nice;
	out->policy = t->policy;
	out->priority = t->priority;
	out->affinity = t->affinity & ((1u << cpu_count) - 1);
	out->exit_signal = p->exit_signal;
	out->exit_status = p->status;
}

i32 up_inspect_process(u32 pid, u32 tid, into struct inspect_process *found)
{
	struct inspect_process out;
	const struct task *t;

	memory_fill(&out, 0, sizeof(out));
	spin_lock(&process_lock);
	t = task_meant(pid, tid);
	if (t) {
		fill_family(t->process, &out);
		fill_owner(t->process, &out);
		fill_usage(t, tid, &out);
		fill_space(t->process, &out);
		fill_task(t, &out);
	}
	spin_unlock(&process_lock);
	return t ? lend_give(found, &out, sizeof(out)) : -E_NAME;
}

i32 up_inspect_groups(u32 pid, into u8 *numbers, u32 room)
{
	struct process *p = process_find(pid);
	struct groups *g;
	u32 size;
	i32 r = 0;

	if (!p)
		return -E_NAME;
	g = groups_of(p);
	size = g ? min(room, g->count * 4) : 0;
	if (size)
		r = lend_give(numbers, g->sorted, size);
	groups_drop(g);
	process_drop(p);
	return r < 0 ? -E_GONE : (i32)size;
}

i32 up_inspect_rename(u32 pid, u32 tid, from char *name, u32 size)
{
	char text[TASK_NAME] = { 0 };
	const struct task *self = task_current();
	struct task *t;
	i32 r = -E_NAME;

	if (lend_take(text, name, min(size, TASK_NAME - 1)) < 0)
		return -E_GONE;
	spin_lock(&process_lock);
	t = task_meant(pid, tid);
	if (t)
		r = self && self->process == t->process ? 0 : -E_DENIED;
	if (!r)
		memory_copy(t->name, text, TASK_NAME);
	spin_unlock(&process_lock);
	return r;
}

i32 up_inspect_limit(u32 pid, u32 which, into u32 *pair)
{
	const struct process *p;
	struct limit l = { 0, 0 };

	if (which >= LIMITS)
		return -E_RANGE;
	spin_lock(&process_lock);
	p = process_look(pid);
	if (p)
		l = p->limits[which];
	spin_unlock(&process_lock);
	return p ? lend_give(pair, &l, sizeof(l)) : -E_NAME;
}

i32 up_inspect_next_terminal(u32 number)
{
	i32 next = terminal_next(number);

	return next < 0 ? -E_NAME : next;
}
