/*
 * The called side of crossings that are looked at one by one: by the model of
 * old processors (bench/model) and on the host's own (bench/silicon). With a
 * payload it does what a driver does with it: copies it, in or out.
 */
#include "traced.h"

static u8 store[65536];

i32 target_none(void)
{
	return 0;
}

i32 target_single(from u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

i32 target_both(from u8 *a, u32 size, into u8 *b, u32 room)
{
	(void)a;
	(void)size;
	(void)b;
	(void)room;
	return 0;
}

i32 target_taken(from u8 *a, u32 size)
{
	if (size > sizeof store)
		return -E_BIG;
	take(store, a, size);
	return 0;
}

i32 target_given(into u8 *b, u32 room)
{
	if (room > sizeof store)
		return -E_BIG;
	give(b, store, room);
	return 0;
}

i32 target_moved(from u8 *a, u32 size, into u8 *b, u32 room)
{
	if (size > sizeof store || room > sizeof store)
		return -E_BIG;
	take(store, a, size);
	give(b, store, room);
	return 0;
}
