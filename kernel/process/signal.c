/*
 * Sending signals: who gets one, what a stop and a SIGCONT do to each other,
 * and what is dropped because nobody cares. Taking them out is leave.c's.
 */
#include "kernel/process/signal.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/process/pending.h"
#include "kernel/process/signalfd.h"

struct wait_queue standing = { { &standing.threads, &standing.threads } };

void signal_wake(struct task *t)
{
	if (!t->ended && t->thread)
		thread_alert(t->thread);
	wake_all(&standing);
}

static void process_wake(struct process *p)
{
	for (struct list *l = p->tasks.next; l != &p->tasks; l = l->next)
		signal_wake(LIST_OF(l, struct task, sibling));
}

/* Does an action come to nothing? The first process has no default ones. */
static int action_ignores(const struct process *p, u32 signal)
{
	u32 handler = p->actions->action[signal - 1].handler;

	if (handler == SIG_DFL)
		return p->pid == 1 || (SET_IGNORED & SIGNAL_BIT(signal));
	return handler == SIG_IGN;
}

/* Is it kept even so: blocked, or waited for by sigtimedwait? */
static int kept(const struct process *p, const struct task *to, u64 bit)
{
	if (to)
		return ((to->blocked | to->awaited) & bit) != 0;
	if (p->leader && (p->leader->blocked & bit))
		return 1;
	for (struct list *l = p->tasks.next; l != &p->tasks; l = l->next)
		if (LIST_OF(l, struct task, sibling)->awaited & bit)
			return 1;
	return 0;
}

static int wants(const struct task *t, u64 bit)
{
	return !t->ended && t->thread &&
	       (!(t->blocked & bit) || (t->awaited & bit));
}

/* The task that is to look at a signal for the whole process: the sender if
 * it may, or the first that does not block it, rather one that is not busy
 * with another. */
static struct task *choose(struct process *p, u64 bit)
{
	struct task *second = task_current();

	if (second && second->process == p && wants(second, bit))
		return second;
	second = 0;
	for (struct list *l = p->tasks.next; l != &p->tasks; l = l->next) {
		struct task *t = LIST_OF(l, struct task, sibling);

		if (!wants(t, bit))
			continue;
		if (!(t->thread->attention & ATTENTION_LEAVE))
			return t;
		if (!second)
			second = t;
	}
	return second;
}

/* sigtimedwait ends by what it waits for, though that is blocked. */
static void task_tell(struct task *t, u64 bit)
{
	if (wants(t, bit))
		thread_alert(t->thread);
}

/* Have somebody look at each of `set`. */
static void look_again(struct process *p, u64 set)
{
	for (u32 signal = 1; signal <= SIGNALS && set; signal++) {
		u64 bit = SIGNAL_BIT(signal);
		struct task *t = set & bit ? choose(p, bit) : 0;

		if (t)
			task_tell(t, bit);
		set &= ~bit;
	}
}

void signal_pass_on(struct process *p)
{
	scheduler_lock();
	look_again(p, p->pending.set);
	scheduler_unlock();
}

void signal_block(u64 set)
{
	struct task *t = task_current();
	struct process *p = t->process;

	scheduler_lock();
	u64 more = set & ~t->blocked & p->pending.set;

	t->blocked = set & ~SET_KILLS;
	signal_look(t);
	if (more && p->task_count > 1)
		look_again(p, more);
	scheduler_unlock();
}

/* Stop signals and SIGCONT undo each other, even where they are blocked. */
static void stop_or_continue(struct process *p, u32 signal, struct discarded *d)
{
	if (signal != SIGCONT) {
		pending_drop(p, SIGNAL_BIT(SIGCONT), d);
		return;
	}
	pending_drop(p, SET_STOPS, d);
	p->stopping = 0;
	if (p->state != PROCESS_STOPPED)
		return;
	p->state = PROCESS_ALIVE;
	p->continues = 1;
	process_wake(p);
}

static void queue_add(struct signals *s, u32 signal, struct queued_signal *q)
{
	s->set |= SIGNAL_BIT(signal);
	if (q) {
		list_add_last(&s->queue, &q->list);
		s->count++;
		q->in = s;
	}
}

static int has_room(const struct process *p, const struct signals *s)
{
	return s->count < p->limits[LIMIT_SIGPENDING].soft;
}

