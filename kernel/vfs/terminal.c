/* The slave side: a program's terminal, with job control. */
#include "kernel/vfs/terminal.h"

#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/space/space.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/vfs/lines.h"

#define TENTH	   100000000ull /* VTIME's unit, ns */
#define LOCAL_STOP 0400u /* TOSTOP */
#define MINOR_OF(device) ((device)&0xFF)

/* A read that waits for more than there is: VTIME. */
struct patience {
	u32 had; /* bytes there when the time began */
	u64 deadline;
};

/*
 * The line has less than VMIN bytes and VTIME counts: from the beginning if
 * VMIN is 0, else from byte to byte.
 */
static i32 patience_renew(u32 number, struct patience *p)
{
	struct terminal_settings now;
	i32 n = LINE_ASK(down_terminal_queued(&terminals, number, 1));

	if (n < 0 || LINE_ASK(down_terminal_get(&terminals, number, &now)) < 0)
		return -EIO;
	if (p->deadline == WAIT_FOREVER || (u32)n != p->had)
		p->deadline = tsc_now() + now.characters[5] * TENTH;
	p->had = (u32)n;
	return 0;
}

/* What is there, though it is less than VMIN; `none` if nothing is. */
static i32 rest_read(u32 number, struct transfer *t, i32 none)
{
	i32 n = LINE_ASK(down_terminal_queued(&terminals, number, 1)), r;
	u32 left = t->left;

	if (n <= 0)
		return n < 0 ? -EIO : none;
	t->left = min(left, (u32)n);
	left -= t->left;
	r = line_move(number, SIDE_SLAVE, t, ACCESS_WRITE);
	t->left += left;
	return r == -EAGAIN || r == -ETIMEDOUT ? none : r;
}

static i32 slave_read(struct file *f, struct transfer *t, u64 *at)
{
	struct line *l = &lines[f->number];
	struct patience p = { 0, WAIT_FOREVER };
	i32 r;

	(void)at;
	if (!t->left)
		return 0;
	for (;;) {
		u32 seen = l->news;

		r = terminal_access(f->number, SIGTTIN);
		if (r < 0)
			return r;
		r = line_move(f->number, SIDE_SLAVE, t, ACCESS_WRITE);
		if (r != -EAGAIN && r != -ETIMEDOUT)
			return r;
		if (r == -ETIMEDOUT && patience_renew(f->number, &p) < 0)
			return -EIO;
		if (f->flags & O_NONBLOCK || p.deadline <= tsc_now())
			return rest_read(f->number, t,
					 p.deadline <= tsc_now() ? 0 : -EAGAIN);
		r = line_wait(l, SIDE_SLAVE, seen, p.deadline);
		if (r < 0)
			return r == -ETIME ? rest_read(f->number, t, 0) : r;
	}
}

/* TOSTOP: output of background groups stops them. */
static i32 write_access(u32 number)
{
	struct terminal_settings now;

	if (session_terminal() != (i32)number ||
	    terminal_foreground(number) == (i32)group_current())
		return 0;
	if (LINE_ASK(down_terminal_get(&terminals, number, &now)) < 0 ||
	    !(now.local & LOCAL_STOP))
		return 0;
	return terminal_access(number, SIGTTOU);
}

static i32 slave_write(struct file *f, struct transfer *t, u64 *at)
{
	struct line *l = &lines[f->number];
	i32 r = write_access(f->number);
	u32 done = t->done;

	(void)at;
	while (r >= 0 && t->left) {
		u32 seen = l->news;

		r = line_move(f->number, SIDE_SLAVE, t, ACCESS_READ);
		if (r == -EAGAIN && !(f->flags & O_NONBLOCK))
			r = line_wait(l, SIDE_SLAVE, seen, WAIT_FOREVER);
	}
	if (t->done > done)
		return (i32)(t->done - done);
	return r < 0 ? r : 0;
}

static i32 group_get(u32 number, u32 user)
{
	i32 group = terminal_foreground(number);

	return group < 0 ? group : user_write32(user, (u32)group);
}

