/*
 * The interval timer (8254): the clock whose rate is known, against which all
 * other counters are measured on channel 2. Channel 0 gives the interrupts of
 * a machine without local APICs.
 */
#ifndef KERNEL_PIT_H
#define KERNEL_PIT_H

#include "gates/abi.h"

/* How far some counter went in how much time. Neither is 0. */
struct pit_span {
	u32 ticks;
	u32 nanoseconds;
};

/*
 * Watch a counter (one that counts up, modulo 2^32) for about 20 ms. Exact to
 * some microseconds even where the CPU is taken away now and then. -E_DEVICE
 * if there is no timer, -E_TIME if it was taken away for too long each time.
 * One CPU at a time.
 */
i32 pit_measure(u32 (*counter)(void), struct pit_span *out);

/* Interrupt on line 0, `hz` (19 to 10000) times a second. Else -E_RANGE. */
i32 pit_start(u32 hz);

#endif