/* Those who are to look: some task, or all for a deadly one. */
static void look(struct process *p, struct task *to, u32 signal)
{
	u64 bit = SIGNAL_BIT(signal);

	signalfd_wake(bit);
	if (signal == SIGKILL) {
		process_wake(p);
		return;
	}
	if (!to)
		to = choose(p, bit);
	if (to)
		task_tell(to, bit);
}

/*
 * 1: q is in a queue now. 0: there was nothing to be done, or no need of q.
 * -EAGAIN: a real-time signal with no room in the queue.
 */
static i32 send_locked(struct process *p, struct task *to, u32 signal,
		       struct queued_signal *q, struct discarded *d)
{
	struct signals *s = to ? &to->pending : &p->pending;
	u64 bit = SIGNAL_BIT(signal);

	if (p->state >= PROCESS_ZOMBIE || !p->actions || (to && to->ended))
		return 0;
	if (bit & (SET_STOPS | SIGNAL_BIT(SIGCONT)))
		stop_or_continue(p, signal, d);
	if (action_ignores(p, signal) && !kept(p, to, bit))
		return 0;
	if (signal < SIGRTMIN && (s->set & bit))
		return 0;
	if (q && !has_room(p, s)) {
		if (signal >= SIGRTMIN && q->info.code != SI_USER)
			return -EAGAIN;
		q = 0;
	}
	queue_add(s, signal, q);
	look(p, to, signal);
	return q != 0;
}

void pending_send(struct process *p, struct task *to, struct queued_signal *q)
{
	struct signals *s = to ? &to->pending : &p->pending;
	u32 signal = (u32)q->info.number;
	u64 bit = SIGNAL_BIT(signal);

	if (pending_queued(q) || p->state >= PROCESS_ZOMBIE || !p->actions ||
	    (to && to->ended) ||
	    (action_ignores(p, signal) && !kept(p, to, bit)) ||
	    (signal < SIGRTMIN && (s->set & bit)))
		return;
	queue_add(s, signal, q);
	look(p, to, signal);
}

static i32 send(struct process *p, struct task *to, u32 signal,
		const struct signal_info *info)
{
	struct queued_signal *q = info ? heap_take_now(sizeof(*q)) : 0;
	struct discarded d;
	i32 r;

	if (info && !q && signal >= SIGRTMIN && info->code != SI_USER)
		return -EAGAIN;
	list_init(&d.list);
	if (q) {
		list_init(&q->list);
		q->info = *info;
		q->info.number = (i32)signal;
	}
	scheduler_lock();
	r = send_locked(p, to, signal, q, &d);
	scheduler_unlock();
	if (r != 1)
		heap_give(q);
	discarded_give(&d);
	return r < 0 ? r : 0;
}

i32 signal_task(struct task *t, u32 signal, const struct signal_info *info)
{
	return send(t->process, t, signal, info);
}

i32 signal_process(struct process *p, u32 signal,
		   const struct signal_info *info)
{
	return send(p, 0, signal, info);
}

void signal_group(struct group *g, u32 signal)
{
	for (struct list *l = g->members.next; l != &g->members; l = l->next)
		send(LIST_OF(l, struct process, group_list), 0, signal, 0);
}

/*
 * What cannot be put off: where it is blocked or ignored the action becomes
 * the default one, which ends the process.
 */
void signal_fault(u32 signal, i32 code, u32 address, const struct frame *f)
{
	struct signal_info info = { .number = (i32)signal, .code = code };
	struct task *t = task_current();
	struct queued_signal *q = heap_take_now(sizeof(*q));
	struct action *a = &t->process->actions->action[signal - 1];
	u64 bit = SIGNAL_BIT(signal);

	(void)f;
	info.fault.address = address;
	scheduler_lock();
	if ((t->blocked & bit) || a->handler == SIG_IGN)
		a->handler = SIG_DFL;
	t->blocked &= ~bit;
	if (q && !(t->pending.set & bit)) {
		list_init(&q->list);
		q->info = info;
		queue_add(&t->pending, signal, q);
		q = 0;
	}
	t->pending.set |= bit;
	thread_alert(t->thread);
	scheduler_unlock();
	heap_give(q);
}