static i32 group_set(u32 number, u32 user)
{
	u32 group;
	i32 r = user_read32(&group, user);

	if (r >= 0)
		r = terminal_access(number, SIGTTOU);
	if (r >= 0 && (i32)group < 0)
		return -EINVAL;
	return r < 0 ? r : terminal_foreground_set(number, group);
}

static i32 slave_control(struct file *f, u32 request, u32 argument)
{
	i32 r;

	switch (request) {
	case TIOCSCTTY:
		return session_terminal_take(f->number, (int)argument);
	case TIOCNOTTY:
		return session_terminal_drop();
	case TIOCGPGRP:
		return group_get(f->number, argument);
	case TIOCSPGRP:
		return group_set(f->number, argument);
	case TIOCGSID:
		r = terminal_session(f->number);
		return r < 0 ? r : user_write32(argument, (u32)r);
	case FIONREAD:
		r = LINE_ASK(down_terminal_queued(&terminals, f->number, 1));
		return r < 0 ? -EIO : user_write32(argument, (u32)r);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
	case TCSBRK:
	case TCFLSH:
	case TCXONC:
		r = terminal_access(f->number, SIGTTOU);
		if (r < 0)
			return r;
		break;
	default:
		break;
	}
	return line_control(f->number, request, argument);
}

static u32 slave_ready(struct file *f)
{
	i32 r = LINE_ASK(
		down_terminal_ready(&terminals, f->number, SIDE_SLAVE));

	return r < 0 ? READY_HANGUP : (u32)r & READY_SAID;
}

static struct notifier *slave_notifier(struct file *f)
{
	return &lines[f->number].sides[0];
}

static void slave_ended(struct file *f)
{
	line_closed(f->number, SIDE_SLAVE);
}

const struct file_kind terminal_kind = {
	.name = "terminal",
	.read = slave_read,
	.write = slave_write,
	.control = slave_control,
	.ready = slave_ready,
	.notifier = slave_notifier,
	.ended = slave_ended,
};

static u32 console_number(void)
{
	return lines[TERMINAL_SERIAL].open[1] ? TERMINAL_SERIAL :
						TERMINAL_SCREEN;
}

/* Which terminal a device node means to the current process; or -errno. */
static i32 number_of(u32 device)
{
	u32 minor = MINOR_OF(device);

	switch (device >> 8) {
	case 4:
		return minor == 64 ? (i32)TERMINAL_SERIAL :
		       minor < 2   ? (i32)TERMINAL_SCREEN :
				     -ENXIO;
	case 5:
		return minor == 0 ? session_terminal() :
		       minor == 1 ? (i32)console_number() :
				    -ENXIO;
	default:
		if (minor + TERMINAL_PTYS >= LINES ||
		    !lines[minor + TERMINAL_PTYS].open[1])
			return -EIO;
		if (lines[minor + TERMINAL_PTYS].locked)
			return -EIO;
		return (i32)(minor + TERMINAL_PTYS);
	}
}

i32 terminal_open(struct file *f)
{
	u32 device = f->inode->device;
	i32 number;

	if (device == (5 << 8 | 2))
		return master_open(f);
	number = number_of(device);
	if (number < 0)
		return number;
	if (!lines[number].open[1])
		return -ENXIO; /* the machine has no such line */
	f->kind = &terminal_kind;
	f->number = (u32)number;
	number = line_opened(f->number, SIDE_SLAVE);
	if (number < 0)
		return number;
	if (!(f->flags & O_NOCTTY) && device >> 8 != 5)
		session_terminal_take(f->number, 0); /* if it may */
	return 0;
}

i32 terminal_peer(u32 number, u32 flags)
{
	char path[24];
	struct walked w;
	struct file *f;
	i32 r;

	print_to(path, sizeof(path), "/dev/pts/%u", number - TERMINAL_PTYS);
	r = walk_core(path, 0, &w);
	if (r < 0)
		return r;
	r = file_open(&w.place, flags, &f);
	walked_drop(&w);
	return r < 0 ? r : files_install(f, flags);
}
