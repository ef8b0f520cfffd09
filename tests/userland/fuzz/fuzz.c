/*
 * fuzz SEED CALLS WORKERS [FOLDER]: workers that start process after process,
 * each with a seed and a folder of its own, until all did CALLS calls. Prints
 * how far it is, and at the end a digest of what was asked. What makes no
 * progress is killed.
 */
#define _TIME_BITS 64 /* to remove files whatever their times are */

#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS_MOST  16u
#define PROCESS_CALLS 600u
#define STILL_MS      120u /* that long without a call: it hangs */
#define LOOK_MS	      10u

static struct progress *shared; /* one for each worker */
static const char *folder = "/tmp/fuzz";

static int entry_remove(const char *name, const struct stat *s, int kind,
			struct FTW *where)
{
	(void)s;
	(void)kind;
	(void)where;
	remove(name);
	return 0;
}

/* What was mounted below the worker's folder, last first. */
static void mounts_end(const char *own)
{
	char line[512], name[256], last[256];
	FILE *list;

	do {
		list = fopen("/proc/mounts", "r");
		*last = 0;
		while (list && fgets(line, sizeof(line), list))
			if (sscanf(line, "%*s %255s", name) == 1 &&
			    !strncmp(name, own, strlen(own)))
				strcpy(last, name);
		if (list)
			fclose(list);
	} while (*last && umount2(last, MNT_DETACH) == 0);
}

static void doze(void)
{
	struct timespec t = { 0, LOOK_MS * 1000000 };

	nanosleep(&t, NULL);
}

/* Kill all whose parent is this process. */
static void children_kill(void)
{
	DIR *all = opendir("/proc");
	struct dirent *e;

	while (all && (e = readdir(all))) {
		char name[300];
		int pid = atoi(e->d_name), parent = 0;
		FILE *stat;

		if (pid < 2)
			continue;
		snprintf(name, sizeof(name), "/proc/%d/stat", pid);
		stat = fopen(name, "r");
		if (!stat)
			continue;
		fscanf(stat, "%*d (%*[^)]) %*c %d", &parent);
		fclose(stat);
		if (parent == getpid())
			kill(pid, SIGKILL);
	}
	if (all)
		closedir(all);
}

/* All that the process started and left behind is ours: its children come to
 * us when it ends (PR_SET_CHILD_SUBREAPER). */
static void children_end(void)
{
	int tries = 0;

	for (;;) {
		if (waitpid(-1, NULL, WNOHANG | __WALL) < 0)
			return;
		children_kill();
		while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
			;
		if (waitpid(-1, NULL, WNOHANG | __WALL) < 0)
			return;
		if (++tries == 500) {
			printf("fuzz: a killed process does not end\n");
			fflush(stdout);
			_exit(1);
		}
		doze();
	}
}

/* Wait for the process's end; kill it if it makes no progress. */
static void process_watch(pid_t process, struct progress *p)
{
	uint32_t seen = p->done, still = 0;

	while (waitpid(process, NULL, WNOHANG | __WALL) == 0) {
		doze();
		still = p->done == seen ? still + LOOK_MS : 0;
		seen = p->done;
		if (still < STILL_MS)
			continue;
		kill(process, SIGKILL);
		kill(-process, SIGKILL);
		still = 0;
	}
	kill(-process, SIGKILL);
	children_end();
}

static _Noreturn void worker(uint32_t number, uint32_t seed, uint32_t calls)
{
	struct progress *p = &shared[number];
	char own[64];
	uint32_t round = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	snprintf(own, sizeof(own), "%s/%u", folder, number);
	while (p->done < calls) {
		pid_t process;

		round++;
		mkdir(own, 0777);
		chmod(own, 0777);
		process = fork();
		if (process == 0) {
			if (chdir(own) < 0)
				_exit(1);
			chance_start(seed + number * 100003 + round);
			calls_do(p, PROCESS_CALLS);
		}
		if (process < 0) {
			doze();
			continue;
		}
		process_watch(process, p);
		mounts_end(own);
		nftw(own, entry_remove, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	}
	_exit(0);
}

static void report(uint32_t workers, const char *what)
{
	uint32_t done = 0, digest = 0, good = 0;

	for (uint32_t i = 0; i < workers; i++) {
		done += shared[i].done;
		good += shared[i].answered[0];
		digest ^= shared[i].digest;
	}
	printf("fuzz: %u calls, %u answered well, digest %08x%s\n", done, good,
	       digest, what);
	fflush(stdout);
}

int main(int count, char **words)
{
	uint32_t seed, calls_most, workers, left, looks = 0;

	if (count < 4) {
		fprintf(stderr, "usage: fuzz SEED CALLS WORKERS [FOLDER]\n");
		return 2;
	}
	seed = (uint32_t)strtoul(words[1], NULL, 0);
	calls_most = (uint32_t)strtoul(words[2], NULL, 0);
	workers = (uint32_t)strtoul(words[3], NULL, 0);
	if (workers < 1 || workers > WORKERS_MOST || calls_most < 1)
		return 2;
	if (count > 4)
		folder = words[4];
	mkdir(folder, 0777);
	shared = mmap(NULL, WORKERS_MOST * sizeof(*shared),
		      PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		return 2;
	for (uint32_t i = 0; i < workers; i++)
		if (fork() == 0)
			worker(i, seed, calls_most / workers);
	for (left = workers; left;) {
		pid_t ended = waitpid(-1, NULL, WNOHANG);

		if (ended > 0)
			left--;
		else if (ended < 0 && errno == ECHILD)
			break;
		else
			doze();
		if (++looks % (10000 / LOOK_MS) == 0)
			report(workers, "");
	}
	nftw(folder, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
	report(workers, ", done");
	return 0;
}
