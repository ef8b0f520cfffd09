/*
 * Each way takes until nothing more is given. None checks what it is given: an
 * honest error ends it.
 */
#include "oom.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB (1u << 20)

/* Children of this process take part; it ends when all have ended, or after
 * `seconds`, and takes them along. */
static void children_wait(int seconds)
{
	struct timespec t = { 0, 50000000 };

	for (int i = 0; i < seconds * 20; i++) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (waitpid(-1, NULL, WNOHANG) < 0)
			return;
		nanosleep(&t, NULL);
	}
}

static void files_limit(void)
{
	struct rlimit most = { 60000, 60000 };

	setrlimit(RLIMIT_NOFILE, &most);
}

static void touch(void)
{
	for (;;) {
		char *p = mmap(NULL, MIB, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			       0);

		if (p == MAP_FAILED)
			return;
		memset(p, 'x', MIB);
	}
}

static void heap(void)
{
	for (char *p; (p = malloc(5000));)
		memset(p, 'x', 5000);
}

static void shared(void)
{
	for (;;) {
		char *p = mmap(NULL, MIB, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return;
		memset(p, 'x', MIB);
	}
}

static void populated(void)
{
	while (mmap(NULL, MIB, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
		    0) != MAP_FAILED)
		;
}

static void heap_by_brk(void)
{
	for (char *p; (p = sbrk(MIB)) != (void *)-1;)
		memset(p, 'x', MIB);
}

/* Deeper and deeper; what it returns only keeps the frames apart. */
static unsigned stack(unsigned depth)
{
	char page[60000];

	memset(page, 'x', sizeof(page));
	__asm__ volatile("" : : "r"(page) : "memory");
	return depth ? stack(depth - 1) + (unsigned)page[depth & 1] : 0;
}

static void deep_stack(void)
{
	struct rlimit most = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_STACK, &most);
	stack(0x7FFFFFFF);
}

/* One page in each page table. */
static void tables(void)
{
	while (fork() > 0)
		if (waitpid(-1, NULL, WNOHANG) > 0)
			return; /* somebody was killed */
	for (unsigned at = 0x10000000; at < 0xB0000000; at += 0x400000) {
		char *p = mmap((void *)at, 4096, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		if (p == MAP_FAILED)
			break;
		*p = 1;
	}
	if (getpid() != getpgrp())
		pause();
	children_wait(2);
}

static void forks(void)
{
	int children = 0;

	for (pid_t p; (p = fork()) >= 0; children++)
		if (p == 0) {
			pause();
			_exit(0);
		}
	children_wait(1);
}

/* Each copies what its parent has. */
static void copies(void)
{
	char *p = malloc(4 * MIB);

	memset(p, 'x', 4 * MIB);
	for (pid_t c; (c = fork()) >= 0;)
		if (c == 0) {
			memset(p, 'y', 4 * MIB);
			pause();
			_exit(0);
		}
	children_wait(1);
}

static void bomb(void)
{
	for (int i = 0; i < 11; i++)
		fork();
	sleep(1);
}

static void *nothing(void *unused)
{
	pause();
	return unused;
}

static void threads(void)
{
	pthread_attr_t small;
	pthread_t t;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 16384);
	while (pthread_create(&t, &small, nothing, NULL) == 0)
		;
}

static void pipes(void)
{
	static char bytes[65536];
	int ends[2];

	files_limit();
	while (pipe2(ends, O_NONBLOCK) == 0)
		write(ends[1], bytes, sizeof(bytes));
}

static void sockets(void)
{
	static char bytes[65536];
	int ends[2];

	files_limit();
	while (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0)
		while (write(ends[0], bytes, sizeof(bytes)) > 0)
			;
}

static void epolls(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int sets[64], n = 0, file;

	files_limit();
	while (n < 64 && (sets[n] = epoll_create1(0)) >= 0)
		n++;
	while ((file = eventfd(0, 0)) >= 0)
		for (int i = 0; i < n; i++)
			epoll_ctl(sets[i], EPOLL_CTL_ADD, file, &event);
}

