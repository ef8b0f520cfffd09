/* Pseudo-terminals: the master side, as a file that a program has. */
#include "kernel/space/space.h"
#include "kernel/space/user.h"
#include "kernel/vfs/lines.h"

static i32 master_move(struct file *f, struct transfer *t, u32 access)
{
	while (t->left) {
		u32 seen = lines[f->number].news;
		i32 r = line_move(f->number, SIDE_MASTER, t, access);

		if (r != -EAGAIN)
			return r == -ETIMEDOUT ? -EIO : r;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		r = line_wait(&lines[f->number], SIDE_MASTER, seen,
			      WAIT_FOREVER);
		if (r < 0)
			return r;
	}
	return 0;
}

static i32 master_read(struct file *f, struct transfer *t, u64 *at)
{
	(void)at;
	return master_move(f, t, ACCESS_WRITE);
}

static i32 master_write(struct file *f, struct transfer *t, u64 *at)
{
	u32 done = t->done;
	i32 r = 0;

	(void)at;
	while (t->left && r >= 0)
		r = master_move(f, t, ACCESS_READ);
	return t->done > done ? (i32)(t->done - done) : r;
}

static i32 master_control(struct file *f, u32 request, u32 argument)
{
	u32 value;
	i32 r;

	switch (request) {
	case TIOCGPTN:
		return user_write32(argument, f->number - TERMINAL_PTYS);
	case TIOCSPTLCK:
		r = user_read32(&value, argument);
		if (r < 0)
			return r;
		lines[f->number].locked = value != 0;
		return 0;
	case TIOCGPTLCK:
		return user_write32(argument, lines[f->number].locked);
	case TIOCGPTPEER:
		return terminal_peer(f->number, argument);
	case FIONREAD:
		r = LINE_ASK(down_terminal_queued(&terminals, f->number, 2));
		return r < 0 ? -EIO : user_write32(argument, (u32)r);
	case TIOCGPGRP:
		r = terminal_foreground(f->number);
		return r < 0 ? r : user_write32(argument, (u32)r);
	default:
		return line_control(f->number, request, argument);
	}
}

static u32 master_ready(struct file *f)
{
	i32 r = LINE_ASK(
		down_terminal_ready(&terminals, f->number, SIDE_MASTER));

	return r < 0 ? READY_HANGUP : (u32)r & READY_SAID;
}

static struct notifier *master_notifier(struct file *f)
{
	return &lines[f->number].sides[1];
}

static void master_ended(struct file *f)
{
	line_closed(f->number, SIDE_MASTER);
}

const struct file_kind master_kind = {
	.name = "ptmx",
	.read = master_read,
	.write = master_write,
	.control = master_control,
	.ready = master_ready,
	.notifier = master_notifier,
	.ended = master_ended,
};

i32 master_open(struct file *f)
{
	i32 number = line_take(), r;

	if (number < 0)
		return -ENOSPC;
	r = LINE_ASK(down_terminal_make(&terminals, (u32)number));
	if (r >= 0) {
		f->kind = &master_kind;
		f->number = (u32)number;
		lines[number].locked = 1;
		r = line_opened(f->number, SIDE_MASTER);
	} else {
		r = r == -E_MEMORY ? -ENOSPC : -EIO;
	}
	line_let((u32)number);
	return r;
}

i32 terminal_next(u32 number)
{
	for (u32 i = number; i + TERMINAL_PTYS < LINES; i++)
		if (lines[i + TERMINAL_PTYS].open[1])
			return (i32)i;
	return -1;
}
