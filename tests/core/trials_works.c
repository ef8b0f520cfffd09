/*
 * What must work: lends of every size, calls repeated, monitors, stacks,
 * events, reservations. Each returns NULL, or a sentence about what did not.
 */
#include "core.h"
#include "kernel/fault.h"
#include "kernel/irq.h"
#include "kernel/memory.h"
#include "tests/core/trials.h"
#include "kernel/tsc.h"

#define KIB 1024u
#define MIB (1024u * 1024u)

static const char *lend_sizes_check(const struct import *lending)
{
	static const u32 sizes[] = {
		0,
		1,
		2,
		3,
		5,
		4095,
		4096,
		4097,
		64 * KIB - 1,
		64 * KIB,
		64 * KIB + 1,
		100001,
		MIB - 1,
		MIB,
		MIB + 4 * KIB,
		2 * MIB,
	};
	static const u32 offsets[] = { 1, 0, 4093 };

	for (u32 i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (u32 n = 0; n < (sizes[i] > 100001 ? 1 : 3); n++) {
			u32 size = sizes[i], at = offsets[n];

			if (down_lending_sum(lending, at, size) < 0)
				return "a `from` lend arrived changed";
			if (down_lending_fill(lending, at, size, size + n) !=
			    (i32)size)
				return "an `into` lend came back changed";
		}
	return 0;
}

static const char *lend_refusals_check(const struct import *lending)
{
	static const u32 sizes[] = { MIB + 1, MIB + 4095, MIB + 4097,
				     2 * MIB - 1 };

	for (u32 i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (down_lending_sum(lending, 1, sizes[i]) != -E_BIG ||
		    down_lending_fill(lending, 1, sizes[i], 0) != -E_BIG)
			return "a size above 1 MiB that is no multiple of a "
			       "page was not refused with -E_BIG";
	return 0;
}

/* The core's own bytes, lent on by one domain to another. */
static const char *lend_on_check(const struct import *lending)
{
	static u8 from_core[3000], to_core[3002];
	static const u32 sizes[] = { 0, 1, 7, 255, 256, 2999, 3000 };

	for (u32 i = 0; i < sizeof(from_core); i++)
		from_core[i] = (u8)(i * 31 + 7);
	for (u32 i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		u32 n = sizes[i];

		memory_fill(to_core, 0xEE, sizeof(to_core));
		if (down_lending_copy(lending, from_core, n, to_core + 1, n) !=
		    (i32)n)
			return "a lend that was lent on has another size";
		if (memcmp(to_core + 1, from_core, n) || to_core[0] != 0xEE ||
		    to_core[n + 1] != 0xEE)
			return "bytes lent on arrived changed";
	}
	return 0;
}

const char *work_lends(void)
{
	struct import lending;
	const char *broken;

	if (trial_bind(&lending, "lending", "lender") < 0)
		return "the lender does not start";
	broken = lend_sizes_check(&lending);
	if (!broken)
		broken = lend_refusals_check(&lending);
	if (!broken)
		broken = lend_on_check(&lending);
	import_unbind(&lending);
	return broken;
}

/* Needs budget=none: the callee dies four times. */
const char *work_again(void)
{
	struct import lending, ticker;
	const char *broken = 0;
	u32 faults = fault_count(), first;

	if (trial_bind(&ticker, "ticker", "ticker") < 0 ||
	    trial_bind(&lending, "lending", "lender") < 0)
		return "the domains do not start";
	first = (u32)down_ticker_frail(&ticker, 0);
	if (down_lending_frail(&lending, first + 3) != (i32)first + 3)
		broken = "a call marked `again` was not repeated until it came "
			 "back";
	else if (fault_count() != faults + 3)
		broken = "it was repeated too often or not often enough";
	else if (down_lending_frail_once(&lending, first + 4) != -E_GONE)
		broken = "a call without `again` did not answer -E_GONE";
	else if (!trial_wait(trial_settled) ||
		 down_lending_frail_once(&lending, first + 4) != (i32)first + 4)
		broken = "the next generation does not answer";
	import_unbind(&lending);
	import_unbind(&ticker);
	return broken;
}

/* An import slot that is filled, one that is not, and one too many. */
const char *work_slots(void)
{
	struct import lending, ticker;
	const char *broken = 0;

	if (trial_bind(&ticker, "ticker", "ticker") < 0 ||
	    trial_bind(&lending, "lending", "lender") < 0)
		return "the domains do not start";
	if (down_lending_slot(&lending, 0) < 0)
		broken = "the first slot does not lead to the exporter";
	else if (down_lending_slot(&lending, 1) != -E_GONE)
		broken = "an empty slot did not answer -E_GONE";
	else if (down_lending_slot(&lending, 2) != -E_RANGE)
		broken = "a slot beyond the last did not answer -E_RANGE";
	import_unbind(&lending);
	import_unbind(&ticker);
	return broken;
}

#define TALLIERS 8u
#define TALLIES	 300u

static struct import neighbour;

static void tally(void *argument)
{
	(void)argument;
	for (u32 i = 0; i < TALLIES; i++)
		down_neighbour_tally(&neighbour, 3);
}

const char *work_monitor(void)
{
	i32 before, after;

	if (trial_bind(&neighbour, "neighbour", "neighbour") < 0)
		return "the neighbour does not start";
	before = down_neighbour_tally(&neighbour, 0);
	if (trial_threads(TALLIERS, tally, 0) != TALLIERS)
		return "there is no memory for the threads";
	after = down_neighbour_tally(&neighbour, 0);
	import_unbind(&neighbour);
	if (after - before != (i32)(TALLIERS * TALLIES * 3))
		return "two threads were inside a monitor at once";
	return 0;
}

static struct import crowd;
static u32 crowd_count, crowd_met;

static void meet(void *argument)
{
	(void)argument;
	if (down_crowd_meet(&crowd, crowd_count, 20000) == (i32)crowd_count)
		__atomic_add_fetch(&crowd_met, 1, __ATOMIC_SEQ_CST);
}

/* More threads at once than a door's table has stacks, then more still. */
const char *work_stacks(void)
{
	static const u32 counts[] = { 1, 2, 8, 9, 12, 41, 60 };
	const char *broken = 0;

	if (trial_bind(&crowd, "crowd", "crowd") < 0)
		return "the crowd does not start";
	for (u32 i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		crowd_met = 0;
		crowd_count = counts[i];
		if (trial_threads(crowd_count, meet, 0) != crowd_count)
			broken = "there is no memory for the threads";
		else if (crowd_met != crowd_count)
			broken = "not all threads got a stack at once";
	}
	import_unbind(&crowd);
	return broken;
}

static struct import ticker;
static i32 ticked;

static void tick_wait(void *argument)
{
	(void)argument;
	ticked = down_ticker_wait(&ticker, 2000);
}

/* An interrupt becomes an event, and the event somebody's answer. */
const char *work_events(void)
{
	struct thread *t;
	const char *broken = 0;

	if (trial_bind(&ticker, "ticker", "ticker") < 0)
		return "the ticker does not start";
	down_ticker_wait(&ticker, 20); /* what was raised before */
	if (down_ticker_wait(&ticker, 20) != -E_TIME)
		broken = "a wait did not end in time";
	ticked = 0;
	t = thread_start("tick", RANK_NORMAL, tick_wait, 0);
	trial_sleep(50);
	if (ticked || down_ticker_count(&ticker) < 0)
		broken = "who waits keeps others out";
	irq_raise(5);
	thread_join(t);
	if (ticked != 1)
		broken = "an interrupt's event did not arrive";
	irq_raise(5);
	trial_sleep(50);
	if (down_ticker_wait(&ticker, 0) != 1)
		broken = "an event raised beforehand is lost";
	import_unbind(&ticker);
	return broken;
}

const char *work_reservation(void)
{
	const char *broken = 0;

	if (trial_bind(&crowd, "crowd", "crowd") < 0)
		return "the crowd does not start";
	if (down_crowd_hoard(&crowd, 64 * KIB) < 0)
		broken = "what a gate says it needs was not there";
	else if (down_crowd_hoard(&crowd, 128 * KIB) != -E_MEMORY)
		broken = "a call got more than its gate says it needs";
	else if (down_crowd_hoard(&crowd, 2 * MIB) != -E_MEMORY)
		broken = "a heap grew past what its .dom grants";
	domain_restart(domain_find("crowd"));
	import_unbind(&crowd);
	if (!broken && !trial_wait(trial_settled))
		broken = "the crowd did not come back";
	return broken;
}
