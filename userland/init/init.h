/*
 * The first process. It mounts what programs expect, then either keeps a login
 * shell running on each terminal or runs one command and turns the machine
 * off. It runs on Bulkhead and, for comparison, on Linux.
 */
#ifndef USERLAND_INIT_H
#define USERLAND_INIT_H

#include <stddef.h>
#include <sys/types.h>

/* Mount the file systems, name the host, open descriptors 0 to 2. */
void boot(void);

/* One line of the system's log. At most 200 bytes, the rest is cut. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The value of the kernel's word `name=`, or NULL. It lives until the next
 * call. Needs boot().
 */
const char *word(const char *name);

/*
 * A child with no signal blocked or caught, in a session of its own: 0 in
 * the child, its number in the parent, or -1.
 */
pid_t child_start(void);

/* Give descriptors 0 to 2 their places and close the originals. */
void streams_set(int in, int out, int error);

/* The shell that this root has: bash, else what /bin/sh is. */
const char *shell(void);

/*
 * What the host asked for, from /run/exec: NULL if it asked for nothing.
 * To be called before boot(), which covers /run.
 */
char *command_take(void);

/* Run it to its end and say its exit status in the log. */
void command_run(const char *command);

/* Keep the sessions running; returns the RB_ constant that was asked for. */
unsigned sessions_keep(void);

/* End all processes, write everything out and reboot(2). Never returns. */
void power(unsigned how) __attribute__((noreturn));

#endif
