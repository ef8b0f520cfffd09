/*
 * The slow side of monitors and stack pools: a thunk takes a free monitor or a
 * free stack with one instruction, and comes here when there is none.
 */
#include "gates/monitor.h"

#include "core_gates.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/generation.h"
#include "kernel/panic.h"
#include "kernel/tsc.h"
#include "kernel/trap.h"
#include "seg/gdt.h"

/* Looks at a busy monitor before sleeping: its thread may be on another CPU. */
#define SPINS 300

static struct wait_queue queues[DOMAIN_PAIRS];

static struct wait_queue *queue_of(const struct door *d)
{
	struct wait_queue *q = &queues[d - doors];

	if (!q->threads.next)
		wait_queue_init(q);
	return q;
}

i32 door_enter(struct door *d);
i32 door_enter(struct door *d)
{
	u32 turn = 0;
	i32 result = 0;

	for (u32 i = 0; cpu_count > 1 && i < SPINS; i++) {
		if (!(__atomic_load_n(&d->monitor, __ATOMIC_RELAXED) &
		      MONITOR_HELD))
			break;
		cpu_spin(&turn);
	}
	scheduler_lock();
	__atomic_add_fetch(&d->monitor, MONITOR_WAITER, __ATOMIC_SEQ_CST);
	for (;;) {
		struct generation *g = generation_at((u32)(d - doors));

		if (!g || g->dead) {
			result = -E_GONE;
			break;
		}
		if (!(__atomic_fetch_or(&d->monitor, MONITOR_HELD,
					__ATOMIC_SEQ_CST) &
		      MONITOR_HELD))
			break;
		wait_in(queue_of(d), WAIT_FOREVER);
	}
	__atomic_sub_fetch(&d->monitor, MONITOR_WAITER, __ATOMIC_SEQ_CST);
	scheduler_unlock();
	return result;
}

void door_wake(struct door *d);
void door_wake(struct door *d)
{
	scheduler_lock();
	wake_one(queue_of(d));
	scheduler_unlock();
}

void monitor_close(struct generation *g)
{
	wake_all(queue_of(g->door));
}

i32 monitor_take(struct generation *g)
{
	if (g->door->flags & DOOR_CONCURRENT)
		return 0;
	if (!(__atomic_fetch_or(&g->door->monitor, MONITOR_HELD,
				__ATOMIC_SEQ_CST) &
	      MONITOR_HELD))
		return 0;
	return door_enter(g->door);
}

void monitor_leave(struct generation *g)
{
	if (g->door->flags & DOOR_CONCURRENT)
		return;
	if (__atomic_and_fetch(&g->door->monitor, ~MONITOR_HELD,
			       __ATOMIC_SEQ_CST))
		door_wake(g->door);
}

struct generation *monitor_pause(void)
{
	struct record *r = record_top(thread_current());
	struct generation *g = generation_asking();

	if (!g)
		return 0;
	if (r && (r->gate > gate_function_count ||
		  !(gate_functions[r->gate].flags & ENTRY_WAITS)))
		fault_charge(g, 0, "a gate that may not wait waited");
	if (g->dead)
		return 0;
	monitor_leave(g);
	return g;
}

void monitor_resume(struct generation *g)
{
	if (g)
		monitor_take(g);
}

/*
 * Does the frame come from a thunk that is still on its caller's stack? What
 * runs on its own has a monitor and a stack already.
 */
static int on_callers_stack(const struct frame *f)
{
	return generation_of(f->ss) != generation_of(f->cs);
}

/* The door that a thunk names by its offset in the doors segment (EDI). */
static struct generation *door_named(const struct frame *f)
{
	struct generation *g = generation_of(f->cs);
	u32 offset = f->edi - 4096;

	if (f->edi < 4096 || offset >= sizeof(doors) ||
	    offset % sizeof(struct door) ||
	    generation_at(offset / sizeof(struct door)) != g)
		return 0;
	return g;
}

static void refuse(struct frame *f, const char *rule)
{
	struct generation *g = generation_of(f->cs);

	if (g)
		fault_charge(g, f, rule);
}

#define OWN_DOOR "one of the core's doors is entered with one's own monitor"

void gate_monitor_enter(struct frame *f);
void gate_monitor_enter(struct frame *f)
{
	struct generation *g = door_named(f);

	if (g && on_callers_stack(f))
		door_enter(g->door);
	else
		refuse(f, OWN_DOOR);
}

void gate_monitor_wake(struct frame *f);
void gate_monitor_wake(struct frame *f)
{
	struct generation *g = door_named(f);

	if (g)
		door_wake(g->door);
	else
		refuse(f, OWN_DOOR);
}

