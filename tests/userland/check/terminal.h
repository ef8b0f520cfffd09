/*
 * Pairs of a pseudo-terminal for the tests of terminals, and sessions whose
 * controlling terminal is one.
 */
#ifndef USERLAND_TERMINAL_H
#define USERLAND_TERMINAL_H

#include "check.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

struct pair {
	int outer; /* the master: what a person types and sees */
	int inner; /* the slave: what programs have open */
};

static inline struct pair pair_make(void)
{
	struct pair pair;
	int number, locked = 0;
	char name[32];

	pair.outer = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	CHECK(pair.outer >= 0);
	DO(ioctl(pair.outer, TIOCGPTN, &number));
	DO(ioctl(pair.outer, TIOCSPTLCK, &locked));
	sprintf(name, "/dev/pts/%d", number);
	pair.inner = open(name, O_RDWR | O_NOCTTY);
	CHECK(pair.inner >= 0);
	return pair;
}

/* No line editing, no echo, no translation. */
static inline void raw_set(int file)
{
	struct termios modes;

	DO(tcgetattr(file, &modes));
	cfmakeraw(&modes);
	DO(tcsetattr(file, TCSANOW, &modes));
}

/* A child that leads a session on the pair's inner side. */
static inline pid_t session_make(struct pair *pair)
{
	pid_t child = child_make();

	if (child == 0) {
		IS(setsid(), getpid());
		DO(ioctl(pair->inner, TIOCSCTTY, 0));
	}
	return child;
}

#endif
