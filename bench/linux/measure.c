/*
 * The benchmark program: how long one operation of the system takes. Prints
 * one line a row: name, operations, nanoseconds each, time-stamp counts each.
 * The count is found by doubling until a run takes long enough; the best of
 * several runs counts. With --slope, where the time-stamp counter counts
 * instructions, two runs of different length give the count of one operation
 * without what surrounds it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "row.h"

#define RUNS 5

static const struct row *const lists[] = { rows_process, rows_memory,
					   rows_message, rows_file };

struct reading {
	uint64_t time, counts;
};

static struct reading begin, sum;
static uint64_t long_enough = 100000000; /* nanoseconds */
static uint32_t fixed;
static int slope;
const char *own_path;

static struct reading reading_take(void)
{
	struct timespec now;
	uint32_t low, high;

	clock_gettime(CLOCK_MONOTONIC, &now);
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (struct reading){ (uint64_t)now.tv_sec * 1000000000 +
					 (uint64_t)now.tv_nsec,
				 (uint64_t)high << 32 | low };
}

void watch_start(void)
{
	begin = reading_take();
}

void watch_stop(void)
{
	struct reading end = reading_take();

	sum.time += end.time - begin.time;
	sum.counts += end.counts - begin.counts;
}

long must(long result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
		exit(1);
	}
	return result;
}

void child_wait(int child)
{
	int status;

	must(waitpid(child, &status, 0), "waitpid");
	if (status != 0) {
		fprintf(stderr, "measure: a child ended with %#x\n", status);
		exit(1);
	}
}

static struct reading row_run(const struct row *row, uint32_t count)
{
	sum = (struct reading){ 0, 0 };
	row->run(count);
	return sum;
}

/* How many operations take long enough; warms up on the way. */
static uint32_t count_find(const struct row *row)
{
	uint32_t count = 1;

	while (row_run(row, count).time < long_enough && count < 1u << 30)
		count *= 2;
	return count;
}

static void row_time(const struct row *row)
{
	uint32_t count = fixed ? fixed : count_find(row);
	struct reading best = row_run(row, count), next;
	int run;

	for (run = 1; run < RUNS; run++) {
		next = row_run(row, count);
		best = next.time < best.time ? next : best;
	}
	printf("%s %u %.1f %.1f\n", row->name, count, (double)best.time / count,
	       (double)best.counts / count);
	fflush(stdout);
}

/* Counts only: (3n operations - n operations) / 2n, after a warm-up. */
static void row_slope(const struct row *row)
{
	uint32_t count = fixed ? fixed : 1000;
	struct reading few, many;

	row_run(row, count);
	few = row_run(row, count);
	many = row_run(row, count * 3);
	printf("%s %u 0 %.1f\n", row->name, count,
	       ((double)many.counts - (double)few.counts) / (2.0 * count));
	fflush(stdout);
}

static int wanted(const char *name, char **names)
{
	if (!*names)
		return 1;
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return 1;
	return 0;
}

static void rows_run(char **names, int list)
{
	const struct row *row;
	unsigned int at;

	for (at = 0; at < sizeof(lists) / sizeof(lists[0]); at++)
		for (row = lists[at]; row->name; row++) {
			if (!wanted(row->name, names))
				continue;
			if (list)
				puts(row->name);
			else if (slope)
				row_slope(row);
			else
				row_time(row);
		}
}

static void usage(void)
{
	fputs("usage: measure [--list] [--slope] [-n OPERATIONS] "
	      "[-t MILLISECONDS] [ROW...]\n",
	      stderr);
	exit(2);
}

int main(int count, char **words)
{
	int list = 0;

	own_path = "/proc/self/exe";
	if (count == 2 && strcmp(words[1], "--exit") == 0)
		return 0;
	for (words++; *words && **words == '-'; words++) {
		if (strcmp(*words, "--list") == 0)
			list = 1;
		else if (strcmp(*words, "--slope") == 0)
			slope = 1;
		else if (strcmp(*words, "-n") == 0 && words[1])
			fixed = (uint32_t)atoi(*++words);
		else if (strcmp(*words, "-t") == 0 && words[1])
			long_enough = (uint64_t)atoi(*++words) * 1000000;
		else
			usage();
	}
	rows_run(words, list);
	return 0;
}
