/*
 * The storage benchmark: measure-storage DEVICE FOLDER RUNS [ROW...]. For each
 * run of a row the volume is mounted anew, so that nothing is cached, and the
 * run is timed until what it wrote is durable. Prints one line a run: the
 * row's name, operations, nanoseconds of each.
 */
#include "mark.h"
#include "row.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

static const struct row *const lists[] = { rows_data, rows_tree };
static const char *device, *folder;

long must(long result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "measure-storage: %s: %s\n", what,
			strerror(errno));
		exit(1);
	}
	return result;
}

static void volume_enter(void)
{
	must(mount(device, folder, "ext3", 0, ""), "mount");
	must(chdir(folder), folder);
}

static void volume_leave(void)
{
	must(chdir("/"), "chdir");
	must(umount(folder), "umount");
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double row_once(const struct row *row)
{
	double begin, end;

	if (row->prepare) {
		volume_enter();
		row->prepare(row);
		volume_leave();
	}
	volume_enter();
	begin = now();
	MARK(0);
	row->run(row);
	MARK(1);
	end = now();
	if (row->clean)
		row->clean(row);
	volume_leave();
	return end - begin;
}

static void row_time(const struct row *row, int runs)
{
	while (runs--) {
		printf("%s %u %.0f\n", row->name, row->count,
		       row_once(row) / row->count);
		fflush(stdout);
	}
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

	if (count < 4) {
		fputs("usage: measure-storage DEVICE FOLDER RUNS [ROW...]\n",
		      stderr);
		return 2;
	}
	device = words[1];
	folder = words[2];
	for (at = 0; at < sizeof(lists) / sizeof(lists[0]); at++)
		for (row = lists[at]; row->name; row++)
			if (wanted(row->name, words + 4))
				row_time(row, atoi(words[3]));
	return 0;
}
