/*
 * The called side of `make bench`: functions that do nothing or touch each
 * byte, and the loops that show what bytes cost through a lend and without.
 */
#include "callee.h"

#include "bench/sample.h"
#include "bench/touch.h"

#define COPIES 4u

static u8 store[65536], other[65536];
static struct sample_set set = { .calls = COPIES };

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

i32 meter_fill(into u8 *b, u32 room)
{
	(void)b;
	(void)room;
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

/* Never negative: an answer, no error. */
i32 meter_read(from u8 *a, u32 size)
{
	return (i32)(TOUCH_READ(from, a, size) >> 1);
}

i32 meter_write(into u8 *b, u32 room)
{
	TOUCH_WRITE(into, b, room);
	return 0;
}

i32 meter_exchange(from u8 *a, u32 size, into u8 *b, u32 room)
{
	u32 sum = TOUCH_READ(from, a, size);

	TOUCH_WRITE(into, b, room);
	return (i32)(sum >> 1);
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
	SAMPLE(&set, (void)0, take_all(a, size));
	return 0;
}

i32 meter_giving(into u8 *a, u32 size)
{
	if (size > sizeof store)
		return -E_BIG;
	SAMPLE(&set, (void)0, give_all(a, size));
	return 0;
}

i32 meter_copying(u32 size)
{
	if (size > sizeof store)
		return -E_BIG;
	SAMPLE(&set, (void)0, memcpy(store, other, size));
	return 0;
}

i32 meter_result(u32 percent)
{
	return sample_result(&set, percent);
}

i32 meter_copies(void)
{
	return COPIES;
}

i32 meter_fault(void)
{
	assert(!"the bench survives this");
}
