/*
 * The time-stamp counter as a clock: its rate, measured once against the
 * interval timer, and conversions. Taken to run evenly and alike on all CPUs,
 * as the emulators' does (an instruction count included).
 */
#ifndef KERNEL_TSC_H
#define KERNEL_TSC_H

#include "gates/abi.h"

static inline u64 tsc_read(void)
{
	u64 value;

	__asm__ volatile("rdtsc" : "=A"(value));
	return value;
}

/*
 * Measure the rate, in some 20 ms; on the boot CPU, before anything below.
 * -E_DEVICE without a counter or timer, -E_TIME as pit_measure. The moment of
 * this call is the origin of tsc_now.
 */
i32 tsc_calibrate(void);

/* Ticks in a millisecond, rounded down. */
u32 tsc_khz(void);

/* Durations; exact to 1 in 2^31 of the measured rate, rounded down. */
u64 tsc_to_ns(u64 ticks);
u64 tsc_to_us(u64 ticks);
u64 tsc_from_us(u32 microseconds);

/* Nanoseconds since tsc_calibrate began. */
u64 tsc_now(void);

/* Spin for so long, as exactly as tsc_khz tells the rate. */
void tsc_wait(u32 microseconds);

#endif
