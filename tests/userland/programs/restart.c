/*
 * What a signal does to a call that waits: EINTR, begun again, or gone on
 * with the time that is left.
 */
#include "check.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

static volatile int count;

static void note(int number)
{
	(void)number;
	count++;
}

static void handle(int number, int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = note;
	action.sa_flags = flags;
	DO(sigaction(number, &action, NULL));
}

/* A child that sends `number` as soon as we wait, then does one thing more. */
static pid_t sender_make(int number, void (*then)(int), int with)
{
	pid_t parent = getpid(), child;

	child = child_make();
	if (child == 0) {
		process_state_wait(parent, 'S');
		kill(parent, number);
		clock_sleep(30);
		if (then)
			then(with);
		child_end();
	}
	return child;
}

static void byte_write(int file)
{
	IS(write(file, "x", 1), 1);
}

TEST(read_is_interrupted)
{
	int ends[2];
	char byte;
	pid_t child;

	DO(pipe(ends));
	handle(SIGUSR1, 0);
	child = sender_make(SIGUSR1, NULL, 0);
	ERROR(read(ends[0], &byte, 1), EINTR);
	IS(count, 1);
	child_good(child);
}

TEST(read_begins_again)
{
	int ends[2];
	char byte;
	pid_t child;

	DO(pipe(ends));
	handle(SIGUSR1, SA_RESTART);
	child = sender_make(SIGUSR1, byte_write, ends[1]);
	IS(read(ends[0], &byte, 1), 1);
	IS(count, 1);
	child_good(child);
}

/* A signal without a handler does not show at all. */
TEST(ignored_signals_do_not_interrupt)
{
	int ends[2];
	char byte;
	pid_t child;

	DO(pipe(ends));
	signal(SIGWINCH, SIG_DFL);
	child = sender_make(SIGWINCH, byte_write, ends[1]);
	IS(read(ends[0], &byte, 1), 1);
	child_good(child);
}

TEST(write_returns_what_it_did)
{
	static char bytes[200000];
	int ends[2];
	pid_t child;
	ssize_t wrote;

	DO(pipe(ends));
	handle(SIGUSR1, SA_RESTART);
	child = sender_make(SIGUSR1, NULL, 0);
	wrote = write(ends[1], bytes, sizeof(bytes));
	IS(wrote, 65536);
	child_good(child);
}

TEST(wait_begins_again)
{
	pid_t parent = getpid(), worker;

	handle(SIGUSR1, SA_RESTART);
	worker = child_make();
	if (worker == 0) {
		process_state_wait(parent, 'S');
		kill(parent, SIGUSR1);
		clock_sleep(30);
		_exit(4);
	}
	{
		int status;

		IS(waitpid(worker, &status, 0), worker);
		IS(status, 4 << 8);
	}
	IS(count, 1);
}

TEST(sleep_tells_what_is_left)
{
	struct timespec time = { 5, 0 }, left = { 0, 0 };
	pid_t child;

	handle(SIGUSR1, SA_RESTART); /* makes no difference here */
	child = sender_make(SIGUSR1, NULL, 0);
	ERROR(nanosleep(&time, &left), EINTR);
	CHECK(left.tv_sec >= 3 && left.tv_sec < 5);
	child_good(child);
}

/* Calls that a handler always ends, whatever SA_RESTART says. */
TEST(never_begun_again)
{
	struct timeval time = { 5, 0 };
	struct pollfd none = { .fd = -1 };
	pid_t child;

	handle(SIGUSR1, SA_RESTART);
	child = sender_make(SIGUSR1, NULL, 0);
	ERROR(poll(&none, 1, 5000), EINTR);
	child_good(child);
	child = sender_make(SIGUSR1, NULL, 0);
	ERROR(select(0, NULL, NULL, NULL, &time), EINTR);
	child_good(child);
	child = sender_make(SIGUSR1, NULL, 0);
	ERROR(pause(), EINTR);
	child_good(child);
	IS(count, 3);
}

/* nanosleep, stopped and continued, sleeps as long as it was told in all:
 * restart_syscall. */
TEST(stopped_sleep_goes_on)
{
	struct timespec time = { 0, 400000000 };
	long long begin;
	pid_t child = child_make();

	if (child == 0) {
		begin = clock_now();
		IS(nanosleep(&time, NULL), 0);
		CHECK(clock_now() - begin >= 399);
		child_end();
	}
	process_state_wait(child, 'S');
	DO(kill(child, SIGSTOP));
	process_state_wait(child, 'T');
	DO(kill(child, SIGCONT));
	child_good(child);
}

TEST(stopped_longer_than_the_sleep)
{
	struct timespec time = { 0, 100000000 };
	pid_t child = child_make();

	if (child == 0) {
		IS(nanosleep(&time, NULL), 0);
		child_end();
	}
	process_state_wait(child, 'S');
	DO(kill(child, SIGSTOP));
	process_state_wait(child, 'T');
	clock_sleep(200);
	DO(kill(child, SIGCONT));
	child_good(child);
}

TEST(stopped_poll_goes_on)
{
	struct pollfd pipe_end;
	int ends[2];
	pid_t child;

	DO(pipe(ends));
	child = child_make();
	if (child == 0) {
		pipe_end = (struct pollfd){ .fd = ends[0], .events = POLLIN };
		IS(poll(&pipe_end, 1, 20000), 1);
		child_end();
	}
	process_state_wait(child, 'S');
	DO(kill(child, SIGSTOP));
	process_state_wait(child, 'T');
	DO(kill(child, SIGCONT));
	process_state_wait(child, 'S');
	byte_write(ends[1]);
	child_good(child);
}

TEST(stopped_futex_goes_on)
{
	static int word;
	struct timespec time = { 0, 200000000 };
	pid_t child = child_make();

	if (child == 0) {
		ERROR(syscall(SYS_futex, &word, FUTEX_WAIT, 0, &time, NULL, 0),
		      ETIMEDOUT);
		child_end();
	}
	process_state_wait(child, 'S');
	DO(kill(child, SIGSTOP));
	process_state_wait(child, 'T');
	DO(kill(child, SIGCONT));
	child_good(child);
}

TEST(absolute_sleep_goes_on)
{
	struct timespec end;
	pid_t child;

	DO(clock_gettime(CLOCK_MONOTONIC, &end));
	end.tv_sec++;
	handle(SIGUSR1, SA_RESTART);
	child = sender_make(SIGUSR1, NULL, 0);
	IS(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL), EINTR);
	IS(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL), 0);
	child_good(child);
}

TEST(socket_with_a_time_limit)
{
	struct timeval limit = { 0, 50000 };
	int ends[2];
	char byte;

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	DO(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	ERROR(recv(ends[0], &byte, 1, 0), EAGAIN);
}

TEST(lock_wait_is_interrupted)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int file = file_make("locked", "x", 1);
	struct signpost held;
	pid_t holder, child;

	signpost_make(&held);
	holder = child_make();
	if (holder == 0) {
		DO(fcntl(file, F_SETLKW, &lock));
		signpost_tell(&held);
		pause();
	}
	signpost_wait(&held);
	handle(SIGUSR1, 0);
	child = sender_make(SIGUSR1, NULL, 0);
	ERROR(fcntl(file, F_SETLKW, &lock), EINTR);
	child_good(child);
	kill(holder, SIGKILL);
	child_status(holder);
	DO(fcntl(file, F_SETLKW, &lock));
}
