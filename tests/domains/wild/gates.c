/*
 * Calls as no stub makes them: pairs that name what is not the caller's, and
 * far pointers that nobody gave.
 */
#include "act.h"
#include "call.h"

#define IN_FROM	    0x80000000u
#define IN_INTO	    0xC0000000u
#define ROW_SUM	    0 /* functions of the gate `neighbour` */
#define ROW_FILL    1
#define WRITE_BLOCK 7 /* of the gate `port` */

static i32 pair_past_window(const struct trial *t)
{
	u32 limit = limit_of(data_selector());

	(void)t;
	return call_pair(&slots_neighbour[ROW_SUM], 0, 0x1000,
			 limit - 0xFFF + 1);
}

static i32 pair_outside(const struct trial *t)
{
	u32 limit = limit_of(data_selector());

	(void)t;
	return call_pair(&slots_neighbour[ROW_SUM], 0, limit + 1, 1);
}

static i32 pair_huge(const struct trial *t)
{
	(void)t;
	return call_pair(&slots_neighbour[ROW_SUM], 0, 0x1000, 0xFFFFFFFF);
}

static i32 pair_wrapped(const struct trial *t)
{
	(void)t;
	return call_pair(&slots_neighbour[ROW_SUM], 0, 0x3FFFF000, 0xC0002000);
}

static i32 pair_lend_past(const struct trial *t)
{
	return call_pair(&slots_neighbour[ROW_SUM], 0, IN_FROM, t->size + 1);
}

static i32 pair_into_past(const struct trial *t)
{
	return call_pair(&slots_neighbour[ROW_FILL], 0, IN_INTO | 1, t->room);
}

static i32 pair_from_as_into(const struct trial *t)
{
	return call_pair(&slots_neighbour[ROW_FILL], 0, IN_FROM, t->size);
}

/* The same past the type checks of C, through the stub. */
static i32 stub_from_as_into(const struct trial *t)
{
	return neighbour_fill(0, (into u8 *)(u32)t->data, t->room + 1);
}

static i32 pair_up_past(const struct trial *t)
{
	u32 limit = limit_of(data_selector());

	(void)t;
	return call_pair(&slots_port[WRITE_BLOCK], 0x80, limit - 8, 16);
}

static i32 pair_up_lend_past(const struct trial *t)
{
	return call_pair(&slots_port[WRITE_BLOCK], 0x80, IN_FROM | 1, t->size);
}

/* The window's tail is inside the segment, but there are no pages. */
static i32 pair_hole(const struct trial *t)
{
	u32 limit = limit_of(data_selector());

	(void)t;
	return call_pair(&slots_neighbour[ROW_SUM], 0, limit - 255, 16);
}

static i32 pair_up_hole(const struct trial *t)
{
	u32 limit = limit_of(data_selector());

	(void)t;
	return call_pair(&slots_port[WRITE_BLOCK], 0x80, limit - 255, 16);
}

static i32 pair_constants_filled(const struct trial *t)
{
	(void)t;
	return call_pair(&slots_neighbour[ROW_FILL], 0, (u32)acts_gates, 4);
}

/* A struct of 8 bytes, in 4. */
static i32 pair_wrong_size(const struct trial *t)
{
	struct time_instant now;

	(void)t;
	time_now(&now);
	return call_pair(&slots_time[0], 0, (u32)&now, 4);
}

/* No pairs at all: above the far return address the stack ends. */
static i32 pair_missing(const struct trial *t)
{
	(void)t;
	return call_at_top(&slots_neighbour[ROW_SUM]);
}

static i32 pair_up_missing(const struct trial *t)
{
	(void)t;
	return call_at_top(&slots_port[WRITE_BLOCK]);
}

/* A core gate entered with a stack pointer that points nowhere. */
static i32 up_wild_esp(const struct trial *t)
{
	(void)t;
	return call_with_esp(&slots_port[WRITE_BLOCK], 0xFFFFFF00);
}

static i32 gate_forged(const struct trial *t)
{
	struct far_slot forged = { .selector = (u16)t->argument };

	return call_plain(&forged, 0, 0);
}

/* One's own gate: a thread that is inside cannot come in again. */
static i32 gate_own(const struct trial *t)
{
	struct far_slot forged = { .selector = (u16)t->argument };
	char name[4] = "own";

	return call_pair(&forged, 0, (u32)name, sizeof name);
}

static i32 slots_write(const struct trial *t)
{
	(void)t;
	TOUCH("ds", slots_neighbour);
	return 0;
}

/* This gate is not marked `waits`; nothing that it calls may be. */
static i32 wait_unmarked(const struct trial *t)
{
	(void)t;
	event_raise(1);
	return call_plain(&slots_event[1], 2, 5);
}

static i32 sleep_unmarked(const struct trial *t)
{
	(void)t;
	return call_plain(&slots_time[1], 5, 0);
}

const struct act acts_gates[] = {
	{ "pair-past-window", pair_past_window },
	{ "pair-outside", pair_outside },
	{ "pair-huge", pair_huge },
	{ "pair-wrapped", pair_wrapped },
	{ "pair-lend-past", pair_lend_past },
	{ "pair-into-past", pair_into_past },
	{ "pair-from-as-into", pair_from_as_into },
	{ "stub-from-as-into", stub_from_as_into },
	{ "pair-up-past", pair_up_past },
	{ "pair-up-lend-past", pair_up_lend_past },
	{ "pair-hole", pair_hole },
	{ "pair-up-hole", pair_up_hole },
	{ "pair-constants-filled", pair_constants_filled },
	{ "pair-wrong-size", pair_wrong_size },
	{ "pair-missing", pair_missing },
	{ "pair-up-missing", pair_up_missing },
	{ "up-wild-esp", up_wild_esp },
	{ "gate-forged", gate_forged },
	{ "gate-own", gate_own },
	{ "slots-write", slots_write },
	{ "wait-unmarked", wait_unmarked },
	{ "sleep-unmarked", sleep_unmarked },
	{ NULL, NULL },
};
