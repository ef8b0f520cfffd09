/*
 * Controlling terminals: which session a terminal belongs to, its foreground
 * group, and who may use it. Terminals themselves are domains' business.
 */
#include "kernel/linux/errno.h"
#include "kernel/process/group.h"
#include "kernel/process/task.h"

/* Hang-up of what runs before a terminal. process_lock held. */
static void foreground_hang_up(struct session *s)
{
	struct group *g = s->foreground;

	s->terminal = 0;
	s->foreground = 0;
	if (!g)
		return;
	signal_group(g, SIGHUP);
	signal_group(g, SIGCONT);
	group_drop(g);
}

void session_leader_ends(struct process *p)
{
	struct session *s = p->group ? p->group->session : 0;

	if (s && s->number == p->pid && s->terminal)
		foreground_hang_up(s);
}

static i32 terminal_take(u32 terminal, int steal)
{
	struct process *p = process_current();
	struct session *s = p->group->session;
	struct session *other = session_with_terminal(terminal);

	if (other == s)
		return 0;
	if (s->number != p->pid || s->terminal)
		return -EPERM;
	if (other) {
		if (!steal || !process_privileged())
			return -EPERM;
		foreground_hang_up(other);
	}
	s->terminal = terminal + 1;
	s->foreground = p->group;
	p->group->users++;
	return 0;
}

i32 session_terminal_take(u32 terminal, int steal)
{
	spin_lock(&process_lock);
	i32 r = terminal_take(terminal, steal);
	spin_unlock(&process_lock);
	return r;
}

i32 session_terminal_drop(void)
{
	struct process *p = process_current();
	i32 r = 0;

	spin_lock(&process_lock);
	struct session *s = p->group->session;

	if (!s->terminal)
		r = -ENOTTY;
	else if (s->number == p->pid)
		foreground_hang_up(s);
	spin_unlock(&process_lock);
	return r;
}

void terminal_hang_up(u32 terminal)
{
	spin_lock(&process_lock);
	struct session *s = session_with_terminal(terminal);

	if (s) {
		struct process *leader = process_look(s->number);

		if (leader)
			signal_process(leader, SIGHUP, 0);
		foreground_hang_up(s);
	}
	spin_unlock(&process_lock);
}

i32 session_terminal(void)
{
	u32 terminal;

	spin_lock(&process_lock);
	terminal = process_current()->group->session->terminal;
	spin_unlock(&process_lock);
	return terminal ? (i32)terminal - 1 : -ENXIO;
}

i32 terminal_foreground(u32 terminal)
{
	i32 r = -ENOTTY;

	spin_lock(&process_lock);
	struct session *s = session_with_terminal(terminal);

	if (s)
		r = s->foreground ? (i32)s->foreground->number : 0;
	spin_unlock(&process_lock);
	return r;
}

i32 terminal_session(u32 terminal)
{
	i32 r = -ENOTTY;

	spin_lock(&process_lock);
	struct session *s = session_with_terminal(terminal);

	if (s)
		r = (i32)s->number;
	spin_unlock(&process_lock);
	return r;
}

i32 terminal_foreground_set(u32 terminal, u32 group)
{
	i32 r = 0;

	spin_lock(&process_lock);
	struct session *s = process_current()->group->session;
	struct group *g = group_find(group);

	if (s->terminal != terminal + 1) {
		r = -ENOTTY;
	} else if (!g) {
		r = -ESRCH;
	} else if (g->session != s) {
		r = -EPERM;
	} else {
		g->users++;
		group_drop(s->foreground);
		s->foreground = g;
	}
	spin_unlock(&process_lock);
	return r;
}

/* Would the current task not notice that signal? */
static int deaf_to(u32 signal)
{
	struct task *t = task_current();

	return (t->blocked & SIGNAL_BIT(signal)) ||
	       t->process->actions->action[signal - 1].handler == 1;
}

i32 terminal_access(u32 terminal, u32 signal)
{
	struct process *p = process_current();
	i32 r = 0;

	spin_lock(&process_lock);
	struct session *s = p->group->session;

	if (s->terminal == terminal + 1 && s->foreground &&
	    s->foreground != p->group) {
		if (deaf_to(signal)) {
			r = signal == SIGTTIN ? -EIO : 0;
		} else if (group_orphaned(p->group, 0)) {
			r = -EIO;
		} else {
			signal_group(p->group, signal);
			r = -ERESTARTSYS;
		}
	}
	spin_unlock(&process_lock);
	return r;
}

void terminal_signal(u32 terminal, u32 signal)
{
	spin_lock(&process_lock);
	struct session *s = session_with_terminal(terminal);

	if (s && s->foreground)
		signal_group(s->foreground, signal);
	spin_unlock(&process_lock);
}
