/*
 * oom [WAY...]: run out of memory, way by way. This process must live, and all
 * frames must come back. Prints `ok WAY` for each, or `FAIL WAY: ...`.
 */
#include "oom.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_SECONDS 120
#define SETTLE_TRIES 600 /* of 50 ms */
#define FOLDER	     "/tmp/oom"

static void doze(void)
{
	struct timespec t = { 0, 50000000 };

	nanosleep(&t, NULL);
}

/* KiB of a line of /proc/meminfo; -1: it cannot be read. */
static long memory(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long value = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			value = atol(line + strlen(name) + 1);
	if (f)
		fclose(f);
	return value;
}

static int entry_remove(const char *name, const struct stat *s, int kind,
			struct FTW *where)
{
	(void)s;
	(void)kind;
	(void)where;
	remove(name);
	return 0;
}

/* Runs the way in a group of its own; returns how its first process ended,
 * -1: it had to be ended. */
static int way_run(const struct way *w)
{
	int status = 0, tries = 0;
	pid_t group = fork();

	if (group == 0) {
		setpgid(0, 0);
		if (chdir(FOLDER) < 0)
			_exit(1);
		w->run();
		_exit(0);
	}
	if (group < 0)
		return -1;
	while (waitpid(group, &status, WNOHANG) == 0)
		if (++tries < MOST_SECONDS * 20)
			doze();
		else
			kill(group, SIGKILL);
	kill(-group, SIGKILL);
	return tries < MOST_SECONDS * 20 ? status : -1;
}

/* What is free once all has come back, or what is after a while. */
static long settled(long wanted)
{
	long now = 0;

	for (int i = 0; i < SETTLE_TRIES; i++) {
		now = memory("MemFree");
		if (now >= wanted)
			break;
		doze();
	}
	return now;
}

/*
 * Domains keep what they were given, for the next time: where memory does not
 * come back, it must the second time.
 */
static int way_test(const struct way *w)
{
	long before = 0, after = 0, slack = memory("MemTotal") / 24;
	int status = 0;

	for (int i = 0; i < 2 && (!i || after < before - slack); i++) {
		mkdir(FOLDER, 0777);
		before = memory("MemFree");
		status = way_run(w);
		nftw(FOLDER, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
		after = settled(before - slack);
	}
	if (status < 0)
		printf("FAIL %s: it did not end by itself\n", w->name);
	else if (w->killed && !WIFSIGNALED(status))
		printf("FAIL %s: nobody was killed\n", w->name);
	else if (before < 0 || after < before - slack)
		printf("FAIL %s: %ld KiB were free, now %ld\n", w->name, before,
		       after);
	else
		printf("ok %s\n", w->name);
	if (getenv("OOM_DETAILS"))
		printf("   status %x, free %ld to %ld, slab %ld\n",
		       (unsigned)status, before, after, memory("Slab"));
	fflush(stdout);
	return status >= 0 && after >= before - slack;
}

static int wanted(const char *name, int count, char **words)
{
	for (int i = 1; i < count; i++)
		if (!strcmp(name, words[i]))
			return 1;
	return count < 2;
}

int main(int count, char **words)
{
	int good = 1;

	for (unsigned i = 0; i < way_count; i++)
		if (wanted(ways[i].name, count, words))
			good &= way_test(&ways[i]);
	return !good;
}
