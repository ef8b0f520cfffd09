/*
 * What the three nested domains do alike. Each defines LEVEL, its own
 * functions' names and, unless it is the innermost, those of the next.
 */
#ifndef TESTS_NEST_H
#define TESTS_NEST_H

enum breach { BREACH_NONE, BREACH_OWN, BREACH_FROM, BREACH_INTO };

static u32 lingering;

/* Break the rule, or answer 0 where nothing stops it. */
static i32 breach(u32 what, from u8 *data, u32 size, into u8 *space, u32 room)
{
	volatile from u8 *bytes = data;
	u32 past = size;

	if (what == BREACH_OWN)
		__asm__ volatile("ud2");
	else if (what == BREACH_FROM)
		(void)bytes[past];
	else if (what == BREACH_INTO)
		__asm__ volatile("lock orb $0, %%gs:(%0)" : : "r"(room));
	else
		for (u32 i = 0; i < room; i++)
			space[i] = (u8)(data[i % size] + 1);
	return 0;
}

/* -E_GONE becomes the number of the domain that met it. */
static i32 met(i32 answer)
{
	return answer == -E_GONE ? 100 * LEVEL : answer;
}

i32 OWN_PASS(u32 at, u32 what, from u8 *data, u32 size, into u8 *space,
	     u32 room)
{
#ifdef NEXT_PASS
	if (at > LEVEL)
		return met(NEXT_PASS(at, what, data, size, space, room));
#endif
	(void)at;
	return breach(what, data, size, space, room);
}

i32 OWN_LINGER(u32 milliseconds)
{
	i32 answer;

	lingering++;
	answer = met(NEXT_LINGER(milliseconds));
	lingering--;
	return answer;
}

static u32 sum;

i32 OWN_HOLD(u32 milliseconds, from u8 *data, u32 size)
{
#if LEVEL == 1
	static u8 own[5000];

	(void)data;
	(void)size;
	for (u32 i = 0; i < sizeof own; i++)
		own[i] = (u8)(i * 13 + 5);
	lingering++;
	i32 answer = met(NEXT_HOLD(milliseconds, (const u8 *)own, sizeof own));
#elif LEVEL == 2
	lingering++;
	i32 answer = met(NEXT_HOLD(milliseconds, data, size));
#else
	lingering++;
	i32 answer = waits_time_sleep(milliseconds);
	sum = 0;
	for (u32 i = 0; i < size; i++)
		sum += data[i];
#endif
	lingering--;
	return answer;
}

i32 OWN_HELD(void)
{
	return (i32)sum;
}

i32 OWN_FAIL(void)
{
	__asm__ volatile("ud2");
	return 0;
}

i32 OWN_INSIDE(void)
{
	return (i32)lingering;
}

#endif
