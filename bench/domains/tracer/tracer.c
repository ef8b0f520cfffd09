/*
 * The calling side of bench/model and bench/silicon: each call once, between
 * marks. Calls called near.* are of functions of this domain that do what the
 * other side does, with the same arguments.
 */
#include "tracer.h"

#include "bench/model/marks.h"

#define NEAR __attribute__((noipa))
#define LENT 64u

static u8 bytes[65536], room[65536];

NEAR i32 near_none(void)
{
	return 0;
}

NEAR i32 near_single(const u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

NEAR i32 near_both(const u8 *a, u32 size, u8 *b, u32 n)
{
	(void)a;
	(void)size;
	(void)b;
	(void)n;
	return 0;
}

NEAR i32 near_moved(const u8 *a, u32 size, u8 *b, u32 n)
{
	if (size > n)
		return -E_BIG;
	memcpy(b, a, size);
	return 0;
}

static i32 (*volatile indirect)(void) = near_none;

i32 tracer_call(u32 row, u32 size)
{
	if (size > sizeof bytes)
		return -E_BIG;
	switch (row) {
		MARKED(NEAR_NONE, near_none());
		MARKED(NEAR_SINGLE, near_single(bytes, LENT));
		MARKED(NEAR_BOTH, near_both(bytes, LENT, room, LENT));
		MARKED(NEAR_INDIRECT, indirect());
		MARKED(NEAR_MOVED, near_moved(bytes, size, room, size));
		MARKED(ACROSS_NONE, target_none());
		MARKED(ACROSS_SINGLE, target_single(bytes, LENT));
		MARKED(ACROSS_BOTH, target_both(bytes, LENT, room, LENT));
		MARKED(ACROSS_TAKEN, target_taken(bytes, size));
		MARKED(ACROSS_GIVEN, target_given(room, size));
		MARKED(ACROSS_MOVED, target_moved(bytes, size, room, size));
		MARKED(UP_NONE, coretarget_none());
		MARKED(UP_SINGLE, coretarget_single(bytes, LENT));
		MARKED(UP_BOTH, coretarget_both(bytes, LENT, room, LENT));
	}
	return -E_NAME;
}
