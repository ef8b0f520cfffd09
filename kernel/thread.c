/*
 * Making and ending threads, and what they are made of. Who runs when is
 * scheduler.c's.
 */
#include "kernel/thread.h"

#include "kernel/cpu.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/scheduler.h"
#include "seg/gdt.h"
#include "seg/sealed.h"

#define STACK_MARK 0xB0A7B0A7u
#define STACK_LOW  16u /* bytes at the bottom that are not stack */
#define SPARES	   64u

extern u8 boot_stack[];
void thread_entry(void);
void thread_task_entry(void);

static struct list all = { &all, &all };
static u32 alive, last_number;
static struct list spare = { &spare, &spare }; /* detached ones that ended */
static u32 spare_count;
static struct thread boot_thread;
static struct crossing boot_crossing __attribute__((aligned(4096)));

static void thread_lists(struct thread *t)
{
	list_init(&t->ready);
	list_init(&t->timed);
	list_init(&t->all);
	wait_queue_init(&t->ended);
}

/* Fill the unused part of a kernel stack, so that its use can be measured. */
static void stack_mark(struct thread *t, u32 end)
{
	u32 *at = (u32 *)(t->stack + STACK_LOW);

	for (; (u32)at < end; at++)
		*at = STACK_MARK;
	*(struct thread **)t->stack = t;
}

u32 thread_stack_used(const struct thread *t)
{
	u32 *at = (u32 *)(t->stack + STACK_LOW);

	while ((u32)at < t->stack + THREAD_STACK && *at == STACK_MARK)
		at++;
	return t->stack + THREAD_STACK - (u32)at;
}

void thread_init(void)
{
	struct thread *t = &boot_thread;

	scheduler_init();
	thread_lists(t);
	t->stack = (u32)boot_stack;
	t->esp0 = t->stack + THREAD_STACK;
	t->crossing = &boot_crossing;
	sealed_describe(t->crossing);
	gdt_crossing_describe(t);
	t->cpu = &cpus[0];
	t->state = THREAD_RUNNING;
	t->no_preempt = 1;
	text_copy(t->name, sizeof(t->name), "boot");
	*(struct thread **)t->stack = t;
	stack_mark(t, (u32)__builtin_frame_address(0) - 256);
	list_add_last(&all, &t->all);
	alive = 1;
	cpus[0].running = t;
	cpus[0].idle = t;
}

static int stack_make(struct thread *t)
{
	t->stack = range_take(&range_stacks, 2 * THREAD_STACK);
	if (!t->stack)
		return 0;
	for (u32 at = 0; at < THREAD_STACK; at += PAGE) {
		struct physical p = frame_take_now(0, 0);

		if (!frame_ok(p))
			return 0;
		page_map(t->stack + THREAD_STACK + at, p,
			 PAGE_WRITE | PAGE_GLOBAL);
	}
	t->stack += THREAD_STACK; /* the lower half is the guard */
	return 1;
}

static void thread_free(struct thread *t)
{
	if (t->stack) {
		for (u32 at = 0; at < THREAD_STACK; at += PAGE) {
			struct physical p = page_unmap(t->stack + at);

			if (frame_ok(p))
				frame_give(p, 0);
		}
		tlb_flush_all();
		range_give(&range_stacks, t->stack - THREAD_STACK,
			   2 * THREAD_STACK);
	}
	if (t->crossing)
		frame_give(direct_physical(t->crossing), 0);
	heap_give(t);
}

/* One that ended, with its stack and crossing page; NULL: none. */
static struct thread *spare_take(void)
{
	struct thread *t = 0;

	scheduler_lock();
	if (!list_empty(&spare)) {
		t = LIST_OF(spare.next, struct thread, all);
		list_remove(&t->all);
		spare_count--;
	}
	scheduler_unlock();
	return t;
}

/* Everything but its memory is new. */
static void thread_renew(struct thread *t)
{
	struct thread kept = { .stack = t->stack, .crossing = t->crossing };

	memory_fill(t, 0, sizeof(*t));
	t->stack = kept.stack;
	t->crossing = kept.crossing;
}