static void open_files(void)
{
	files_limit();
	while (open("/proc/self/stat", O_RDONLY) >= 0)
		;
	for (int i = 0; i < 1000 && fork() == 0; i++)
		while (open(".", O_RDONLY) >= 0)
			;
	children_wait(2);
}

static void areas(void)
{
	int child = 0;

	for (int i = 0; i < 40 && !child; i++)
		child = fork() == 0;
	for (int i = 0; i < 30000; i++)
		if (mmap(NULL, 4096, i & 1 ? PROT_READ : PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
			break;
	if (child)
		pause();
	children_wait(2);
}

static void timers(void)
{
	timer_t t;

	while (timer_create(CLOCK_MONOTONIC, NULL, &t) == 0)
		;
}

static void signals(void)
{
	sigset_t all;
	union sigval v = { 0 };

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	while (sigqueue(getpid(), SIGRTMIN, v) == 0)
		;
}

static void file_locks(void)
{
	int file = open("locked", O_RDWR | O_CREAT, 0600);
	struct flock l = { .l_type = F_WRLCK, .l_len = 1 };

	for (l.l_start = 0; fcntl(file, F_SETLK, &l) == 0; l.l_start += 2)
		if (l.l_start > 20000)
			break; /* looking for the place takes longer each time */
}

static void file_contents(void)
{
	static char bytes[65536];
	int file = open("full", O_WRONLY | O_CREAT, 0600);

	while (write(file, bytes, sizeof(bytes)) > 0)
		;
}

static void mapped_file(void)
{
	int file = open("mapped", O_RDWR | O_CREAT, 0600);
	unsigned size = 1024 * MIB;
	char *p;

	ftruncate(file, size);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	for (unsigned at = 0; p != MAP_FAILED && at < size; at += 4096)
		p[at] = 1;
}

static void many_names(void)
{
	char name[64];

	for (int i = 0; i < 30000; i++) {
		snprintf(name, sizeof(name), "a-name-of-some-length-%d", i);
		if (mkdir(name, 0777) < 0)
			break;
	}
}

static void arguments(void)
{
	static char *words[2000], word[1001];

	memset(word, 'x', 1000);
	for (int i = 0; i < 1999; i++)
		words[i] = word;
	words[0] = "sleep";
	words[1] = "1";
	for (int i = 0; i < 100; i++)
		if (fork() == 0) {
			words[2] = NULL;
			execve("/bin/sleep", words, words + 3);
			_exit(1);
		}
	children_wait(5);
}

/* Several at once, so that more than one wants the last frame. */
static void together(void)
{
	void (*const some[])(void) = { touch, shared, pipes, forks,
				       copies, heap, file_contents };

	for (unsigned i = 0; i < sizeof(some) / sizeof(*some); i++)
		if (fork() == 0) {
			some[i]();
			_exit(0);
		}
	children_wait(10);
}

const struct way ways[] = {
	{ "touch", touch, 1 },
	{ "heap", heap, 0 },
	{ "shared", shared, 1 },
	{ "populated", populated, 0 },
	{ "brk", heap_by_brk, 0 },
	{ "stack", deep_stack, 0 },
	{ "tables", tables, 0 },
	{ "forks", forks, 0 },
	{ "copies", copies, 0 },
	{ "bomb", bomb, 0 },
	{ "threads", threads, 0 },
	{ "pipes", pipes, 0 },
	{ "sockets", sockets, 0 },
	{ "epolls", epolls, 0 },
	{ "files", open_files, 0 },
	{ "areas", areas, 0 },
	{ "timers", timers, 0 },
	{ "signals", signals, 0 },
	{ "locks", file_locks, 0 },
	{ "tmpfs", file_contents, 0 },
	{ "mapped", mapped_file, 0 },
	{ "names", many_names, 0 },
	{ "arguments", arguments, 0 },
	{ "together", together, 0 },
};
const unsigned way_count = sizeof(ways) / sizeof(*ways);
