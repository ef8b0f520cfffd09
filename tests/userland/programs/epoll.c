/*
 * epoll: level and edge, once only, nesting, what closing does; and eventfd,
 * signalfd, timerfd through it.
 */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static int set, ends[2];
static struct epoll_event events[8];

static void start(void)
{
	set = epoll_create1(EPOLL_CLOEXEC);
	CHECK(set >= 0);
	IS(fcntl(set, F_GETFD), FD_CLOEXEC);
	DO(pipe2(ends, O_NONBLOCK));
}

static int control(int what, int file, uint32_t wanted, uint64_t data)
{
	struct epoll_event event = { .events = wanted, .data.u64 = data };

	return epoll_ctl(set, what, file, &event);
}

static int take(int milliseconds)
{
	memset(events, 0, sizeof(events));
	return epoll_wait(set, events, 8, milliseconds);
}

TEST(level)
{
	start();
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 0x1122334455667788));
	IS(take(0), 0);
	IS(write(ends[1], "ab", 2), 2);
	IS(take(-1), 1);
	IS(events[0].events, EPOLLIN);
	IS(events[0].data.u64, 0x1122334455667788);
	IS(take(0), 1); /* still */
	IS(read(ends[0], events, 8), 2);
	IS(take(0), 0);
	DO(close(ends[1]));
	IS(take(0), 1);
	IS(events[0].events, EPOLLHUP);
}

TEST(edge)
{
	start();
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET, 1));
	IS(write(ends[1], "a", 1), 1);
	IS(take(0), 1);
	IS(take(0), 0);
	IS(write(ends[1], "b", 1), 1);
	IS(take(0), 1);
	IS(take(0), 0);
	/* Changing it looks again. */
	DO(control(EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLET, 2));
	IS(take(0), 1);
	IS(events[0].data.u64, 2);
}

TEST(edge_from_the_beginning)
{
	start();
	IS(write(ends[1], "a", 1), 1);
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET, 1));
	IS(take(0), 1);
	IS(take(0), 0);
}

TEST(once)
{
	start();
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLONESHOT, 1));
	IS(write(ends[1], "a", 1), 1);
	IS(take(0), 1);
	IS(take(0), 0);
	IS(write(ends[1], "b", 1), 1);
	IS(take(0), 0);
	DO(control(EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT, 2));
	IS(take(0), 1);
	IS(take(0), 0);
}

TEST(refusals)
{
	start();
	ERROR(control(EPOLL_CTL_MOD, ends[0], EPOLLIN, 0), ENOENT);
	ERROR(control(EPOLL_CTL_DEL, ends[0], 0, 0), ENOENT);
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 0));
	ERROR(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 0), EEXIST);
	ERROR(control(EPOLL_CTL_ADD, 99, EPOLLIN, 0), EBADF);
	ERROR(control(EPOLL_CTL_ADD, set, EPOLLIN, 0), EINVAL);
	ERROR(control(EPOLL_CTL_ADD, file_make("f", "", 0), EPOLLIN, 0), EPERM);
	ERROR(control(9, ends[0], EPOLLIN, 0), EINVAL);
	ERROR(epoll_ctl(ends[0], EPOLL_CTL_ADD, ends[1], events), EINVAL);
	ERROR(epoll_ctl(set, EPOLL_CTL_ADD, ends[1], bad), EFAULT);
	ERROR(epoll_wait(set, events, 0, 0), EINVAL);
	ERROR(epoll_wait(set, events, -1, 0), EINVAL);
	ERROR(epoll_wait(ends[0], events, 1, 0), EINVAL);
	ERROR(epoll_create1(77), EINVAL);
	ERROR(epoll_create(0), EINVAL);
	CHECK(epoll_create(1) >= 0);
}

TEST(copies_are_watched_apart)
{
	int copy;

	start();
	copy = dup(ends[0]);
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 1));
	DO(control(EPOLL_CTL_ADD, copy, EPOLLIN, 2));
	IS(write(ends[1], "a", 1), 1);
	IS(take(0), 2);
	DO(control(EPOLL_CTL_DEL, ends[0], 0, 0));
	IS(take(0), 1);
	IS(events[0].data.u64, 2);
}

TEST(closing_takes_out)
{
	int copy;

	start();
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 1));
	IS(write(ends[1], "a", 1), 1);
	copy = dup(ends[0]);
	DO(close(ends[0]));
	IS(take(0), 1); /* the open file lives by its copy */
	DO(close(copy));
	IS(take(0), 0);
}

