/*
 * The neighbour: does small honest things with what it is lent, and keeps a
 * pattern in its memory by which damage done from outside can be seen.
 */
#include "neighbour.h"

#define SEED 0x9E3779B9u

static u32 pattern[1024];
static const u32 constants[4] = { SEED, ~SEED, SEED, ~SEED };

i32 life_start(u32 generation)
{
	(void)generation;
	for (u32 i = 0; i < sizeof pattern / sizeof *pattern; i++)
		pattern[i] = (i + 1) * SEED;
	return 0;
}

i32 neighbour_sum(from u8 *data, u32 size)
{
	u32 sum = 0;

	for (u32 i = 0; i < size; i++)
		sum += data[i];
	return (i32)(sum & 0x7FFFFFFF);
}

i32 neighbour_fill(u32 first, into u8 *space, u32 room)
{
	for (u32 i = 0; i < room; i++)
		space[i] = (u8)(first + i);
	return (i32)room;
}

i32 neighbour_copy(from u8 *data, u32 size, into u8 *space, u32 room)
{
	u32 n = min(size, room);

	for (u32 i = 0; i < n; i++)
		space[i] = data[i];
	return (i32)n;
}

i32 neighbour_intact(void)
{
	for (u32 i = 0; i < sizeof pattern / sizeof *pattern; i++)
		if (pattern[i] != (i + 1) * SEED)
			return -E_FORM;
	for (u32 i = 0; i < 4; i++)
		if (constants[i] != (i & 1 ? ~SEED : SEED))
			return -E_FORM;
	return (i32)(u32)pattern;
}

i32 neighbour_tally(u32 times)
{
	static volatile u32 number;

	for (u32 i = 0; i < times; i++) {
		u32 seen = number;

		for (volatile u32 pause = 0; pause < 50; pause++)
			;
		number = seen + 1;
	}
	return (i32)number;
}

i32 neighbour_nothing(void)
{
	return 0;
}
