/*
 * A piece of code as drivers are made of: loads and stores, short loops, calls
 * of small functions. The same in every segment; so what it takes tells what
 * the segment's base costs, and no crossing is in it.
 */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "gates/abi.h"

#define WORK_WORDS 32u

struct work {
	u32 words[WORK_WORDS];
	u32 steps;
};

static __attribute__((noipa)) u32 work_mix(struct work *w, u32 i, u32 seed)
{
	w->steps++;
	w->words[i] = seed >> 8 ^ w->words[i];
	return seed * 1664525 + 1013904223;
}

/* Fill, sort and sum up; every time the same. */
static __attribute__((noipa)) i32 work(struct work *w)
{
	u32 seed = 1, sum = 0;

	for (u32 i = 0; i < WORK_WORDS; i++)
		w->words[i] = i;
	for (u32 i = 0; i < WORK_WORDS; i++)
		seed = work_mix(w, i, seed);
	for (u32 i = 1; i < WORK_WORDS; i++)
		for (u32 j = i; j && w->words[j] < w->words[j - 1]; j--) {
			u32 word = w->words[j];

			w->words[j] = w->words[j - 1];
			w->words[j - 1] = word;
		}
	for (u32 i = 0; i < WORK_WORDS; i++)
		sum = sum * 31 + w->words[i];
	return (i32)(sum >> 1);
}

#endif
