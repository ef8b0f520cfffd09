/*
 * Queued calls of servers: a message waits for one of the server's own threads,
 * and who sent it sleeps until there is an answer.
 */
#include "kernel/server_queue.h"

#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/process/process.h"
#include "kernel/server.h"

_Noreturn void core_unwind_down(void);
i32 queue_run(const struct message *m);

/* The thread does for a while what the one that waits would do. */
static void act_for(struct thread *t, struct thread *sender)
{
	t->rank = sender->rank;
	t->task = sender->task;
	t->works_for = sender->works_for ? sender->works_for : sender;
	t->reserved = sender->reserved;
	if (t->space != sender->space)
		thread_set_space(sender->space);
}

static void act_no_more(struct thread *t, struct thread *sender)
{
	sender->reserved = t->reserved;
	sender->answered = t->answered;
	sender->answer = t->answer;
	t->reserved = 0;
	t->answered = 0;
	t->rank = RANK_HIGH;
	t->task = 0;
	t->works_for = 0;
	if (t->space)
		thread_set_space(0);
}

/* The lends of who waits become those of an activation of this thread. */
static void lends_set(struct crossing *to, const struct crossing *of, u32 depth)
{
	for (u32 kind = 0; kind < 2; kind++) {
		to->lends[0][kind] = of->lends[depth][kind];
		to->served[0][kind] = of->served[depth][kind];
	}
}

static i32 message_work(const struct message *m)
{
	struct thread *t = thread_current(), *sender = m->sender;
	u32 depth = sender->crossing->top / LEND_SLOT - 1;
	i32 answer;

	act_for(t, sender);
	lends_set(t->crossing, sender->crossing, depth);
	answer = queue_run(m);
	t->crossing->served[0][0] = DESCRIPTOR_ABSENT;
	t->crossing->served[0][1] = DESCRIPTOR_ABSENT;
	act_no_more(t, sender);
	return answer;
}

/* The next message; NULL: the server is gone. Scheduler's lock held. */
static struct message *message_next(struct server *s)
{
	struct message *m;

	while (list_empty(&s->messages)) {
		if (s->closing)
			return 0;
		s->idle++;
		wait_in(&s->work, WAIT_FOREVER);
		s->idle--;
	}
	m = LIST_OF(s->messages.next, struct message, list);
	list_remove(&m->list);
	return m;
}

static void worker(void *argument)
{
	struct server *s = argument;
	struct message *m;
	u32 last;

	scheduler_lock();
	while ((m = message_next(s))) {
		u32 more = !s->idle;

		scheduler_unlock();
		if (more)
			queue_worker(s); /* this one may be busy for long */
		m->answer = message_work(m);
		scheduler_lock();
		m->done = 1;
		wake_all(&m->answered);
	}
	last = !--s->workers;
	scheduler_unlock();
	if (last)
		heap_give(s);
	thread_end();
}

i32 queue_worker(struct server *s)
{
	struct thread *t = thread_start("server", RANK_HIGH, worker, s);

	if (!t)
		return -E_MEMORY;
	t->detached = 1;
	scheduler_lock();
	s->workers++;
	scheduler_unlock();
	return 0;
}

int queue_close(struct server *s)
{
	u32 workers;

	scheduler_lock();
	s->closing = 1;
	wake_all(&s->work);
	workers = s->workers;
	scheduler_unlock();
	return workers != 0;
}

/* From server_enter, for the call on top of this thread's linkage; interrupts
 * on. Does not return if the server died. */
i32 queue_call(const struct message_words *w);
i32 queue_call(const struct message_words *w)
{
	struct thread *t = thread_current();
	struct record *r = record_top(t);
	struct generation *g = generation_of(r->cs);
	struct server *s = server_of(g);
	struct message m = { .words = w,
			     .sender = t,
			     .generation = g,
			     .record = r,
			     .door = g->door };

	wait_queue_init(&m.answered);
	scheduler_lock();
	list_add_last(&s->messages, &m.list);
	wake_one(&s->work);
	t->asks = 1;
	while (!m.done)
		if (wait_in(&m.answered, WAIT_FOREVER) == WAIT_INTERRUPTED)
			t->interrupted = 0; /* it ends soon, by itself */
	t->asks = 0;
	scheduler_unlock();
	if (g->dead)
		core_unwind_down();
	return m.answer;
}
