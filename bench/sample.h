/*
 * Batches of calls, timed by the time-stamp counter, on both sides of the
 * gates. Raw: what the loop and a near call cost is measured like the rest,
 * and bench/run subtracts.
 */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include "gates/abi.h"

#define SAMPLE_BATCHES 101u
#define SAMPLE_CALLS   20u

struct sample_set {
	u32 ticks[SAMPLE_BATCHES];
};

static inline u32 sample_clock(void)
{
	u32 low;

	__asm__ volatile("rdtsc" : "=a"(low) : : "edx", "memory");
	return low;
}

/* Fill `set`: each batch is `count` times `body`. */
#define SAMPLE(set, count, body) \
	do { \
		for (u32 batch = 0; batch < SAMPLE_BATCHES; batch++) { \
			u32 begin = sample_clock(); \
			for (u32 left = (count); left; left--) { \
				body; \
				__asm__ volatile(""); \
			} \
			(set)->ticks[batch] = sample_clock() - begin; \
		} \
	} while (0)

/* Ascending: [0] is the minimum, the middle one the median. */
static inline void sample_sort(struct sample_set *set)
{
	for (u32 i = 1; i < SAMPLE_BATCHES; i++)
		for (u32 j = i; j && set->ticks[j] < set->ticks[j - 1]; j--) {
			u32 ticks = set->ticks[j];

			set->ticks[j] = set->ticks[j - 1];
			set->ticks[j - 1] = ticks;
		}
}

/* The minimum (0) or median (1) of a batch, or its count of calls (2). */
static inline i32 sample_result(struct sample_set *set, u32 count, u32 which)
{
	sample_sort(set);
	if (which == 2)
		return (i32)count;
	return (i32)set->ticks[which ? SAMPLE_BATCHES / 2 : 0];
}

#endif
