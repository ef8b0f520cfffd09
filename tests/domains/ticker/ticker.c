/* A domain whose interrupt handler can be told to break a rule. */
#include "ticker.h"

static u32 armed, served, self;

i32 life_start(u32 generation)
{
	self = generation;
	return 0;
}

i32 life_interrupt(u32 line)
{
	(void)line;
	served++;
	event_raise(1);
	if (armed == 1)
		__asm__ volatile("ud2");
	while (armed == 2)
		__asm__ volatile("" : : : "memory");
	if (armed == 3)
		return neighbour_sum((const u8 *)64, 64);
	return 1;
}

i32 ticker_arm(u32 what)
{
	armed = what;
	return 0;
}

i32 ticker_wait(u32 milliseconds)
{
	return waits_event_wait(1, milliseconds);
}

i32 ticker_frail_once(u32 generation)
{
	if (self < generation)
		__asm__ volatile("ud2");
	return (i32)self;
}

i32 ticker_frail(u32 generation)
{
	return ticker_frail_once(generation);
}

i32 ticker_count(void)
{
	return (i32)served;
}
