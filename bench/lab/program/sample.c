/*
 * Samples of single operations, and their histogram with sixteen buckets to
 * the octave.
 */
#include "sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define OCTAVE	16
#define BUCKETS (48u * OCTAVE)

static uint64_t last, samples[SAMPLES_MOST];
static uint32_t used;

uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

void sample_start(void)
{
	/* Written, so that no page is touched for the first time later. */
	memset(samples, 0, sizeof(samples));
	used = 0;
	last = ticks();
}

void sample_take(void)
{
	uint64_t now = ticks();

	if (used < SAMPLES_MOST)
		samples[used++] = now - last;
	last = now;
}

static uint32_t bucket(double nanoseconds)
{
	double at = nanoseconds < 1 ? 0 : floor(log2(nanoseconds) * OCTAVE);

	return at < BUCKETS ? (uint32_t)at : BUCKETS - 1;
}

void sample_print(const char *name, double tick)
{
	static uint32_t counts[BUCKETS];
	double least = INFINITY, most = 0, each;
	uint32_t n;

	if (!used)
		return;
	memset(counts, 0, sizeof(counts));
	for (n = 0; n < used; n++) {
		each = (double)samples[n] * tick;
		least = fmin(least, each);
		most = fmax(most, each);
		counts[bucket(each)]++;
	}
	printf("each %s %.0f %.0f", name, least, most);
	for (n = 0; n < BUCKETS; n++)
		if (counts[n])
			printf(" %u:%u", n, counts[n]);
	putchar('\n');
	used = 0;
}
