/* Samples sorted and printed; see report.h. */
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CALIBRATION 100000000 /* nanoseconds */

static double tick_nanoseconds;

long must(long result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "silicon: %s: %s\n", what, strerror(errno));
		exit(1);
	}
	return result;
}

_Noreturn void refuse(const char *format, ...)
{
	va_list list;

	fputs("silicon: this host does not let us: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	exit(3);
}

/* LFENCE before and after: SDM volume 2, RDTSC. */
uint64_t ticks_now(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdtsc\n\tlfence"
			 : "=a"(low), "=d"(high)
			 :
			 : "memory");
	return (uint64_t)high << 32 | low;
}

static int64_t clock_now(void)
{
	struct timespec now;

	must(clock_gettime(CLOCK_MONOTONIC_RAW, &now), "clock_gettime");
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void ticks_measure(void)
{
	int64_t begin = clock_now(), end;
	uint64_t ticks = ticks_now();

	do
		end = clock_now();
	while (end - begin < CALIBRATION);
	ticks = ticks_now() - ticks;
	tick_nanoseconds = (double)(end - begin) / (double)ticks;
}

double ticks_nanoseconds(double ticks)
{
	return ticks * tick_nanoseconds;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double samples_median(struct samples *samples)
{
	qsort(samples->each, samples->count, sizeof(double), compare);
	return samples->each[samples->count / 2];
}

/* The sample that `percent` of them are below, in a sorted row. */
static double quantile(const struct samples *samples, uint32_t percent)
{
	return samples->each[(samples->count - 1) * percent / 100];
}

void report_begin(void)
{
	puts("machine,mechanism,organization,payload,direction,trip,cpus,unit,"
	     "state,n,least,p10,median,p90,p99,most");
	fflush(stdout);
}

void report_remark(const char *format, ...)
{
	va_list list;

	fputs("# ", stdout);
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	putchar('\n');
}

static void row_print(const struct label *label, const struct samples *samples,
		      const char *unit, double scale)
{
	static const uint32_t percents[] = { 0, 10, 50, 90, 99, 100 };

	printf("silicon,%s,%s,%u,%s,%s,%u,%s,%s,%u", label->mechanism,
	       label->organization, label->payload, label->direction,
	       label->trip, label->cpus, unit, label->state, samples->count);
	for (uint32_t i = 0; i < sizeof(percents) / sizeof(*percents); i++)
		printf(",%.1f", quantile(samples, percents[i]) * scale);
	putchar('\n');
}

void report_row(const struct label *label, struct samples *samples)
{
	samples_median(samples);
	row_print(label, samples, "tsc", 1);
	row_print(label, samples, "ns", tick_nanoseconds);
	fflush(stdout);
}
