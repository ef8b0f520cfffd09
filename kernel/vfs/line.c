/*
 * What both sides of a terminal have in common: opening, closing, waiting,
 * notices from the domain, and most of ioctl.
 */
#include "kernel/vfs/lines.h"

#include "kernel/memory.h"
#include "kernel/space/user.h"
#include "kernel/vfs/lent.h"
#include "kernel/vfs/notice.h"

struct line lines[LINES];
struct import terminals;

static void line_ready(u32 number, u32 events)
{
	struct line *l = &lines[number % LINES];

	if (number >= LINES)
		return;
	scheduler_lock();
	l->news++;
	notifier_wake_locked(&l->sides[0], events);
	notifier_wake_locked(&l->sides[1], events);
	scheduler_unlock();
}

/* An operation that is repeated may tell of the same key again. */
static void line_signal(u32 number, u32 signal)
{
	struct line *l = &lines[number % LINES];
	u32 bit = 1u << signal % 32, told;

	if (number >= LINES)
		return;
	scheduler_lock();
	if (l->signals_operation != l->operation[SIDE_MASTER - 1])
		l->signals = 0;
	l->signals_operation = l->operation[SIDE_MASTER - 1];
	told = l->signals & bit;
	l->signals |= bit;
	scheduler_unlock();
	if (!told)
		terminal_signal(number, signal);
}

/* Whatever slept for the generation before asks the next one. */
static void lines_restarted(void)
{
	for (u32 i = 0; i < LINES; i++)
		line_ready(i, READY_IN | READY_OUT);
}

void lines_init(void)
{
	static const struct listener listener = {
		.import = &terminals,
		.ready = line_ready,
		.signal = line_signal,
		.restarted = lines_restarted,
	};

	static struct lock_class moving = { .name = "line" };

	for (u32 i = 0; i < LINES; i++)
		for (u32 side = 0; side < 2; side++) {
			notifier_init(&lines[i].sides[side]);
			mutex_init(&lines[i].moving[side], &moving);
		}
	notice_listen(&listener);
}

/* ---- reading and writing ---- */

struct move {
	u32 number, side, access, operation;
};

static i32 move_ask(const void *argument, void *bytes, u32 size)
{
	const struct move *m = argument;

	if (m->side == SIDE_SLAVE && m->access == ACCESS_WRITE)
		return down_terminal_read(&terminals, m->number, m->operation,
					  bytes, size);
	if (m->side == SIDE_SLAVE)
		return down_terminal_write(&terminals, m->number, m->operation,
					   bytes, size);
	if (m->access == ACCESS_WRITE)
		return down_terminal_output(&terminals, m->number,
					    m->operation, bytes, size);
	return down_terminal_input(&terminals, m->number, m->operation, bytes,
				   size);
}

static i32 move_errno(i32 answer)
{
	return answer == -E_AGAIN ? -EAGAIN :
	       answer == -E_TIME  ? -ETIMEDOUT :
				    -EIO;
}

i32 line_move(u32 number, u32 side, struct transfer *t, u32 access)
{
	struct line *l = &lines[number];
	struct move m = { number, side, access, 0 };
	struct lent lent = {
		.to = &terminals,
		.error = move_errno,
		.again = 1,
		.call = move_ask,
		.argument = &m,
	};
	i32 r;

	mutex_lock(&l->moving[side - 1]);
	/* odd numbers: never 0 */
	l->operation[side - 1] = (l->operation[side - 1] + 2) | 1;
	m.operation = l->operation[side - 1];
	r = lent_ask(&lent, t, access);
	mutex_unlock(&l->moving[side - 1]);
	return r;
}

i32 line_take(void)
{
	i32 found = -1;

	scheduler_lock();
	for (u32 i = TERMINAL_PTYS; i < LINES && found < 0; i++)
		if (!lines[i].users) {
			lines[i].users = 1;
			found = (i32)i;
		}
	scheduler_unlock();
	return found;
}

void line_let(u32 number)
{
	scheduler_lock();
	lines[number].users--;
	scheduler_unlock();
}

i32 line_wait(struct line *l, u32 side, u32 seen, u64 deadline)
{
	enum wait_result r = WAIT_WOKEN;

	scheduler_lock();
	while (l->news == seen && r == WAIT_WOKEN)
		r = wait_for_signal(&l->sides[side - 1].waiters, deadline);
	scheduler_unlock();
	return r == WAIT_TIMED_OUT ? -ETIME :
	       r == WAIT_WOKEN	   ? 0 :
				     -ERESTARTSYS;
}

