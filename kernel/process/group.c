/*
 * Process groups and sessions: who belongs where, orphaned groups, and the
 * calls setpgid, setsid and their kin. Terminals' part is control.c's.
 */
#include "kernel/process/group.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/process/task.h"

#define BUCKETS 64u

static struct list groups[BUCKETS], sessions[BUCKETS];

/* Tables are empty until first used; boot fills them with zero bytes. */
static struct list *bucket_of(struct list *table, u32 number)
{
	struct list *bucket = &table[number % BUCKETS];

	if (!bucket->next)
		list_init(bucket);
	return bucket;
}

struct group *group_find(u32 number)
{
	struct list *bucket = bucket_of(groups, number);

	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct group *g = LIST_OF(l, struct group, list);

		if (g->number == number)
			return g;
	}
	return 0;
}

struct session *session_find(u32 number)
{
	struct list *bucket = bucket_of(sessions, number);

	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct session *s = LIST_OF(l, struct session, list);

		if (s->number == number)
			return s;
	}
	return 0;
}

struct session *session_with_terminal(u32 terminal)
{
	for (u32 i = 0; i < BUCKETS; i++) {
		struct list *bucket = bucket_of(sessions, i);

		for (struct list *l = bucket->next; l != bucket; l = l->next) {
			struct session *s = LIST_OF(l, struct session, list);

			if (s->terminal == terminal + 1)
				return s;
		}
	}
	return 0;
}

static struct group *group_new(u32 number)
{
	struct group *g = heap_take_now(sizeof(*g));

	if (!g)
		return 0;
	g->number = number;
	list_init(&g->members);
	list_init(&g->list);
	return g;
}

struct group *group_make_session(u32 number)
{
	struct group *g = group_new(number);
	struct session *s = g ? heap_take_now(sizeof(*s)) : 0;

	if (!s) {
		heap_give(g);
		return 0;
	}
	s->number = number;
	list_init(&s->list);
	g->session = s;
	return g;
}

/* The first to come puts a group, and its session, into the tables. */
void group_join(struct process *p, struct group *g)
{
	if (!g->users) {
		list_add_last(bucket_of(groups, g->number), &g->list);
		if (!g->session->users++)
			list_add_last(bucket_of(sessions, g->session->number),
				      &g->session->list);
	}
	g->users++;
	p->group = g;
	list_add_last(&g->members, &p->group_list);
}

void group_drop(struct group *g)
{
	if (!g || --g->users)
		return;
	struct session *s = g->session;

	list_remove(&g->list);
	heap_give(g);
	if (--s->users)
		return;
	list_remove(&s->list);
	heap_give(s);
}

void group_leave(struct process *p)
{
	struct group *g = p->group;

	if (!g)
		return;
	list_remove(&p->group_list);
	p->group = 0;
	group_drop(g);
}

int group_orphaned(const struct group *g, const struct process *without)
{
	for (struct list *l = g->members.next; l != &g->members; l = l->next) {
		struct process *p = LIST_OF(l, struct process, group_list);
		struct process *parent = p->parent;

		if (p == without || p->state == PROCESS_ZOMBIE || !parent ||
		    parent->pid == 1 || !parent->group)
			continue;
		if (parent->group != g && parent->group->session == g->session)
			return 0;
	}
	return 1;
}

static int group_stopped(const struct group *g)
{
	for (struct list *l = g->members.next; l != &g->members; l = l->next)
		if (LIST_OF(l, struct process, group_list)->state ==
		    PROCESS_STOPPED)
			return 1;
	return 0;
}

/* p, a member of g, loses `parent`, or goes itself (`without`). */
static void orphan_check(struct group *g, const struct process *parent,
			 const struct process *without)
{
	if (!parent || !parent->group || parent->group == g ||
	    parent->group->session != g->session)
		return;
	if (!group_stopped(g) || !group_orphaned(g, without))
		return;
	signal_group(g, SIGHUP);
	signal_group(g, SIGCONT);
}

/* Its children have another parent by now. */
void group_process_ends(struct process *p)
{
	session_leader_ends(p);
	orphan_check(p->group, p->parent, p);
}

void group_child_orphaned(struct process *child, const struct process *parent)
{
	if (child->group)
		orphan_check(child->group, parent, 0);
}

/* ---- calls ---- */

/* May the current process move p to the group `number`? 0 or -errno. */
static i32 group_change_check(struct process *p, struct process *self)
{
	if (!p || (p != self && p->parent != self))
		return -ESRCH;
	if (p != self && p->exec_done)
		return -EACCES;
	if (p->group->session != self->group->session ||
	    p->group->session->number == p->pid)
		return -EPERM;
	return 0;
}

/* process_lock held. `fresh` is a group to use if there is none: taken over
 * (set to NULL) if it is. */
static i32 group_change(u32 pid, u32 number, struct group **fresh)
{
	struct process *self = process_current();
	struct process *p = pid ? process_look(pid) : self;
	i32 r = group_change_check(p, self);

	if (r < 0)
		return r;
	struct group *g = group_find(number ? number : p->pid);

	if (g && g->session != self->group->session)
		return -EPERM;
	if (!g) {
		if (number && number != p->pid)
			return -EPERM;
		g = *fresh;
		*fresh = 0;
		g->number = p->pid;
		g->session = self->group->session;
	}
	if (g == p->group)
		return 0;
	struct group *old = p->group;

	old->users++; /* its session stays */
	group_leave(p);
	group_join(p, g);
	group_drop(old);
	return 0;
}

i32 call_setpgid(u32 pid, u32 number);
i32 call_setpgid(u32 pid, u32 number)
{
	struct group *fresh;
	i32 r;

	if ((i32)number < 0 || (i32)pid < 0)
		return -EINVAL;
	fresh = group_new(0);
	if (!fresh)
		return -ENOMEM;
	spin_lock(&process_lock);
	r = group_change(pid, number, &fresh);
	spin_unlock(&process_lock);
	heap_give(fresh);
	return r;
}

/* The group's or session's number of a process (0: the current one). */
static i32 number_of(u32 pid, int of_session)
{
	i32 r = -ESRCH;

	spin_lock(&process_lock);
	struct process *p = pid ? process_look(pid) : process_current();

	if (p && p->group)
		r = (i32)(of_session ? p->group->session->number :
				       p->group->number);
	spin_unlock(&process_lock);
	return r;
}

u32 group_current(void)
{
	return (u32)number_of(0, 0);
}

i32 call_getpgid(u32 pid);
i32 call_getpgid(u32 pid)
{
	return number_of(pid, 0);
}

i32 call_getpgrp(void);
i32 call_getpgrp(void)
{
	return (i32)group_current();
}

i32 call_getsid(u32 pid);
i32 call_getsid(u32 pid)
{
	return number_of(pid, 1);
}

i32 call_setsid(void);
i32 call_setsid(void)
{
	struct process *p = process_current();
	struct group *g = group_make_session(p->pid);
	i32 r = (i32)p->pid;

	if (!g)
		return -ENOMEM;
	spin_lock(&process_lock);
	if (group_find(p->pid)) {
		r = -EPERM;
	} else {
		group_leave(p);
		group_join(p, g);
	}
	spin_unlock(&process_lock);
	if (r < 0) {
		heap_give(g->session);
		heap_give(g);
	}
	return r;
}
