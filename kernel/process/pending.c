/*
 * The queues of pending signals, from the taker's side, and what a task has
 * to look at before it goes on in its program.
 */
#include "kernel/process/pending.h"

#include "kernel/heap.h"

void signals_init(struct signals *s)
{
	s->set = 0;
	s->count = 0;
	list_init(&s->queue);
}

static void discard(struct queued_signal *q, struct discarded *d)
{
	list_remove(&q->list);
	if (q->taken)
		q->taken(q);
	else
		list_add_last(&d->list, &q->list);
}

void discarded_give(struct discarded *d)
{
	while (!list_empty(&d->list)) {
		struct list *l = d->list.next;

		list_remove(l);
		heap_give(LIST_OF(l, struct queued_signal, list));
	}
}

static void set_drop(struct signals *s, u64 set, struct discarded *d)
{
	struct list *next;

	if (!(s->set & set))
		return;
	s->set &= ~set;
	for (struct list *l = s->queue.next; l != &s->queue; l = next) {
		struct queued_signal *q =
			LIST_OF(l, struct queued_signal, list);

		next = l->next;
		if (!(SIGNAL_BIT(q->info.number) & set))
			continue;
		discard(q, d);
		s->count--;
	}
}

void signals_drop(struct signals *s)
{
	struct discarded d;

	list_init(&d.list);
	scheduler_lock();
	set_drop(s, ~0ull, &d);
	scheduler_unlock();
	discarded_give(&d);
}

void pending_drop(struct process *p, u64 set, struct discarded *d)
{
	set_drop(&p->pending, set, d);
	for (struct list *l = p->tasks.next; l != &p->tasks; l = l->next)
		set_drop(&LIST_OF(l, struct task, sibling)->pending, set, d);
}

/* The lowest number in a set that is not empty. */
static u32 set_first(u64 set)
{
	if ((u32)set)
		return (u32)__builtin_ctz((u32)set) + 1;
	return (u32)__builtin_ctz((u32)(set >> 32)) + 33;
}

/* Take `signal`'s first block out of s; it stays in the set while there are
 * more of them. */
static void take(struct signals *s, u32 signal, struct signal_info *info,
		 struct discarded *d)
{
	struct queued_signal *found = 0;
	u32 more = 0;

	for (struct list *l = s->queue.next; l != &s->queue; l = l->next) {
		struct queued_signal *q =
			LIST_OF(l, struct queued_signal, list);

		if (q->info.number != (i32)signal)
			continue;
		if (found) {
			more = 1;
			break;
		}
		found = q;
	}
	if (!more)
		s->set &= ~SIGNAL_BIT(signal);
	if (!found) {
		*info = (struct signal_info){ .number = (i32)signal,
					      .code = SI_KERNEL };
		return;
	}
	s->count--;
	list_remove(&found->list);
	if (found->taken)
		found->taken(found);
	*info = found->info;
	if (!found->taken)
		list_add_last(&d->list, &found->list);
}

void pending_withdraw(struct queued_signal *q)
{
	struct signals *s = q->in;
	i32 number = q->info.number;

	if (!pending_queued(q))
		return;
	list_remove(&q->list);
	s->count--;
	for (struct list *l = s->queue.next; l != &s->queue; l = l->next)
		if (LIST_OF(l, struct queued_signal, list)->info.number ==
		    number)
			return;
	s->set &= ~SIGNAL_BIT(number);
}

u32 pending_take(struct task *t, u64 set, struct signal_info *info,
		 struct discarded *d)
{
	struct signals *s = &t->pending;
	u64 due = s->set & set;

	if (!due) {
		s = &t->process->pending;
		due = s->set & set;
	}
	if (!due)
		return 0;
	if (due & SET_FAULTS)
		due &= SET_FAULTS;
	u32 signal = set_first(due);
	take(s, signal, info, d);
	return signal;
}

int signal_waiting(const struct task *t)
{
	return (t->thread->attention & ATTENTION_LEAVE) != 0;
}

static void attention_set(struct thread *t, int on)
{
	if (on)
		__atomic_or_fetch(&t->attention, ATTENTION_LEAVE,
				  __ATOMIC_RELAXED);
	else
		__atomic_and_fetch(&t->attention, ~(u32)ATTENTION_LEAVE,
				   __ATOMIC_RELAXED);
}

void signal_look(struct task *t)
{
	const struct process *p = t->process;

	attention_set(t->thread, (pending_set(t) & ~t->blocked) ||
					 t->restore_blocked ||
					 p->state == PROCESS_STOPPED ||
					 p->continues || task_dies(t));
}

enum wait_result wait_for_death(struct wait_queue *q, u64 deadline)
{
	struct task *t = task_current();
	enum wait_result r = WAIT_SIGNAL;

	if (!task_dies(t)) {
		attention_set(t->thread, 0);
		r = wait_for_signal(q, deadline);
	}
	signal_look(t);
	return r == WAIT_SIGNAL && !task_dies(t) ? WAIT_WOKEN : r;
}
