/*
 * Rows about messages: there and back through pipes and sockets, bandwidth,
 * and a byte that goes round among processes.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "row.h"

#define CHUNK 65536u
#define MOST  16u

static void move(ssize_t (*how)(int, void *, size_t), int file, void *bytes,
		 size_t size)
{
	char *at = bytes;
	ssize_t done;

	while (size) {
		done = how(file, at, size);
		if (done == 0)
			_exit(0); /* the other side has ended */
		must(done, "read or write");
		at += done;
		size -= (size_t)done;
	}
}

static ssize_t out(int file, void *bytes, size_t size)
{
	return write(file, bytes, size);
}

/* One byte there and back, `to` and `from` being our ends. */
static void trips(int to, int from, uint32_t count)
{
	char byte = 'b';

	while (count--) {
		move(out, to, &byte, 1);
		move(read, from, &byte, 1);
	}
}

static void echo(int from, int to)
{
	char byte;

	for (;;) {
		move(read, from, &byte, 1);
		move(out, to, &byte, 1);
	}
}

static void round_run(int ours[2], int theirs[2], uint32_t count)
{
	pid_t child = fork();

	if (must(child, "fork") == 0) {
		close(ours[0]);
		close(ours[1]);
		echo(theirs[0], theirs[1]);
	}
	trips(ours[1], ours[0], 1); /* it has started */
	watch_start();
	trips(ours[1], ours[0], count);
	watch_stop();
	close(ours[0]);
	close(ours[1]);
	close(theirs[0]);
	close(theirs[1]);
	child_wait(child);
}

static void pipe_run(uint32_t count)
{
	int there[2], back[2];

	must(pipe(there), "pipe");
	must(pipe(back), "pipe");
	round_run((int[2]){ back[0], there[1] }, (int[2]){ there[0], back[1] },
		  count);
}

static void socket_run(uint32_t count)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	round_run((int[2]){ ends[0], dup(ends[0]) },
		  (int[2]){ ends[1], dup(ends[1]) }, count);
}

/* 64 KiB from one process into another. */
static void bandwidth_run(uint32_t count)
{
	static char bytes[CHUNK];
	int ends[2];
	pid_t child;

	must(pipe(ends), "pipe");
	child = fork();
	if (must(child, "fork") == 0) {
		close(ends[0]);
		for (count++; count; count--)
			move(out, ends[1], bytes, CHUNK);
		_exit(0);
	}
	close(ends[1]);
	move(read, ends[0], bytes, CHUNK);
	watch_start();
	while (count--)
		move(read, ends[0], bytes, CHUNK);
	watch_stop();
	close(ends[0]);
	child_wait(child);
}

/* A byte round a ring of processes: one operation is one process's turn. */
static void ring_run(uint32_t count, uint32_t size)
{
	int ends[MOST][2];
	uint32_t at, other;

	for (at = 0; at < size; at++)
		must(pipe(ends[at]), "pipe");
	for (at = 1; at < size; at++) {
		if (must(fork(), "fork") != 0)
			continue;
		for (other = 0; other < size; other++) {
			if (other != at)
				close(ends[other][0]);
			if (other != (at + 1) % size)
				close(ends[other][1]);
		}
		echo(ends[at][0], ends[(at + 1) % size][1]);
	}
	for (at = 0; at < size; at++) {
		if (at != 0)
			close(ends[at][0]);
		if (at != 1)
			close(ends[at][1]);
	}
	trips(ends[1][1], ends[0][0], 1);
	watch_start();
	trips(ends[1][1], ends[0][0], (count + size - 1) / size);
	watch_stop();
	close(ends[1][1]);
	close(ends[0][0]);
	for (at = 1; at < size; at++)
		must(wait(NULL), "wait");
}

static void switch2_run(uint32_t count)
{
	ring_run(count, 2);
}

static void switch16_run(uint32_t count)
{
	ring_run(count, 16);
}

const struct row rows_message[] = {
	{ "pipe", pipe_run },	     { "pipe-64K", bandwidth_run },
	{ "switch-2", switch2_run }, { "switch-16", switch16_run },
	{ "unix", socket_run },	     { 0 },
};
