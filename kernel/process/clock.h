/*
 * Time as programs have it: their structures in and out of nanoseconds, which
 * are what the core counts in; deadlines; clocks.
 */
#ifndef KERNEL_PROCESS_CLOCK_H
#define KERNEL_PROCESS_CLOCK_H

#include "gates/abi.h"

#define SECOND	  1000000000u /* nanoseconds */
#define TIME_LONG 9000000000000000000ull /* 285 years: longer is this long */

/* struct timespec with 32-bit and with 64-bit seconds, struct timeval. */
enum time_form { TIME_SPEC, TIME_SPEC64, TIME_VAL };

/* Bytes of each. */
u32 time_size(enum time_form form);

/* A duration or a time of day: 0, -EFAULT; -EINVAL: negative, or its fraction
 * is no less than a second. */
i32 time_read(u32 user, enum time_form form, u64 *ns);
i32 time_write(u32 user, enum time_form form, u64 ns);

/* Two in a row, as itimerval and itimerspec have them. */
i32 time_read_pair(u32 user, enum time_form form, u64 ns[2]);
i32 time_write_pair(u32 user, enum time_form form, const u64 ns[2]);

u64 time_split(u64 ns, u32 *rest); /* whole seconds, and nanoseconds */
u64 time_join(u64 seconds, u32 nanoseconds);

/* ns since boot, `ns` from now. */
u64 deadline_after(u64 ns);

/* ---- clocks ---- */

enum clock {
	CLOCK_REALTIME,
	CLOCK_MONOTONIC,
	CLOCK_PROCESS_CPUTIME_ID,
	CLOCK_THREAD_CPUTIME_ID,
	CLOCK_MONOTONIC_RAW,
	CLOCK_REALTIME_COARSE,
	CLOCK_MONOTONIC_COARSE,
	CLOCK_BOOTTIME,
	CLOCK_REALTIME_ALARM,
	CLOCK_BOOTTIME_ALARM,
	CLOCK_TAI = 11,
};

/* What a clock shows: 0, or -EINVAL where there is no such clock. */
i32 clock_now(u32 clock, u64 *ns);

/* Is it one that goes on by itself, so that one can sleep by it? Gives its
 * lead over ns since boot. */
int clock_runs(u32 clock, u64 *ahead);

#endif
