/*
 * The scheduler: one run queue of two ranks for all CPUs, round robin within a
 * rank, slices of a few ticks; and waiting, with or without a deadline.
 */
#include "kernel/scheduler.h"

#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/kick.h"
#include "kernel/linux/vdso.h"
#include "kernel/panic.h"
#include "kernel/process/fpu.h"
#include "kernel/process/signal.h"
#include "kernel/server.h"
#include "kernel/space/space.h"
#include "kernel/trap.h"
#include "kernel/tsc.h"
#include "seg/gdt.h"

#define SLICE 4 /* ticks */

void thread_switch(struct thread *out, struct thread *in);
void thread_begin(void);
void segments_load(u32 fs, u32 gs);

static struct spinlock lock = SPINLOCK("scheduler");
static struct list ready[RANK_COUNT];
static struct list sleepers = { &sleepers, &sleepers };

void scheduler_init(void)
{
	for (u32 rank = 0; rank < RANK_COUNT; rank++)
		list_init(&ready[rank]);
}

void scheduler_lock(void)
{
	spin_lock(&lock);
}

void scheduler_unlock(void)
{
	spin_unlock(&lock);
}

void wait_queue_init(struct wait_queue *q)
{
	list_init(&q->threads);
}

/* Returns whether no other is ready. */
static int ready_add(struct thread *t)
{
	int only = 1;

	for (u32 rank = 0; rank < RANK_COUNT; rank++)
		only &= list_empty(&ready[rank]);
	t->state = THREAD_READY;
	list_add_last(&ready[t->rank], &t->ready);
	return only;
}

void scheduler_ready(struct thread *t)
{
	struct cpu *here = cpu_current();
	int only = ready_add(t);

	if (here->running == here->idle || t->rank < here->running->rank)
		here->want_switch = 1;
	else
		kick_woke(here->running, only);
}

/* It would go on, but another thread's turn has come. */
static void requeue(struct thread *t)
{
	ready_add(t);
	kick_idle();
}

static struct thread *pick(void)
{
	for (u32 rank = 0; rank < RANK_COUNT; rank++)
		if (!list_empty(&ready[rank])) {
			struct thread *t =
				LIST_OF(ready[rank].next, struct thread, ready);

			list_remove(&t->ready);
			return t;
		}
	return 0;
}

static inline u32 fs_read(void)
{
	u16 s;

	__asm__ volatile("mov %%fs, %0" : "=r"(s));
	return s;
}

static inline u32 gs_read(void)
{
	u16 s;

	__asm__ volatile("mov %%gs, %0" : "=r"(s));
	return s;
}

/* Make this CPU's tables those of the thread it now runs. */
static void thread_arrive(struct thread *t)
{
	struct cpu *cpu = t->cpu;

	cpu->tss.esp0 = t->esp0;
	gdt_crossing_set(cpu, t);
	if (t->task) {
		if (!cpu->door_open) {
			cpu->door_open = 1;
			vdso_open_door();
		}
		if (space_loaded() != t->space)
			space_load(t->space);
		gdt_tls_set(cpu, t->task->tls);
	}
	server_load(cpu, t);
	segments_load(t->fs, t->gs);
}

void thread_tls_changed(void)
{
	preempt_disable();
	segments_load(0, 0); /* they may hold one that is gone now */
	gdt_tls_set(cpu_current(), task_current()->tls);
	preempt_enable();
}

void thread_set_space(struct space *space)
{
	scheduler_lock();
	thread_current()->space = space;
	space_load(space);
	scheduler_unlock();
}

/* A detached thread that ended has left its stack by now. */
static void thread_retired(void)
{
	struct cpu *cpu = cpu_current();

	if (!cpu->ended)
		return;
	thread_retire(cpu->ended);
	cpu->ended = 0;
}

/* Run the next ready thread. Scheduler's lock held; still held on return. */
static void switch_next(void)
{
	struct thread *out = thread_current();
	struct cpu *cpu = out->cpu;
	struct thread *in = pick();
	u32 flags = lock.flags;

	cpu->want_switch = 0;
	if (!in)
		in = out->state == THREAD_RUNNING ? out : cpu->idle;
	in->slice = SLICE;
	if (in == out)
		return;
	if (out->state == THREAD_RUNNING) {
		if (out == cpu->idle)
			out->state = THREAD_READY;
		else
			requeue(out);
	}
	in->state = THREAD_RUNNING;
	in->cpu = cpu;
	cpu->running = in;
	cpu->switches++;
	out->fs = fs_read();
	out->gs = gs_read();
	u64 now = tsc_read();
	out->run_time += now - out->started;
	in->started = now;
	lock.holder = in;
	if (out->task || in->task)
		fpu_switch(out->task, in->task);
	thread_switch(out, in);
	thread_retired();
	thread_arrive(thread_current());
	lock.flags = flags;
}