i32 line_opened(u32 number, u32 side)
{
	struct line *l = &lines[number];
	u32 first;

	scheduler_lock();
	l->users++;
	first = !l->open[side - 1]++;
	scheduler_unlock();
	if (!first)
		return 0;
	return errno_of(answer_status(
		LINE_ASK(down_terminal_opened(&terminals, number, side))));
}

void line_closed(u32 number, u32 side)
{
	struct line *l = &lines[number];
	u32 last;

	scheduler_lock();
	last = !--l->open[side - 1];
	scheduler_unlock();
	if (last) {
		LINE_ASK(down_terminal_closed(&terminals, number, side));
		if (side == SIDE_MASTER)
			terminal_hang_up(number);
		line_ready(number, READY_IN | READY_OUT | READY_HANGUP);
	}
	line_let(number);
}

static i32 settings_get(u32 number, u32 user)
{
	struct terminal_settings now = { 0 };
	i32 r = LINE_ASK(down_terminal_get(&terminals, number, &now));

	return r < 0 ? -EIO : user_write(user, &now, sizeof(now));
}

/* `when`: as the gate has it. Waits until output has gone, if that is asked. */
static i32 settings_set(u32 number, u32 when, u32 user)
{
	struct terminal_settings wanted;
	i32 r = user_read(&wanted, user, sizeof(wanted));

	if (r < 0)
		return r;
	for (;;) {
		u32 seen = lines[number].news;

		r = LINE_ASK(down_terminal_set(&terminals, number, when,
					       &wanted));
		if (r != -E_AGAIN)
			return r < 0 ? -EIO : 0;
		r = line_wait(&lines[number], SIDE_SLAVE, seen, WAIT_FOREVER);
		if (r < 0)
			return r;
	}
}

/* To a program, output has gone when it is written. */
static i32 drain(u32 number)
{
	while (number < TERMINAL_PTYS) {
		u32 seen = lines[number].news;
		i32 r = LINE_ASK(
			down_terminal_queued(&terminals, number, 2));

		if (r <= 0)
			return r < 0 ? -EIO : 0;
		r = line_wait(&lines[number], SIDE_SLAVE, seen, WAIT_FOREVER);
		if (r < 0)
			return r;
	}
	return 0;
}

static i32 window_get(u32 number, u32 user)
{
	struct terminal_window now = { 0 };
	i32 r = LINE_ASK(down_terminal_window(&terminals, number, &now));

	return r < 0 ? -EIO : user_write(user, &now, sizeof(now));
}

static i32 window_set(u32 number, u32 user)
{
	struct terminal_window now, wanted;
	i32 r = user_read(&wanted, user, sizeof(wanted));

	if (r < 0)
		return r;
	if (LINE_ASK(down_terminal_window(&terminals, number, &now)) < 0 ||
	    LINE_ASK(down_terminal_resize(&terminals, number, &wanted)) < 0)
		return -EIO;
	if (memcmp(&now, &wanted, sizeof(now)))
		terminal_signal(number, SIGWINCH);
	return 0;
}

static i32 queued(u32 number, u32 which, u32 user)
{
	i32 n = LINE_ASK(down_terminal_queued(&terminals, number, which));

	return n < 0 ? -EIO : user_write32(user, (u32)n);
}

static i32 flush(u32 number, u32 which)
{
	if (which > 2)
		return -EINVAL;
	return errno_of(answer_status(
		LINE_ASK(down_terminal_flush(&terminals, number, which + 1))));
}

static i32 flow(u32 number, u32 action)
{
	if (action > 3)
		return -EINVAL;
	if (action > 1)
		return 0; /* nobody to send STOP and START to */
	return errno_of(answer_status(
		LINE_ASK(down_terminal_flow(&terminals, number, action))));
}

i32 line_control(u32 number, u32 request, u32 argument)
{
	switch (request) {
	case TCGETS:
		return settings_get(number, argument);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return settings_set(number, request - TCSETS, argument);
	case TCSBRK:
	case TCSBRKP:
		return drain(number);
	case TCXONC:
		return flow(number, argument);
	case TCFLSH:
		return flush(number, argument);
	case TIOCOUTQ:
		return queued(number, 2, argument);
	case TIOCGWINSZ:
		return window_get(number, argument);
	case TIOCSWINSZ:
		return window_set(number, argument);
	case TIOCEXCL:
	case TIOCNXCL:
		return 0;
	default:
		return -ENOTTY;
	}
}
