/*
 * The whole-system workloads: measure-lab DEVICE FOLDER RUNS [ROW...]. The
 * volume is mounted anew before each run of a row, so that nothing of it is
 * cached. Prints for each run "run NAME OPERATIONS NANOSECONDS TICKS CROSSINGS"
 * (of the whole run; crossings -1 where nobody counts them), then
 * sample_print()'s line, and with WINDOWS in the environment windows_print()'s.
 * DEVICE may be "none": for rows that need no volume.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "bench/lab/program/crossings.h"
#include "bench/lab/program/rows.h"
#include "bench/lab/program/sample.h"
#include "bench/storage/mark.h"

static const struct row *const lists[] = { rows_trip, rows_terminal,
					   rows_volume, rows_data, rows_tree };
static const char *device, *folder;

long must(long result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "measure-lab: %s: %s\n", what, strerror(errno));
		exit(1);
	}
	return result;
}

static void volume_enter(void)
{
	if (!device)
		return;
	must(mount(device, folder, "ext3", 0, ""), "mount");
	must(chdir(folder), folder);
}

static void volume_leave(void)
{
	if (!device)
		return;
	must(chdir("/"), "chdir");
	must(umount(folder), "umount");
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void row_run(const struct row *row)
{
	long long crossed = crossings_read(), after;
	uint64_t first, last;
	double begin, end;

	begin = now();
	first = ticks();
	MARK(0);
	row->run(row);
	MARK(1);
	last = ticks();
	end = now();
	after = crossings_read();
	printf("run %s %u %.0f %llu %lld\n", row->name, row->count, end - begin,
	       (unsigned long long)(last - first),
	       crossed < 0 ? -1 : after - crossed);
	sample_print(row->name, (end - begin) / (double)(last - first));
	fflush(stdout);
}

static void row_once(const struct row *row)
{
	if (row->prepare) {
		volume_enter();
		row->prepare(row);
		volume_leave();
	}
	volume_enter();
	row_run(row);
	if (getenv("WINDOWS"))
		windows_print();
	if (row->clean)
		row->clean(row);
	volume_leave();
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

int main(int count, char **words)
{
	const struct row *row;
	unsigned int at;
	int run, runs;

	if (count < 4) {
		fputs("usage: measure-lab DEVICE|none FOLDER RUNS [ROW...]\n",
		      stderr);
		return 2;
	}
	device = strcmp(words[1], "none") ? words[1] : NULL;
	folder = words[2];
	runs = atoi(words[3]);
	for (at = 0; at < sizeof(lists) / sizeof(lists[0]); at++)
		for (row = lists[at]; row->name; row++)
			for (run = 0;
			     run < runs && wanted(row->name, words + 4); run++)
				row_once(row);
	return 0;
}
