/*
 * Round trips between two processes: a message there, and one of the same size
 * back, through two pipes, a pair of sockets, two eventfds, and two words of
 * shared memory with futexes. Each trip is a sample.
 */
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/lab/program/rows.h"
#include "bench/lab/program/sample.h"

#define MOST 65536u

/* One side's ends: what it sends into and what it receives from. */
struct side {
	int to, from;
};

static struct side sides[2]; /* this process, the other */
static char bytes[MOST];

static void send_all(int file, uint32_t size)
{
	uint32_t at;

	for (at = 0; at < size;)
		at += (uint32_t)must(write(file, bytes + at, size - at),
				     "write");
}

/* Ends the program when the other side has. */
static void receive_all(int file, uint32_t size)
{
	uint32_t at, done;

	for (at = 0; at < size; at += done) {
		done = (uint32_t)must(read(file, bytes + at, size - at),
				      "read");
		if (!done)
			_exit(0);
	}
}

static void echo(uint32_t size, uint32_t count)
{
	for (; count; count--) {
		receive_all(sides[1].from, size);
		send_all(sides[1].to, size);
	}
	_exit(0);
}

static pid_t child;

/* It has ended when the volume is left, on which it has its folder. */
static void child_wait(void)
{
	must(waitpid(child, NULL, 0), "waitpid");
}

/* The first trip is not measured: the other process starts in it. */
static void trips_run(const struct row *row, uint32_t size)
{
	uint32_t n;

	child = fork();
	if (must(child, "fork") == 0)
		echo(size, row->count + 1);
	for (n = 0; n <= row->count; n++) {
		send_all(sides[0].to, size);
		receive_all(sides[0].from, size);
		if (n)
			sample_take();
		else
			sample_start();
	}
}

static void pipes_make(const struct row *row)
{
	int there[2], back[2];

	(void)row;
	must(pipe(there), "pipe");
	must(pipe(back), "pipe");
	sides[0] = (struct side){ there[1], back[0] };
	sides[1] = (struct side){ back[1], there[0] };
}

static void sockets_make(const struct row *row)
{
	int ends[2];

	(void)row;
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	sides[0] = (struct side){ ends[0], ends[0] };
	sides[1] = (struct side){ ends[1], ends[1] };
}

static void eventfds_make(const struct row *row)
{
	int there = (int)must(eventfd(0, 0), "eventfd"),
	    back = (int)must(eventfd(0, 0), "eventfd");

	(void)row;
	sides[0] = (struct side){ there, back };
	sides[1] = (struct side){ back, there };
}

static void sides_close(const struct row *row)
{
	int at;

	(void)row;
	child_wait();
	for (at = 0; at < 2; at++) {
		close(sides[at].to);
		if (sides[at].from != sides[at].to)
			close(sides[at].from);
	}
}

static void bytes_run(const struct row *row)
{
	trips_run(row, row->size);
}

static void events_run(const struct row *row)
{
	uint64_t one = 1;

	__builtin_memcpy(bytes, &one, sizeof(one));
	trips_run(row, sizeof(one));
}

/* Two words that two processes share: each waits for its own to be 1. */
static uint32_t *turns;

static void turns_make(const struct row *row)
{
	(void)row;
	turns = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (turns == MAP_FAILED)
		must(-1, "mmap");
}

static void turn_wait(uint32_t *turn)
{
	while (!__atomic_load_n(turn, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, turn, FUTEX_WAIT, 0, NULL);
	__atomic_store_n(turn, 0, __ATOMIC_RELEASE);
}

static void turn_give(uint32_t *turn)
{
	__atomic_store_n(turn, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, turn, FUTEX_WAKE, 1);
}

static void futex_run(const struct row *row)
{
	uint32_t n;

	child = fork();
	if (must(child, "fork") == 0) {
		for (n = 0; n <= row->count; n++) {
			turn_wait(&turns[1]);
			turn_give(&turns[0]);
		}
		_exit(0);
	}
	for (n = 0; n <= row->count; n++) {
		turn_give(&turns[1]);
		turn_wait(&turns[0]);
		if (n)
			sample_take();
		else
			sample_start();
	}
}

static void turns_unmap(const struct row *row)
{
	(void)row;
	child_wait();
	munmap(turns, 4096);
}

#define BYTES(kind, size, count) \
	{ \
#kind "-" #size, count, size, kind##s_make, bytes_run, \
			sides_close \
	}

const struct row rows_trip[] = {
	{ "pipe", 3000, 1, pipes_make, bytes_run, sides_close },
	BYTES(pipe, 64, 1000),
	BYTES(pipe, 1024, 1000),
	BYTES(pipe, 4096, 1000),
	BYTES(pipe, 65536, 200),
	{ "socketpair", 1000, 1, sockets_make, bytes_run, sides_close },
	BYTES(socket, 64, 1000),
	BYTES(socket, 1024, 1000),
	BYTES(socket, 4096, 1000),
	BYTES(socket, 65536, 200),
	{ "eventfd", 1000, 8, eventfds_make, events_run, sides_close },
	{ "futex", 2000, 4, turns_make, futex_run, turns_unmap },
	{ NULL, 0, 0, NULL, NULL, NULL },
};
