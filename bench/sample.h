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
	u32 calls; /* in a batch */
	u32 prepared; /* something is done before each batch */
	u32 ticks[SAMPLE_BATCHES];
};

static inline u32 sample_clock(void)
{
	u32 low;

	__asm__ volatile("rdtsc" : "=a"(low) : : "edx", "memory");
	return low;
}

/* Calls in a batch that move `bytes` bytes each. */
static inline u32 sample_calls(u32 bytes)
{
	return bytes <= 1024 ? SAMPLE_CALLS : bytes <= 4096 ? 8 : 2;
}

/* Fill `set`: each batch is so many times `body`, and `prepare` before it. */
#define SAMPLE(set, prepare, body) \
	do { \
		for (u32 batch = 0; batch < SAMPLE_BATCHES; batch++) { \
			if ((set)->prepared) \
				prepare; \
			u32 begin = sample_clock(); \
			for (u32 left = (set)->calls; left; left--) { \
				body; \
				__asm__ volatile(""); \
			} \
			(set)->ticks[batch] = sample_clock() - begin; \
		} \
	} while (0)

/* Ascending. */
static inline void sample_sort(struct sample_set *set)
{
	for (u32 i = 1; i < SAMPLE_BATCHES; i++)
		for (u32 j = i; j && set->ticks[j] < set->ticks[j - 1]; j--) {
			u32 ticks = set->ticks[j];

			set->ticks[j] = set->ticks[j - 1];
			set->ticks[j - 1] = ticks;
		}
}

/* The batch that `percent` of the others do not exceed: 0 is the least, 50 the
 * median, 100 the most. */
static inline i32 sample_result(struct sample_set *set, u32 percent)
{
	sample_sort(set);
	return (i32)set->ticks[percent * (SAMPLE_BATCHES - 1) / 100];
}

#endif