/* From whoever switched here for the first time. */
static void thread_start_locked(struct thread *t)
{
	thread_retired();
	thread_arrive(t);
	lock_order_take(&t->held, lock.class);
	lock.flags = FLAG_INTERRUPT;
	scheduler_unlock();
}

void thread_task_begin(void);
void thread_task_begin(void)
{
	thread_start_locked(thread_current());
}

_Noreturn void thread_end(void)
{
	struct thread *t = thread_current();

	thread_spares_trim();
	scheduler_lock();
	assert(!t->crossing->top);
	t->state = THREAD_ENDED;
	t->cpu->ended = t;
	switch_next();
	panic("an ended thread ran");
}

void thread_begin(void)
{
	struct thread *t = thread_current();

	thread_start_locked(t);
	t->main(t->argument);
	scheduler_lock();
	assert(!t->crossing->top);
	t->state = THREAD_ENDED;
	wake_all(&t->ended);
	switch_next();
	panic("an ended thread ran");
}

void thread_yield(void)
{
	scheduler_lock();
	switch_next();
	scheduler_unlock();
}

void thread_preempt(void)
{
	struct thread *t = thread_current();

	if (!t->cpu->want_switch || t->no_preempt || lock.holder == t)
		return;
	thread_yield();
}

static void sleeper_add(struct thread *t)
{
	struct list *at = sleepers.prev;

	while (at != &sleepers &&
	       LIST_OF(at, struct thread, timed)->deadline > t->deadline)
		at = at->prev;
	t->timed.next = at->next;
	t->timed.prev = at;
	at->next->prev = &t->timed;
	at->next = &t->timed;
}

enum wait_result wait_in(struct wait_queue *q, u64 deadline)
{
	struct thread *t = thread_current();

	if (t->interrupted) {
		t->interrupted = 0;
		return WAIT_INTERRUPTED;
	}
	kick_sleeps(t);
	t->timed_out = 0;
	t->state = THREAD_WAITING;
	t->deadline = deadline;
	if (q)
		list_add_last(&q->threads, &t->ready);
	t->waits_in = q;
	if (deadline != WAIT_FOREVER)
		sleeper_add(t);
	switch_next();
	t->waits_in = 0;
	if (t->interrupted) {
		t->interrupted = 0;
		return WAIT_INTERRUPTED;
	}
	return t->timed_out ? WAIT_TIMED_OUT : WAIT_WOKEN;
}

static void wake(struct thread *t)
{
	list_remove(&t->ready);
	list_remove(&t->timed);
	scheduler_ready(t);
}

u32 wake_one(struct wait_queue *q)
{
	if (list_empty(&q->threads))
		return 0;
	wake(LIST_OF(q->threads.next, struct thread, ready));
	return 1;
}

u32 wake_all(struct wait_queue *q)
{
	u32 n = 0;

	while (wake_one(q))
		n++;
	return n;
}

void thread_interrupt(struct thread *t)
{
	t->interrupted = 1;
	if (t->state == THREAD_WAITING)
		wake(t);
}

/*
 * Who was woken by the queue hears of that first, even if a signal came, too:
 * a wake_one is never lost.
 */
enum wait_result wait_for_signal(struct wait_queue *q, u64 deadline)
{
	struct thread *t = thread_current();
	enum wait_result r;

	if (t->attention & ATTENTION_LEAVE)
		return WAIT_SIGNAL;
	t->waits_for_signal = SIGNAL_WAIT_OPEN;
	r = wait_in(q, deadline);
	if (t->waits_for_signal == SIGNAL_WAIT_ENDED)
		r = WAIT_SIGNAL;
	t->waits_for_signal = SIGNAL_WAIT_NONE;
	return r;
}

void thread_alert(struct thread *t)
{
	__atomic_or_fetch(&t->attention, ATTENTION_LEAVE, __ATOMIC_RELAXED);
	if (t->state == THREAD_WAITING) {
		if (t->waits_for_signal != SIGNAL_WAIT_OPEN)
			return;
		t->waits_for_signal = SIGNAL_WAIT_ENDED;
		wake(t);
	} else if (t->state == THREAD_RUNNING && t->cpu != cpu_current()) {
		apic_send((u8)t->cpu->apic_id, VECTOR_RESCHEDULE);
	}
}

enum wait_result thread_sleep(u64 deadline)
{
	scheduler_lock();
	enum wait_result r = wait_in(0, deadline);
	scheduler_unlock();
	return r;
}

void thread_tick(void)
{
	struct thread *t = thread_current();
	u64 now = tsc_now();

	scheduler_lock();
	while (!list_empty(&sleepers)) {
		struct thread *s = LIST_OF(sleepers.next, struct thread, timed);

		if (s->deadline > now)
			break;
		s->timed_out = 1;
		wake(s);
	}
	kick_tick(t);
	if (t != t->cpu->idle && (!t->slice || !--t->slice))
		t->cpu->want_switch = 1;
	scheduler_unlock();
}
