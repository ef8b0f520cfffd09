/*
 * Rows of two CPUs, and of two threads: calls to a domain that another CPU was
 * in last, a wake-up across CPUs, a stop of all CPUs, and two threads of the
 * core that hand over to each other.
 */
#include "bench/core/rows.h"
#include "core.h"
#include "kernel/cpu.h"
#include "kernel/tsc.h"

#define STOPS	  4u /* in a batch */
#define SETTLE_US 50u /* until a CPU with nothing to do has halted */

static struct {
	struct import *meter;
	u32 asked, answered; /* of the other CPU */
	u32 over; /* helpers end */
	u32 turn; /* guarded by the scheduler's lock: 1: the helper's */
	struct wait_queue ours, theirs;
} shared;

static u32 get(const u32 *from_there)
{
	return __atomic_load_n(from_there, __ATOMIC_ACQUIRE);
}

static void put(u32 *there, u32 value)
{
	__atomic_store_n(there, value, __ATOMIC_RELEASE);
}

/* ---- the callee in use elsewhere ---- */

/* Calls the callee whenever asked, and spins in between. */
static void other_main(void *nothing)
{
	u32 turn = 0;

	(void)nothing;
	while (!get(&shared.over)) {
		u32 asked = get(&shared.asked);

		if (asked == shared.answered) {
			cpu_spin(&turn);
			continue;
		}
		down_meter_none(shared.meter);
		put(&shared.answered, asked);
	}
}

/* Who asks keeps its CPU, so it is another one that answers. */
void processors_prepare(enum before before)
{
	u32 asked = shared.asked + 1, turn = 0;

	if (before == BEFORE_SAME) {
		down_meter_none(shared.meter);
		return;
	}
	preempt_disable();
	put(&shared.asked, asked);
	while (get(&shared.answered) != asked)
		cpu_spin(&turn);
	preempt_enable();
}

static i32 measure_other(struct bench_pair *p)
{
	struct thread *helper =
		thread_start("bench", RANK_NORMAL, other_main, 0);
	i32 error;

	if (!helper)
		return -E_MEMORY;
	rows_of(p->organizations, 0, BEFORE_SAME);
	error = bench_crossings(p, BEFORE_SAME);
	rows_of(p->organizations, 0, BEFORE_OTHER);
	if (!error)
		error = bench_crossings(p, BEFORE_OTHER);
	put(&shared.over, 1);
	thread_join(helper);
	put(&shared.over, 0);
	return error;
}

/* ---- wake-ups ---- */

/* Sleeps, and says that it was woken. */
static void sleeper_main(void *nothing)
{
	(void)nothing;
	while (!get(&shared.over)) {
		scheduler_lock();
		while (!shared.turn)
			wait_in(&shared.theirs, WAIT_FOREVER);
		shared.turn = 0;
		scheduler_unlock();
		put(&shared.answered, shared.answered + 1);
	}
}

static void helper_wake(void)
{
	scheduler_lock();
	shared.turn = 1;
	wake_all(&shared.theirs);
	scheduler_unlock();
}

/* From waking a thread to its first store, on a CPU that had halted. */
static i32 measure_wake(void)
{
	struct thread *helper =
		thread_start("bench", RANK_NORMAL, sleeper_main, 0);
	u32 turn = 0;

	if (!helper)
		return -E_MEMORY;
	rows_of("", 0, BEFORE_OTHER);
	preempt_disable();
	for (u32 i = 0; i < SAMPLE_BATCHES; i++) {
		u32 before = get(&shared.answered), begin;

		while (helper->state != THREAD_WAITING)
			cpu_spin(&turn);
		tsc_wait(SETTLE_US);
		begin = sample_clock();
		helper_wake();
		while (get(&shared.answered) == before)
			cpu_spin(&turn);
		rows_set.ticks[i] = sample_clock() - begin;
	}
	preempt_enable();
	rows_say("wake");
	put(&shared.over, 1);
	helper_wake();
	thread_join(helper);
	put(&shared.over, 0);
	return 0;
}

/* All other CPUs interrupted, answering, and let go. */
static void measure_stop(void)
{
	rows_of("", 0, BEFORE_NOTHING);
	rows_set.calls = STOPS;
	SAMPLE(&rows_set, (void)0, (world_stop(), world_start()));
	rows_say("stop");
}

/* ---- two threads ---- */

/* Give the turn to the other thread; sleep until it is `mine` again. */
static void turn_give(u32 mine, struct wait_queue *own,
		      struct wait_queue *other)
{
	scheduler_lock();
	shared.turn = !mine;
	wake_all(other);
	while (shared.turn != mine && !shared.over)
		wait_in(own, WAIT_FOREVER);
	scheduler_unlock();
}

static void partner_main(void *nothing)
{
	(void)nothing;
	scheduler_lock();
	while (!shared.turn)
		wait_in(&shared.theirs, WAIT_FOREVER);
	scheduler_unlock();
	while (!get(&shared.over))
		turn_give(1, &shared.theirs, &shared.ours);
}

/* There and back: two wake-ups and two switches, in one address space. */
static i32 measure_handover(void)
{
	struct thread *helper =
		thread_start("bench", RANK_NORMAL, partner_main, 0);

	if (!helper)
		return -E_MEMORY;
	rows_of("", 0, BEFORE_NOTHING);
	SAMPLE(&rows_set, (void)0, turn_give(0, &shared.ours, &shared.theirs));
	rows_say("handover");
	put(&shared.over, 1);
	helper_wake();
	thread_join(helper);
	put(&shared.over, 0);
	return 0;
}

i32 bench_processors(struct bench_pair *p)
{
	i32 error = 0;

	shared.meter = &p->meter;
	shared.turn = 0;
	wait_queue_init(&shared.ours);
	wait_queue_init(&shared.theirs);
	if (cpu_count > 1) {
		error = measure_other(p);
		if (!error)
			error = measure_wake();
		if (!error)
			measure_stop();
	}
	shared.turn = 0;
	return error ? error : measure_handover();
}