static i32 thread_furnish(struct thread *t)
{
	struct physical p = frame_take_zero_now();

	if (frame_ok(p)) {
		t->crossing = direct(p);
		sealed_describe(t->crossing);
	}
	if (!t->crossing || !stack_make(t))
		return -E_MEMORY;
	stack_mark(t, t->stack + THREAD_STACK - 64);
	return 0;
}

static struct thread *thread_make(const char *name, u8 rank)
{
	struct thread *t = spare_take();

	if (t) {
		thread_renew(t);
	} else {
		t = heap_take_now(sizeof(*t));
		if (!t)
			return 0;
		if (thread_furnish(t) < 0) {
			thread_free(t);
			return 0;
		}
	}
	thread_lists(t);
	t->rank = rank;
	text_copy(t->name, sizeof(t->name), name);
	gdt_crossing_describe(t);
	t->esp0 = t->stack + THREAD_STACK;
	u32 *frame = (u32 *)t->esp0 - 6;
	memory_fill(frame, 0, 24);
	frame[4] = (u32)thread_entry;
	t->esp = (u32)frame;
	return t;
}

static void thread_admit(struct thread *t)
{
	scheduler_lock();
	t->number = ++last_number;
	alive++;
	list_add_last(&all, &t->all);
	scheduler_unlock();
}

struct thread *thread_idle_make(struct cpu *cpu)
{
	struct thread *t = thread_make("idle", RANK_NORMAL);

	if (!t)
		return 0;
	t->cpu = cpu;
	t->state = THREAD_RUNNING;
	t->no_preempt = 1;
	cpu->idle = cpu->running = t;
	thread_admit(t);
	return t;
}

struct thread *thread_start(const char *name, u8 rank, void (*main)(void *),
			    void *argument)
{
	struct thread *t = thread_make(name, rank);

	if (!t)
		return 0;
	t->main = main;
	t->argument = argument;
	t->cpu = cpu_current();
	thread_admit(t);
	scheduler_lock();
	scheduler_ready(t);
	scheduler_unlock();
	return t;
}

struct thread *thread_for_task(struct task *task, struct space *space,
			       const struct frame *frame)
{
	struct thread *t = thread_make("task", RANK_NORMAL);
	u32 *at;

	if (!t)
		return 0;
	t->task = task;
	t->space = space;
	t->detached = 1;
	t->attention = thread_current()->attention & ATTENTION_TRACE;
	if (options.trace)
		t->attention |= ATTENTION_TRACE;
	t->cpu = cpu_current();
	at = (u32 *)(t->esp0 - sizeof(*frame));
	memory_copy(at, frame, sizeof(*frame));
	at -= 5; /* EDI, ESI, EBX, EBP and where to go */
	memory_fill(at, 0, 16);
	at[4] = (u32)thread_task_entry;
	t->esp = (u32)at;
	return t;
}

void thread_go(struct thread *t)
{
	scheduler_lock();
	t->number = ++last_number;
	alive++;
	list_add_last(&all, &t->all);
	scheduler_ready(t);
	scheduler_unlock();
}

void thread_abandon(struct thread *t)
{
	thread_free(t);
}

void thread_retire(struct thread *t)
{
	list_remove(&t->all);
	alive--;
	list_add_last(&spare, &t->all);
	spare_count++;
}

/* More than are worth keeping are freed by whoever ends one. */
void thread_spares_trim(void)
{
	while (spare_count > SPARES) {
		struct thread *t = spare_take();

		if (t)
			thread_free(t);
	}
}

void thread_join(struct thread *t)
{
	scheduler_lock();
	while (t->state != THREAD_ENDED)
		wait_in(&t->ended, WAIT_FOREVER);
	list_remove(&t->all);
	alive--;
	scheduler_unlock();
	thread_free(t);
}

u32 thread_count(void)
{
	return alive;
}

void thread_each(void (*visit)(struct thread *, void *), void *argument)
{
	for (struct list *l = all.next; l != &all; l = l->next)
		visit(LIST_OF(l, struct thread, all), argument);
}
