/* A domain whose interrupt handler can be told to break a rule. */
#include "ticker.h"

static u32 armed, served;

i32 life_interrupt(u32 line)
{
	(void)line;
	served++;
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

i32 ticker_count(void)
{
	return (i32)served;
}