TEST(most_events_at_once)
{
	int at, first, pair[2];

	start();
	for (at = 0; at < 6; at++) {
		DO(pipe(pair));
		IS(write(pair[1], "x", 1), 1);
		DO(control(EPOLL_CTL_ADD, pair[0], EPOLLIN, (uint64_t)at));
	}
	IS(epoll_wait(set, events, 2, 0), 2);
	first = (int)events[0].data.u64;
	IS(epoll_wait(set, events, 2, 0), 2);
	CHECK((int)events[0].data.u64 != first); /* in turn */
	IS(take(0), 6);
}

TEST(nested)
{
	struct pollfd outer;
	int second;

	start();
	second = set;
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 1));
	set = epoll_create1(0);
	DO(control(EPOLL_CTL_ADD, second, EPOLLIN, 2));
	outer = (struct pollfd){ set, POLLIN, 0 };
	IS(poll(&outer, 1, 0), 0);
	IS(write(ends[1], "x", 1), 1);
	IS(poll(&outer, 1, 1000), 1);
	IS(take(0), 1);
	IS(events[0].data.u64, 2);
	{
		struct epoll_event event = { .events = EPOLLIN };

		ERROR(epoll_ctl(second, EPOLL_CTL_ADD, set, &event), ELOOP);
	}
}

TEST(woken_by_another)
{
	pid_t child, parent = getpid();

	start();
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 5));
	child = child_make();
	if (child == 0) {
		process_state_wait(parent, 'S');
		IS(write(ends[1], "x", 1), 1);
		child_end();
	}
	IS(take(-1), 1);
	IS(events[0].data.u64, 5);
	child_good(child);
}

TEST(times_out)
{
	long long begin = clock_now();

	start();
	DO(control(EPOLL_CTL_ADD, ends[0], EPOLLIN, 5));
	IS(take(40), 0);
	CHECK(clock_now() - begin >= 39);
}

TEST(counter)
{
	int file = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
	struct pollfd ready = { file, POLLIN | POLLOUT, 0 };
	uint64_t value = 4;

	CHECK(file >= 0);
	IS(write(file, &value, 8), 8);
	IS(poll(&ready, 1, 0), 1);
	IS(ready.revents, POLLIN | POLLOUT);
	IS(read(file, &value, 8), 8);
	IS(value, 7);
	ERROR(read(file, &value, 8), EAGAIN);
	ERROR(read(file, &value, 4), EINVAL);
	value = ~0ull;
	ERROR(write(file, &value, 8), EINVAL);
	value--;
	IS(write(file, &value, 8), 8);
	value = 1;
	ERROR(write(file, &value, 8), EAGAIN);
	IS(poll(&ready, 1, 0), 1);
	IS(ready.revents, POLLIN);
}

TEST(counter_as_semaphore)
{
	int file = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	uint64_t value;

	IS(read(file, &value, 8), 8);
	IS(value, 1);
	IS(read(file, &value, 8), 8);
	ERROR(read(file, &value, 8), EAGAIN);
}

TEST(signals_as_a_file)
{
	struct signalfd_siginfo info;
	struct pollfd ready;
	sigset_t wanted;
	int file;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGUSR1);
	DO(sigprocmask(SIG_BLOCK, &wanted, NULL));
	file = signalfd(-1, &wanted, SFD_NONBLOCK);
	if (file == -1 && errno == ENOSYS)
		test_skip("signalfd");
	ERROR(read(file, &info, sizeof(info)), EAGAIN);
	ready = (struct pollfd){ file, POLLIN, 0 };
	IS(poll(&ready, 1, 0), 0);
	DO(raise(SIGUSR1));
	IS(poll(&ready, 1, 0), 1);
	IS(read(file, &info, sizeof(info)), sizeof(info));
	IS(info.ssi_signo, SIGUSR1);
	IS(info.ssi_pid, getpid());
	ERROR(read(file, &info, sizeof(info)), EAGAIN);
}

TEST(timer_as_a_file)
{
	struct itimerspec time = { { 0, 10000000 }, { 0, 10000000 } };
	int file = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t passed;

	if (file == -1 && errno == ENOSYS)
		test_skip("timerfd");
	DO(timerfd_settime(file, 0, &time, NULL));
	IS(read(file, &passed, 8), 8);
	CHECK(passed >= 1);
	clock_sleep(50);
	IS(read(file, &passed, 8), 8);
	CHECK(passed >= 3);
	time = (struct itimerspec){ { 0, 0 }, { 0, 0 } };
	DO(timerfd_settime(file, 0, &time, NULL));
	DO(fcntl(file, F_SETFL, O_NONBLOCK));
	ERROR(read(file, &passed, 8), EAGAIN);
}
