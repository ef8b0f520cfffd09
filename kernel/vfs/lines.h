/*
 * Terminals as their files share them: what the core remembers of each beside
 * the domain's own state. For kernel/vfs/terminal*.c alone.
 */
#ifndef KERNEL_VFS_LINES_H
#define KERNEL_VFS_LINES_H

#include "kernel/linux/errno.h"
#include "kernel/process/group.h"
#include "kernel/vfs/terminal.h"

#define LINES	    64u
#define SIDE_SLAVE  1u
#define SIDE_MASTER 2u

struct line {
	struct notifier sides[2]; /* slave, master */
	u32 news; /* notices so far; scheduler's lock */
	u32 open[2]; /* open files; scheduler's lock */
	u32 users; /* these, and who makes or closes it; the same */
	u32 locked; /* TIOCSPTLCK */
	struct mutex moving[2]; /* one line_move of a side at a time */
	u32 operation[2]; /* its number */
	u32 signals, signals_operation; /* raised by that one */
};

extern struct line lines[LINES];
extern struct import terminals; /* the `terminal` gate */

extern const struct file_kind terminal_kind, master_kind;

/*
 * Ask the terminal domain, again and again while it is being restarted.
 * `call` is an expression; its value is the gate's answer.
 */
#define LINE_ASK(call) \
	({ \
		i32 line_answer; \
		do \
			line_answer = (call); \
		while (line_answer == -E_GONE && \
		       import_revive(&terminals) == 0); \
		line_answer; \
	})

/*
 * Read or write (enum access: what is done to t's memory) at one side, with a
 * number of its own, so that it is not done twice: bytes, 0, or -errno, of
 * which -EAGAIN and -ETIMEDOUT (the end of a VTIME) are the line's.
 */
i32 line_move(u32 number, u32 side, struct transfer *t, u32 access);

/* A number that nobody has for a new pseudo-terminal, -1: there is none. It is
 * the caller's until line_let. */
i32 line_take(void);
void line_let(u32 number);

/* Sleep until something happens to the line after `seen`: 0 or -ERESTARTSYS.
 * `deadline` as for wait_in: -ETIME then. */
i32 line_wait(struct line *l, u32 side, u32 seen, u64 deadline);

/* A file of that side was opened, or its last reference went. */
i32 line_opened(u32 number, u32 side);
void line_closed(u32 number, u32 side);

/* What both sides answer: window, settings, queues. -ENOTTY: not one of them. */
i32 line_control(u32 number, u32 request, u32 argument);

/* /dev/ptmx: a new pseudo-terminal's master. 0 or -errno. */
i32 master_open(struct file *f);

/* TIOCGPTPEER: a descriptor of the slave, or -errno. */
i32 terminal_peer(u32 number, u32 flags);

void lines_init(void);

/* ioctl(2)'s requests (asm-generic/ioctls.h). */
enum terminal_request {
	TCGETS = 0x5401, TCSETS, TCSETSW, TCSETSF,
	TCSBRK = 0x5409, TCXONC, TCFLSH, TIOCEXCL, TIOCNXCL, TIOCSCTTY,
	TIOCGPGRP, TIOCSPGRP, TIOCOUTQ, TIOCSTI, TIOCGWINSZ, TIOCSWINSZ,
	TIOCMGET, FIONREAD = 0x541B, TIOCNOTTY = 0x5422, TCSBRKP = 0x5425,
	TIOCGSID = 0x5429, TIOCGPTN = 0x80045430, TIOCSPTLCK = 0x40045431,
	TIOCGPTLCK = 0x80045439, TIOCGPTPEER = 0x5441,
};

#endif
