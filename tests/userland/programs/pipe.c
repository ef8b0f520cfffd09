/*
 * Pipes and named pipes: ends, capacity, atomic writes, signals, waiting.
 */
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define FULL 65536

static int ends[2];
static char bytes[FULL * 2];
static volatile int count;

static void note(int number)
{
	(void)number;
	count++;
}

static void no_waiting(int end)
{
	DO(fcntl(ends[end], F_SETFL, O_NONBLOCK));
}

TEST(bytes_in_order)
{
	char text[16] = "";

	DO(pipe(ends));
	IS(write(ends[1], "hello", 5), 5);
	IS(write(ends[1], " world", 6), 6);
	IS(read(ends[0], text, 3), 3);
	IS(read(ends[0], text + 3, 12), 8);
	TEXT(text, "hello world");
	ERROR(read(ends[1], text, 1), EBADF);
	ERROR(write(ends[0], text, 1), EBADF);
}

TEST(flags)
{
	struct stat about;

	DO(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	IS(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
	IS(fcntl(ends[0], F_GETFL), O_RDONLY | O_NONBLOCK);
	IS(fcntl(ends[1], F_GETFL), O_WRONLY | O_NONBLOCK);
	ERROR(read(ends[0], bytes, 1), EAGAIN);
	DO(fstat(ends[0], &about));
	CHECK(S_ISFIFO(about.st_mode));
	ERROR(lseek(ends[0], 0, SEEK_SET), ESPIPE);
	ERROR(pread(ends[0], bytes, 1, 0), ESPIPE);
	ERROR(ftruncate(ends[1], 0), EINVAL);
	ERROR(pipe2(ends, 0x1), EINVAL);
	ERROR(syscall(SYS_pipe2, bad, 0), EFAULT);
}

TEST(end_of_file)
{
	DO(pipe(ends));
	IS(write(ends[1], "last", 4), 4);
	DO(close(ends[1]));
	IS(read(ends[0], bytes, 100), 4);
	IS(read(ends[0], bytes, 100), 0);
	IS(read(ends[0], bytes, 100), 0);
}

/* Every copy of the writing end must be closed, a child's too. */
TEST(end_of_file_of_all_writers)
{
	struct pollfd end;
	struct signpost go;
	pid_t child;

	DO(pipe(ends));
	signpost_make(&go);
	child = child_make();
	if (child == 0) {
		signpost_wait(&go);
		child_end();
	}
	DO(close(ends[1]));
	end = (struct pollfd){ ends[0], POLLIN, 0 };
	IS(poll(&end, 1, 20), 0);
	signpost_tell(&go);
	IS(read(ends[0], bytes, 1), 0);
	child_good(child);
}

TEST(nobody_reads)
{
	pid_t child;

	DO(pipe(ends));
	DO(close(ends[0]));
	signal(SIGPIPE, note);
	ERROR(write(ends[1], "x", 1), EPIPE);
	IS(count, 1);
	signal(SIGPIPE, SIG_IGN);
	ERROR(write(ends[1], "x", 1), EPIPE);
	child = child_make();
	if (child == 0) {
		signal(SIGPIPE, SIG_DFL);
		write(ends[1], "x", 1);
		_exit(1);
	}
	IS(child_status(child), SIGPIPE);
}

TEST(capacity)
{
	DO(pipe(ends));
	no_waiting(1);
	IS(write(ends[1], bytes, sizeof(bytes)), FULL);
	ERROR(write(ends[1], bytes, 1), EAGAIN);
	IS(read(ends[0], bytes, PIPE_BUF), PIPE_BUF);
	IS(write(ends[1], bytes, sizeof(bytes)), PIPE_BUF);
	IS(fcntl(ends[0], F_GETPIPE_SZ), FULL);
}

/* Up to PIPE_BUF bytes go in one piece or not at all. */
TEST(small_writes_are_whole)
{
	DO(pipe(ends));
	no_waiting(1);
	IS(write(ends[1], bytes, FULL - 100), FULL - 100);
	ERROR(write(ends[1], bytes, PIPE_BUF), EAGAIN);
	IS(write(ends[1], bytes, 100), 100);
}

TEST(many_writers_do_not_mix)
{
	char letters[PIPE_BUF];
	size_t have = 0, at;
	ssize_t got;
	int writer, round;

	DO(pipe(ends));
	for (writer = 0; writer < 4; writer++)
		if (child_make() == 0) {
			memset(letters, 'a' + writer, 1000);
			for (round = 0; round < 50; round++)
				IS(write(ends[1], letters, 1000), 1000);
			_exit(0);
		}
	DO(close(ends[1]));
	for (round = 0; round < 200; round++) {
		for (have = 0; have < 1000; have += (size_t)got) {
			got = read(ends[0], letters + have, 1000 - have);
			CHECK(got > 0);
		}
		for (at = 1; at < 1000; at++)
			IS(letters[at], letters[0]);
	}
	IS(read(ends[0], letters, 1), 0);
}

TEST(large_write_waits_for_readers)
{
	size_t sum = 0;
	ssize_t got;
	pid_t child;

	DO(pipe(ends));
	child = child_make();
	if (child == 0) {
		memset(bytes, 'b', sizeof(bytes));
		IS(write(ends[1], bytes, sizeof(bytes)), sizeof(bytes));
		child_end();
	}
	DO(close(ends[1]));
	while ((got = read(ends[0], bytes, 5000)) > 0) {
		IS(bytes[0], 'b');
		sum += (size_t)got;
	}
	IS(sum, sizeof(bytes));
	child_good(child);
}

TEST(readiness)
{
	struct pollfd both[2];
	int there = -1;

	DO(pipe(ends));
	both[0] = (struct pollfd){ ends[0], POLLIN, 0 };
	both[1] = (struct pollfd){ ends[1], POLLOUT, 0 };
	IS(poll(both, 2, 0), 1);
	IS(both[1].revents, POLLOUT);
	IS(write(ends[1], bytes, FULL), FULL);
	IS(poll(both, 2, 0), 1);
	IS(both[0].revents, POLLIN);
	IS(both[1].revents, 0);
	DO(ioctl(ends[0], FIONREAD, &there));
	IS(there, FULL);
	IS(read(ends[0], bytes, FULL), FULL);
	DO(close(ends[1]));
	IS(poll(both, 1, 0), 1);
	IS(both[0].revents, POLLHUP);
	DO(pipe(ends));
	DO(close(ends[0]));
	both[1].fd = ends[1];
	IS(poll(both + 1, 1, 0), 1);
	IS(both[1].revents, POLLOUT | POLLERR);
}

TEST(named_pipe)
{
	char text[8] = "";
	int reader, writer;
	pid_t child;

	DO(mkfifo("p", 0600));
	ERROR(mkfifo("p", 0600), EEXIST);
	ERROR(open("p", O_WRONLY | O_NONBLOCK), ENXIO);
	reader = open("p", O_RDONLY | O_NONBLOCK);
	CHECK(reader >= 0);
	IS(read(reader, text, 1), 0); /* nobody writes */
	writer = open("p", O_WRONLY);
	CHECK(writer >= 0);
	ERROR(read(reader, text, 1), EAGAIN);
	IS(write(writer, "named", 5), 5);
	IS(read(reader, text, 8), 5);
	TEXT(text, "named");
	DO(close(reader));
	DO(close(writer));
	child = child_make();
	if (child == 0) { /* each open waits for the other */
		writer = open("p", O_WRONLY);
		IS(write(writer, "again", 5), 5);
		child_end();
	}
	reader = open("p", O_RDONLY);
	IS(read(reader, text, 8), 5);
	TEXT(text, "again");
	child_good(child);
	DO(unlink("p"));
}

TEST(both_ways_open)
{
	int file;

	DO(mkfifo("p", 0600));
	file = open("p", O_RDWR);
	CHECK(file >= 0);
	IS(write(file, "x", 1), 1);
	IS(read(file, bytes, 10), 1);
}

/* A pipe opened again by its descriptor's name: no waiting for a writer. */
TEST(opened_again)
{
	char name[32];
	int again;

	DO(pipe(ends));
	IS(write(ends[1], "left", 4), 4);
	sprintf(name, "/proc/self/fd/%d", ends[0]);
	DO(close(ends[1]));
	again = open(name, O_RDONLY);
	CHECK(again >= 0);
	IS(read(again, bytes, 10), 4);
	IS(read(again, bytes, 10), 0);
}

TEST(bad_buffers)
{
	DO(pipe(ends));
	ERROR(write(ends[1], bad, 1), EFAULT);
	IS(write(ends[1], "abc", 3), 3);
	ERROR(read(ends[0], bad, 1), EFAULT);
	IS(read(ends[0], bytes, 0), 0);
	IS(read(ends[0], bytes, 10), 3); /* nothing is lost */
}

/* A pipeline of processes, each adding one to a number. */
TEST(chain)
{
	int first[2], in, number = 0, at;

	DO(pipe(first));
	in = first[0];
	for (at = 0; at < 16; at++) {
		DO(pipe(ends));
		if (child_make() == 0) {
			IS(read(in, &number, 4), 4);
			number++;
			IS(write(ends[1], &number, 4), 4);
			_exit(0);
		}
		close(in);
		close(ends[1]);
		in = ends[0];
	}
	IS(write(first[1], &number, 4), 4);
	IS(read(in, &number, 4), 4);
	IS(number, 16);
}
