/*
 * held FOLDER COUNT [alone] NAME...: how long a program is held up when a
 * domain that it needs dies. One process makes a file, writes it, syncs it and
 * removes it, again and again; the other breaks the domain, COUNT times at
 * moments that have nothing to do with that, and looks for the longest of
 * those steps in the time that follows; and, in between, in as much time
 * without a death. `alone`: no disk is waited for; the domain is broken, and
 * the time is that until a file is made, written and removed after that.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RING	1024u
#define DEATHS	1000u
#define AFTER	15000u /* us that a death may be felt */
#define BETWEEN 10000u

/* When each step began and ended; `done` counts them. */
static struct {
	volatile uint32_t done, start[RING], end[RING];
} *steps;

static uint32_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint32_t)t.tv_sec * 1000000 + (uint32_t)t.tv_nsec / 1000;
}

static _Noreturn void fail(const char *what)
{
	printf("held: %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

/* Make a file, write it, and remove it. */
static void step(const char *path, int syncs)
{
	static char bytes[4096];
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

	if (fd < 0 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes) ||
	    (syncs && fsync(fd) < 0) || close(fd) < 0 || unlink(path) < 0)
		fail(path);
}

static _Noreturn void work(const char *path)
{
	for (;;) {
		uint32_t n = steps->done % RING;

		steps->start[n] = now();
		step(path, 1);
		steps->end[n] = now();
		__sync_synchronize();
		steps->done++;
	}
}

/* The longest step that was under way in the time after `from`. */
static uint32_t longest(uint32_t from)
{
	uint32_t most = 0, n;

	do {
		usleep(AFTER);
		n = steps->done;
	} while (steps->start[(n - 1) % RING] - from >= 1u << 31);
	for (uint32_t i = n > RING ? n - RING : 0; i < n; i++) {
		uint32_t start = steps->start[i % RING];
		uint32_t end = steps->end[i % RING];

		if (end - from < 1u << 31 && start - from - AFTER >= 1u << 31 &&
		    end - start > most)
			most = end - start;
	}
	return most;
}

static int order(const void *a, const void *b)
{
	return *(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1;
}

static void say(const char *name, const char *what, uint32_t *list,
		uint32_t count)
{
	uint32_t median, most;

	qsort(list, count, sizeof(*list), order);
	median = list[count / 2];
	most = list[count - 1];
	printf("held: %s %s %u times: median %u.%02u ms, at most %u.%02u ms\n",
	       name, what, count, median / 1000, median % 1000 / 10,
	       most / 1000, most % 1000 / 10);
}

static void domain_break(const char *name)
{
	int fd = open("/dev/monitor", O_WRONLY);
	char line[64];

	snprintf(line, sizeof(line), "break %s\n", name);
	if (write(fd, line, strlen(line)) < 0)
		fail(line);
	close(fd);
}

static uint32_t quiet[DEATHS], died[DEATHS];

static void measure(const char *name, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from;

		usleep((uint32_t)rand() % BETWEEN);
		quiet[i] = longest(now());
		usleep((uint32_t)rand() % BETWEEN);
		from = now();
		domain_break(name);
		died[i] = longest(from);
	}
	say(name, "lives", quiet, count);
	say(name, "dies", died, count);
}

static void measure_alone(const char *path, const char *name, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from;

		usleep((uint32_t)rand() % BETWEEN);
		from = now();
		domain_break(name);
		step(path, 0);
		died[i] = now() - from;
	}
	say(name, "restarts", died, count);
}

int main(int argc, char **argv)
{
	uint32_t count = argc > 3 ? (uint32_t)atoi(argv[2]) : 0;
	int alone = argc > 3 && strcmp(argv[3], "alone") == 0;
	pid_t worker = 0;
	char path[256];

	if (!count || count > DEATHS)
		return 2;
	snprintf(path, sizeof(path), "%s/held", argv[1]);
	steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!alone && (worker = fork()) == 0)
		work(path);
	while (!alone && steps->done < 10)
		usleep(1000);
	for (int i = 3 + alone; i < argc; i++)
		if (alone)
			measure_alone(path, argv[i], count);
		else
			measure(argv[i], count);
	if (worker) {
		kill(worker, SIGKILL);
		waitpid(worker, NULL, 0);
	}
	return 0;
}
