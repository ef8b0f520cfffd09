/*
 * poll, select and their kin: what is ready, time-outs, masks, odd
 * descriptors, being woken from afar.
 */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>

static int ends[2];
static volatile int count;

static void note(int number)
{
	(void)number;
	count++;
}

TEST(nothing_ready)
{
	struct pollfd end;
	long long begin = clock_now();

	DO(pipe(ends));
	end = (struct pollfd){ ends[0], POLLIN, 77 };
	IS(poll(&end, 1, 50), 0);
	CHECK(clock_now() - begin >= 49);
	IS(end.revents, 0);
	IS(poll(&end, 1, 0), 0);
	IS(poll(NULL, 0, 10), 0);
}

TEST(odd_descriptors)
{
	struct pollfd three[3] = { { -5, POLLIN, 77 },
				   { 99, POLLIN, 0 },
				   { file_make("f", "", 0), POLLIN | POLLOUT,
				     0 } };

	IS(poll(three, 3, 1000), 2);
	IS(three[0].revents, 0);
	IS(three[1].revents, POLLNVAL);
	IS(three[2].revents, POLLIN | POLLOUT);
	ERROR(poll(bad, 1, 0), EFAULT);
	ERROR(poll(three, 0x7fffffff, 0), EINVAL);
}

TEST(woken_by_another)
{
	struct pollfd end;
	pid_t child, parent = getpid();

	DO(pipe(ends));
	child = child_make();
	if (child == 0) {
		process_state_wait(parent, 'S');
		IS(write(ends[1], "x", 1), 1);
		child_end();
	}
	end = (struct pollfd){ ends[0], POLLIN, 0 };
	IS(poll(&end, 1, -1), 1);
	IS(end.revents, POLLIN);
	child_good(child);
}

TEST(two_wait_for_one)
{
	struct pollfd end;
	pid_t children[2];
	int at;

	DO(pipe(ends));
	end = (struct pollfd){ ends[0], POLLIN, 0 };
	for (at = 0; at < 2; at++) {
		children[at] = child_make();
		if (children[at] == 0) {
			IS(poll(&end, 1, -1), 1);
			child_end();
		}
		process_state_wait(children[at], 'S');
	}
	IS(write(ends[1], "x", 1), 1);
	child_good(children[0]);
	child_good(children[1]);
}

TEST(many_descriptors)
{
	struct pollfd all[200];
	int pipes[100][2], at;

	for (at = 0; at < 100; at++) {
		DO(pipe(pipes[at]));
		all[at * 2] = (struct pollfd){ pipes[at][0], POLLIN, 0 };
		all[at * 2 + 1] = (struct pollfd){ pipes[at][1], 0, 0 };
	}
	IS(poll(all, 200, 0), 0);
	IS(write(pipes[77][1], "x", 1), 1);
	IS(poll(all, 200, -1), 1);
	IS(all[154].revents, POLLIN);
}

TEST(sets)
{
	fd_set reading, writing;
	struct timeval none = { 0, 0 };

	DO(pipe(ends));
	FD_ZERO(&reading);
	FD_ZERO(&writing);
	FD_SET(ends[0], &reading);
	FD_SET(ends[1], &writing);
	IS(select(ends[1] + 1, &reading, &writing, NULL, &none), 1);
	CHECK(!FD_ISSET(ends[0], &reading));
	CHECK(FD_ISSET(ends[1], &writing));
	FD_SET(ends[0], &reading);
	IS(write(ends[1], "x", 1), 1);
	IS(select(ends[1] + 1, &reading, &writing, NULL, NULL), 2);
	CHECK(FD_ISSET(ends[0], &reading));
	DO(close(ends[0]));
	ERROR(select(ends[1] + 1, &reading, NULL, NULL, &none), EBADF);
	ERROR(select(-1, NULL, NULL, NULL, &none), EINVAL);
	ERROR(select(100, bad, NULL, NULL, &none), EFAULT);
}

TEST(time_that_is_left)
{
	struct timeval time = { 0, 30000 };

	IS(select(0, NULL, NULL, NULL, &time), 0);
	IS(time.tv_sec, 0);
	IS(time.tv_usec, 0);
	DO(pipe(ends));
	IS(write(ends[1], "x", 1), 1);
	time.tv_sec = 50;
	{
		fd_set reading;

		FD_ZERO(&reading);
		FD_SET(ends[0], &reading);
		IS(select(ends[0] + 1, &reading, NULL, NULL, &time), 1);
	}
	CHECK(time.tv_sec == 49 || time.tv_sec == 50);
	time.tv_sec = -1;
	ERROR(select(0, NULL, NULL, NULL, &time), EINVAL);
}

/* A signal that was blocked till now is taken inside; the mask comes back. */
TEST(masks)
{
	struct timespec long_time = { 30, 0 }, none = { 0, 0 };
	struct pollfd end;
	sigset_t set, empty, now;

	signal(SIGUSR1, note);
	sigemptyset(&empty);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	DO(sigprocmask(SIG_BLOCK, &set, NULL));
	DO(raise(SIGUSR1));
	ERROR(pselect(0, NULL, NULL, NULL, &long_time, &empty), EINTR);
	IS(count, 1);
	DO(sigprocmask(SIG_SETMASK, NULL, &now));
	IS(sigismember(&now, SIGUSR1), 1);
	DO(raise(SIGUSR1));
	DO(pipe(ends));
	end = (struct pollfd){ ends[0], POLLIN, 0 };
	ERROR(ppoll(&end, 1, &long_time, &empty), EINTR);
	IS(count, 2);
	DO(raise(SIGUSR1));
	IS(ppoll(&end, 1, &none, NULL), 0);
	IS(count, 2);
	IS(write(ends[1], "x", 1), 1);
	IS(ppoll(&end, 1, &long_time, &set), 1);
	IS(count, 2);
}

TEST(sleeping)
{
	struct timespec time = { 0, 40000000 }, odd = { 0, 1000000000 };
	long long begin = clock_now();

	DO(nanosleep(&time, NULL));
	CHECK(clock_now() - begin >= 39);
	ERROR(nanosleep(&odd, NULL), EINVAL);
	odd.tv_sec = -1;
	odd.tv_nsec = 0;
	ERROR(nanosleep(&odd, NULL), EINVAL);
	IS(clock_nanosleep(77, 0, &time, NULL), EINVAL);
	begin = clock_now();
	DO(clock_gettime(CLOCK_MONOTONIC, &time));
	IS(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL), 0);
	time.tv_nsec += 30000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	IS(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL), 0);
	CHECK(clock_now() - begin >= 29);
}

/* By another process's write into a file, nothing ever changes: ready. */
TEST(files_and_devices_are_ready)
{
	struct pollfd four[4] = {
		{ open("/dev/null", O_RDWR), POLLIN | POLLOUT, 0 },
		{ open("/dev/zero", O_RDWR), POLLIN | POLLOUT, 0 },
		{ open("/dev/urandom", O_RDONLY), POLLIN, 0 },
		{ open(".", O_RDONLY), POLLIN, 0 },
	};

	IS(poll(four, 4, 0), 4);
	IS(four[0].revents, POLLIN | POLLOUT);
	IS(four[2].revents, POLLIN);
	IS(four[3].revents, POLLIN);
}