void gate_waits_begin(struct frame *f);
void gate_waits_begin(struct frame *f)
{
	struct record *r = record_top(thread_current());
	struct generation *caller = r ? generation_of(r->ss) : 0;

	if (!r || r->cs != (f->cs & 0xFFFF) || !on_callers_stack(f)) {
		refuse(f, "only a thunk gives up its caller's monitor");
		return;
	}
	if (!caller || caller->dead)
		return;
	preempt_disable();
	r->released = 1;
	monitor_leave(caller);
	preempt_enable();
}

void gate_waits_end(struct frame *f);
void gate_waits_end(struct frame *f)
{
	struct record *r = record_top(thread_current());
	struct generation *caller = r ? generation_of(r->ss) : 0;

	if (!r || r->cs != (f->cs & 0xFFFF)) {
		refuse(f, "only a thunk takes its caller's monitor back");
		return;
	}
	if (caller && !caller->dead && r->released) {
		monitor_take(caller);
		r->released = 0;
	}
}

/*
 * The last stacks of a window are for interrupts: their threads may be all that
 * can wake those who wait inside with the others.
 */
#define STACKS_KEPT 2u

static u32 stack_reserved(const struct generation *g, u32 number)
{
	return thread_current()->rank != RANK_HIGH && number >= DOOR_SPARE &&
	       number - DOOR_SPARE + DOOR_TABLE + STACKS_KEPT >= g->stack_most;
}

/* A free stack of those that only the core gives out: its number. */
static i32 pool_find(struct generation *g)
{
	u32 bits;

	while ((bits = g->door->pool)) {
		u32 bit = (u32)__builtin_ctz(bits);
		u32 was = __atomic_fetch_and(&g->door->pool, ~(1u << bit),
					     __ATOMIC_SEQ_CST);

		if (was & (1u << bit))
			return (i32)bit;
	}
	return -E_MEMORY;
}

/* A free stack beyond the door's table, or a new one: its number. */
static i32 stack_find(struct generation *g)
{
	i32 number = pool_find(g);

	if (number >= 0)
		return number;
	for (u32 word = 0; word < DOOR_STACKS / 32; word++) {
		u32 bits = g->door->free[word];

		while (bits) {
			u32 bit = (u32)__builtin_ctz(bits);

			if (stack_reserved(g, word * 32 + bit))
				break;
			u32 was = __atomic_fetch_and(&g->door->free[word],
						     ~(1u << bit),
						     __ATOMIC_SEQ_CST);

			if (was & (1u << bit))
				return (i32)(door_shift(g->door) + word * 32 +
					     bit);
			bits = was & ~(1u << bit);
		}
	}
	return -E_MEMORY;
}

static struct mutex growing = MUTEX(growing, "stacks");

static i32 stack_take(struct generation *g)
{
	i32 number;

	for (;;) {
		if (g->dead)
			return -E_GONE;
		number = stack_find(g);
		if (number >= 0)
			return number;
		mutex_lock(&growing);
		number = -E_MEMORY;
		if (g->stack_count + STACKS_KEPT < g->stack_most ||
		    thread_current()->rank == RANK_HIGH)
			number = generation_stack_add(g);
		mutex_unlock(&growing);
		if (number >= 0)
			return number;
		/* Until one comes free. Who has one may need the monitor. */
		monitor_leave(g);
		thread_sleep(tsc_now() + 1000000);
		if (monitor_take(g) < 0)
			return -E_GONE;
	}
}

void gate_stack_take(struct frame *f);
void gate_stack_take(struct frame *f)
{
	struct generation *g = door_named(f);
	struct record *r = record_top(thread_current());
	i32 number;

	if (!g || !r || !on_callers_stack(f)) {
		refuse(f, OWN_DOOR);
		return;
	}
	number = stack_take(g);
	if (number < 0)
		return; /* dead: the way out unwinds */
	f->ebp = (u32)number;
	r->far_esp = generation_stack_top(g, (u32)number);
	r->far_ss = (u16)(SEL_DOMAINS + g->pair * SEL_PAIR + 8);
}

/* For down calls: the number, and the stack's top in the high word. */
u64 door_stack(struct door *d);
u64 door_stack(struct door *d)
{
	struct generation *g = generation_at((u32)(d - doors));
	i32 number = g ? stack_take(g) : -E_GONE;

	if (number < 0)
		return 0xFFFFFFFF;
	return (u64)generation_stack_top(g, (u32)number) << 32 | (u32)number;
}
