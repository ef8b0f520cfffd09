/*
 * The called side of `make bench`: functions that do nothing, and the loops
 * that show what bytes cost through a lend and without one.
 */
#include "callee.h"

#include "bench/sample.h"

#define COPIES 4u

static u8 store[65536], other[65536];
static struct sample_set set;

i32 meter_none(void)
{
	return 0;
}

i32 meter_single(from u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

i32 meter_both(from u8 *a, u32 size, into u8 *b, u32 room)
{
	(void)a;
	(void)size;
	(void)b;
	(void)room;
	return 0;
}

/* As memcpy() is a function, so are these: the loops differ in nothing else. */
static __attribute__((noinline)) void take_all(from u8 *a, u32 size)
{
	take(store, a, size);
}

static __attribute__((noinline)) void give_all(into u8 *a, u32 size)
{
	give(a, store, size);
}

i32 meter_taking(from u8 *a, u32 size)
{
	if (size > sizeof store)
		return -E_BIG;
	SAMPLE(&set, COPIES, take_all(a, size));
	return 0;
}

i32 meter_giving(into u8 *a, u32 size)
{
	if (size > sizeof store)
		return -E_BIG;
	SAMPLE(&set, COPIES, give_all(a, size));
	return 0;
}

i32 meter_copying(u32 size)
{
	if (size > sizeof store)
		return -E_BIG;
	SAMPLE(&set, COPIES, memcpy(store, other, size));
	return 0;
}

i32 meter_result(u32 which)
{
	return sample_result(&set, COPIES, which);
}

i32 meter_fault(void)
{
	assert(!"the bench survives this");
}
