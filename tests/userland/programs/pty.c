/*
 * Pseudo-terminals: opening a pair, controlling terminals, foreground groups,
 * signals from keys, window size, hanging up.
 */
#include "check.h"
#include "terminal.h"

#include <poll.h>

static volatile int count;

static void note(int number)
{
	(void)number;
	count++;
}

TEST(open_a_pair)
{
	int number = -1, locked = 0;
	char name[64];
	int outer = open("/dev/ptmx", O_RDWR | O_NOCTTY), inner;

	CHECK(outer >= 0);
	IS(isatty(outer), 1);
	DO(ioctl(outer, TIOCGPTN, &number));
	CHECK(number >= 0);
	sprintf(name, "/dev/pts/%d", number);
	ERROR(open(name, O_RDWR | O_NOCTTY), EIO); /* locked */
	DO(ioctl(outer, TIOCSPTLCK, &locked));
	inner = open(name, O_RDWR | O_NOCTTY);
	CHECK(inner >= 0);
	IS(isatty(inner), 1);
	TEXT(ttyname(inner), name);
	DO(close(outer));
	ERROR(open(name, O_RDWR | O_NOCTTY), ENOENT);
}

TEST(peer_by_ioctl)
{
	struct pair pair = pair_make();
	int inner = ioctl(pair.outer, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	char byte;

	CHECK(inner >= 0);
	raw_set(inner);
	IS(write(inner, "x", 1), 1);
	IS(read(pair.outer, &byte, 1), 1);
	IS(byte, 'x');
}

TEST(many_pairs)
{
	struct pair pairs[20];
	char byte;
	int at;

	for (at = 0; at < 20; at++) {
		pairs[at] = pair_make();
		raw_set(pairs[at].inner);
	}
	for (at = 0; at < 20; at++)
		IS(write(pairs[at].outer, "abcdefghijklmnopqrst" + at, 1), 1);
	for (at = 19; at >= 0; at--) {
		IS(read(pairs[at].inner, &byte, 1), 1);
		IS(byte, 'a' + at);
	}
}

TEST(window_size)
{
	struct pair pair = pair_make();
	struct winsize size = { 1, 2, 3, 4 };

	DO(ioctl(pair.inner, TIOCGWINSZ, &size));
	IS(size.ws_row, 0);
	IS(size.ws_col, 0);
	size = (struct winsize){ 25, 80, 0, 0 };
	DO(ioctl(pair.outer, TIOCSWINSZ, &size));
	size.ws_row = 0;
	DO(ioctl(pair.inner, TIOCGWINSZ, &size));
	IS(size.ws_row, 25);
	IS(size.ws_col, 80);
}

/* A new size is told to the foreground group, the same one is not. */
TEST(window_size_signal)
{
	struct pair pair = pair_make();
	struct winsize size = { 30, 90, 0, 0 };
	struct signpost ready, told;
	pid_t child;

	signpost_make(&ready);
	signpost_make(&told);
	DO(ioctl(pair.outer, TIOCSWINSZ, &size));
	child = session_make(&pair);
	if (child == 0) {
		signal(SIGWINCH, note);
		signpost_tell(&ready);
		while (!count)
			clock_sleep(2);
		DO(ioctl(pair.inner, TIOCGWINSZ, &size));
		IS(size.ws_row, 31);
		IS(count, 1);
		child_end();
	}
	signpost_wait(&ready);
	size.ws_row = 31;
	DO(ioctl(pair.outer, TIOCSWINSZ, &size));
	DO(ioctl(pair.outer, TIOCSWINSZ, &size));
	child_good(child);
}

TEST(controlling_terminal)
{
	struct pair pair = pair_make();
	pid_t child, group;

	ERROR(ioctl(pair.inner, TIOCGPGRP, &group), ENOTTY);
	child = session_make(&pair);
	if (child == 0) {
		int own = open("/dev/tty", O_RDWR);
		pid_t session;

		CHECK(own >= 0);
		IS(tcgetpgrp(own), getpid());
		IS(tcgetsid(own), getpid());
		DO(ioctl(pair.inner, TIOCGSID, &session));
		IS(session, getpid());
		ERROR(tcsetpgrp(own, 1), EPERM);
		ERROR(tcsetpgrp(own, -1), EINVAL);
		signal(SIGHUP, note);
		DO(ioctl(own, TIOCNOTTY));
		IS(count, 1); /* the foreground group is told */
		ERROR(open("/dev/tty", O_RDWR), ENXIO);
		child_end();
	}
	child_good(child);
}

/* Opening a terminal without O_NOCTTY makes it a session leader's own. */
TEST(first_open_controls)
{
	struct pair pair = pair_make();
	char name[64];
	pid_t child;

	strcpy(name, ttyname(pair.inner));
	child = child_make();
	if (child == 0) {
		int inner;

		setsid();
		inner = open(name, O_RDWR);
		CHECK(inner >= 0);
		IS(tcgetpgrp(inner), getpid());
		IS(tcgetsid(inner), getpid());
		child_end();
	}
	child_good(child);
}

static void key_ends(const char *key, int number)
{
	struct pair pair = pair_make();
	struct signpost ready;
	pid_t child;

	signpost_make(&ready);
	child = session_make(&pair);
	if (child == 0) {
		pid_t job = child_make();

		if (job == 0) {
			setpgid(0, 0);
			signal(number, SIG_DFL); /* shells may ignore it */
			signal(SIGTTOU, SIG_IGN);
			tcsetpgrp(pair.inner, getpid());
			signal(SIGTTOU, SIG_DFL);
			signpost_tell(&ready);
			for (;;)
				pause();
		}
		IS(child_status(job) & 0x7f, number);
		child_end(); /* the session leader was not in the foreground */
	}
	signpost_wait(&ready);
	IS(write(pair.outer, key, 1), 1);
	child_good(child);
}

TEST(interrupt_key)
{
	key_ends("\003", SIGINT);
}

TEST(quit_key)
{
	key_ends("\034", SIGQUIT);
}

TEST(suspend_key)
{
	struct pair pair = pair_make();
	struct signpost ready;
	pid_t child;

	signpost_make(&ready);
	child = session_make(&pair);
	if (child == 0) {
		pid_t job = child_make();
		int status;

		if (job == 0) {
			setpgid(0, 0);
			signal(SIGTTOU, SIG_IGN);
			tcsetpgrp(pair.inner, getpid());
			signpost_tell(&ready);
			for (;;)
				pause();
		}
		IS(waitpid(job, &status, WUNTRACED), job);
		CHECK(WIFSTOPPED(status));
		IS(WSTOPSIG(status), SIGTSTP);
		kill(job, SIGKILL);
		child_status(job);
		child_end();
	}
	signpost_wait(&ready);
	IS(write(pair.outer, "\032", 1), 1);
	child_good(child);
}

/* Runs `act` in a background job; returns the signal that stopped it. */
static int background_stop(struct pair *pair, void (*act)(struct pair *))
{
	pid_t job = child_make();
	int status;

	if (job == 0) {
		setpgid(0, 0);
		act(pair);
		child_end();
	}
	IS(waitpid(job, &status, WUNTRACED), job);
	if (!WIFSTOPPED(status)) {
		IS(status, 77 << 8);
		return 0;
	}
	kill(job, SIGKILL);
	child_status(job);
	return WSTOPSIG(status);
}

static void byte_read(struct pair *pair)
{
	char byte;

	read(pair->inner, &byte, 1);
}

static void byte_write(struct pair *pair)
{
	IS(write(pair->inner, "x", 1), 1);
}

static void modes_set(struct pair *pair)
{
	struct termios modes;

	DO(tcgetattr(pair->inner, &modes)); /* looking is always allowed */
	DO(tcsetattr(pair->inner, TCSANOW, &modes));
}

static void group_set(struct pair *pair)
{
	DO(tcsetpgrp(pair->inner, getpgrp()));
}

static void read_ignoring(struct pair *pair)
{
	char byte;

	signal(SIGTTIN, SIG_IGN);
	ERROR(read(pair->inner, &byte, 1), EIO);
}

static void write_ignoring(struct pair *pair)
{
	signal(SIGTTOU, SIG_IGN);
	IS(write(pair->inner, "x", 1), 1);
	modes_set(pair);
}

TEST(background_jobs)
{
	struct pair pair = pair_make();
	pid_t child = session_make(&pair);
	struct termios modes;

	if (child == 0) {
		IS(background_stop(&pair, byte_read), SIGTTIN);
		IS(background_stop(&pair, byte_write), 0);
		IS(background_stop(&pair, modes_set), SIGTTOU);
		IS(background_stop(&pair, group_set), SIGTTOU);
		IS(background_stop(&pair, read_ignoring), 0);
		DO(tcgetattr(pair.inner, &modes));
		modes.c_lflag |= TOSTOP;
		DO(tcsetattr(pair.inner, TCSANOW, &modes));
		IS(background_stop(&pair, byte_write), SIGTTOU);
		IS(background_stop(&pair, write_ignoring), 0);
		child_end();
	}
	child_good(child);
}

TEST(hanging_up)
{
	struct pair pair = pair_make();
	struct signpost ready;
	pid_t child;

	signpost_make(&ready);
	child = session_make(&pair);
	if (child == 0) {
		struct pollfd inner = { pair.inner, POLLIN | POLLOUT, 0 };
		char byte;

		signal(SIGHUP, note);
		close(pair.outer);
		signpost_tell(&ready);
		while (!count)
			clock_sleep(2);
		IS(read(pair.inner, &byte, 1), 0);
		ERROR(write(pair.inner, "x", 1), EIO);
		IS(poll(&inner, 1, 0), 1);
		CHECK(inner.revents & POLLHUP);
		child_end();
	}
	signpost_wait(&ready);
	DO(close(pair.inner));
	DO(close(pair.outer));
	child_good(child);
}

/* The end of the session leader frees the terminal and tells the job. */
TEST(leader_ends)
{
	struct pair pair = pair_make();
	struct signpost told;
	pid_t child;
	char byte;

	signpost_make(&told);
	child = session_make(&pair);
	if (child == 0) {
		struct signpost ready;

		signpost_make(&ready);
		if (child_make() == 0) {
			signal(SIGHUP, note);
			signpost_tell(&ready);
			while (!count)
				clock_sleep(2);
			signpost_tell(&told);
			_exit(0);
		}
		signpost_wait(&ready);
		child_end();
	}
	child_good(child);
	signpost_wait(&told);
	ERROR(ioctl(pair.inner, TIOCGSID, &child), ENOTTY);
	DO(close(pair.inner));
	ERROR(read(pair.outer, &byte, 1), EIO); /* nobody has it open */
}
