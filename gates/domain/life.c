/*
 * What the gate `life` does in a domain that says nothing about it: start and
 * stop succeed, an interrupt was not ours.
 */
#include "gates/domain/domain.h"

i32 life_start(u32 generation);
i32 life_stop(void);
i32 life_interrupt(u32 line);

__attribute__((weak)) i32 life_start(u32 generation)
{
	(void)generation;
	return 0;
}

__attribute__((weak)) i32 life_stop(void)
{
	return 0;
}

__attribute__((weak)) i32 life_interrupt(u32 line)
{
	(void)line;
	return 0;
}
