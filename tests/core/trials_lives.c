/*
 * What must work, of whole domains and of many threads: load, start, stop,
 * restart and unload, budgets, reservations that wait, a thousand threads.
 */
#include "core.h"
#include "kernel/fault.h"
#include "kernel/load.h"
#include "tests/core/trials.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define ROUNDS	20u
#define THREADS 1000u

/* One life of a domain, from loading to unloading. */
static const char *life(void)
{
	struct domain *d;
	struct import crowd;
	i32 got;

	if (load_domain("crowd", &d) < 0)
		return "it does not load";
	if (domain_start(d) < 0 || domain_stop(d) < 0 || domain_start(d) < 0 ||
	    domain_restart(d) < 0)
		return "it does not start again";
	if (import_bind(&crowd, "crowd", "crowd") < 0)
		return "its gate is not found";
	got = down_crowd_meet(&crowd, 1, 1000);
	import_unbind(&crowd);
	if (got != 1)
		return "it does not answer";
	if (domain_unload(d) != -E_BUSY)
		return "a running domain was unloaded";
	if (domain_stop(d) < 0 || d->now || domain_unload(d) < 0)
		return "it does not go";
	return domain_find("crowd") ? "it is still there" : 0;
}

const char *work_lives(void)
{
	struct trial_memory before;
	const char *broken;

	if (domain_find("crowd"))
		return "unload `crowd` first";
	broken = life();
	before = trial_memory();
	for (u32 i = 0; i < ROUNDS && !broken; i++)
		broken = life();
	return broken ? broken : trial_broken(before);
}

/* With the usual budget of five faults in ten seconds. */
const char *work_budget(void)
{
	struct import crowd;
	struct domain *d;
	const char *broken = 0;
	u32 faults = 0;

	if (trial_bind(&crowd, "crowd", "crowd") < 0)
		return "the crowd does not start";
	d = domain_find("crowd");
	while (d->state != DOMAIN_OFF && faults < 100) {
		down_crowd_fail(&crowd);
		faults++;
		trial_wait(trial_settled);
	}
	if (d->state != DOMAIN_OFF)
		broken = "it was never turned off";
	else if (down_crowd_meet(&crowd, 1, 100) != -E_GONE)
		broken = "a domain that is off answers";
	else if (domain_start(d) < 0 || down_crowd_meet(&crowd, 1, 100) != 1)
		broken = "it does not start again when told to";
	import_unbind(&crowd);
	return broken;
}

static struct import crowd;
static u32 greedy_done, greedy_failed;

static void greedy(void *argument)
{
	i32 answer = down_crowd_greed(&crowd, 100);

	(void)argument;
	if (answer == 0)
		__atomic_add_fetch(&greedy_done, 1, __ATOMIC_SEQ_CST);
	if (answer == -E_MEMORY)
		__atomic_add_fetch(&greedy_failed, 1, __ATOMIC_SEQ_CST);
}

/* There is memory for one such call at a time: the others wait for it. */
const char *work_waiting(void)
{
	u64 begin = tsc_now();
	u32 rest;

	if (trial_bind(&crowd, "crowd", "crowd") < 0)
		return "the crowd does not start";
	greedy_done = greedy_failed = 0;
	if (frame_total() < 64u * 256)
		trial_threads(1, greedy, 0);
	else
		trial_threads(3, greedy, 0);
	import_unbind(&crowd);
	if (frame_total() < 64u * 256)
		return greedy_failed == 1 ? 0 :
					    "more was set aside than there is";
	if (greedy_done != 3)
		return "a call that should have waited for memory did not work";
	if ((u32)wide_divide(tsc_now() - begin, 1000000, &rest) < 300)
		return "calls did not wait for each other's memory";
	return 0;
}

static struct wait_queue gathering;
static u32 gathered, dispersed;

static void gather(void *argument)
{
	(void)argument;
	scheduler_lock();
	gathered++;
	while (!dispersed)
		wait_in(&gathering, WAIT_FOREVER);
	scheduler_unlock();
}

static int all_gathered(void)
{
	return gathered == THREADS;
}

static void disperse(void *argument)
{
	i32 *result = argument;

	*result = trial_wait(all_gathered) ? (i32)thread_count() : 0;
	scheduler_lock();
	dispersed = 1;
	wake_all(&gathering);
	scheduler_unlock();
}

const char *work_threads(void)
{
	struct trial_memory before = trial_memory();
	struct thread *last;
	i32 counted = 0;
	u32 started;

	wait_queue_init(&gathering);
	gathered = dispersed = 0;
	last = thread_start("disperse", RANK_HIGH, disperse, &counted);
	if (!last)
		return "there is no memory for a thread";
	started = trial_threads(THREADS, gather, 0);
	thread_join(last);
	if (started < THREADS)
		return "there is no memory for a thousand threads";
	if (counted <= (i32)THREADS)
		return "they were never alive at once";
	return trial_broken(before);
}
