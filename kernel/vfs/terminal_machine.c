/*
 * The machine's own terminals: threads that are the master of one, connecting
 * COM1, or keyboard and screen, to it. Their domains may die under them.
 */
#include "kernel/answer.h"
#include "kernel/options.h"
#include "kernel/panic.h"
#include "kernel/space/space.h"
#include "kernel/tsc.h"
#include "kernel/vfs/lines.h"

#define CHUNK	  256u
#define SETTLE_MS 2000u

struct connection {
	u32 number; /* of the terminal */
	struct import in, out;
	const char *in_gate, *out_gate;
	u8 putting; /* there is output on its way */
	i32 (*get)(struct connection *c, char *text, u32 room);
	i32 (*put)(struct connection *c, const char *text, u32 size);
};

static i32 serial_get(struct connection *c, char *text, u32 room)
{
	return down_serial_read(&c->in, 0, text, room);
}

static i32 serial_put(struct connection *c, const char *text, u32 size)
{
	i32 n = down_serial_write(&c->out, text, size);

	return n ? n : down_serial_drain(&c->out);
}

static i32 keyboard_get(struct connection *c, char *text, u32 room)
{
	return down_keyboard_read(&c->in, 0, text, room);
}

static i32 screen_put(struct connection *c, const char *text, u32 size)
{
	return down_screen_write(&c->out, text, size);
}

/* All of it; a domain that is off for good loses it. */
static void put_all(struct connection *c, const char *text, u32 size)
{
	u32 done = 0;

	while (done < size) {
		i32 n = answer_count(c->put(c, text + done, size - done),
				     size - done);

		if (n >= 0)
			done += (u32)n;
		else if (n != -E_GONE || import_revive(&c->out) < 0)
			return;
	}
}

static void output_thread(void *argument)
{
	struct connection *c = argument;
	struct line *l = &lines[c->number];

	for (;;) {
		char text[CHUNK];
		struct transfer t;
		u32 seen = l->news;

		c->putting = 1;
		transfer_core(&t, text, CHUNK);
		i32 n = line_move(c->number, SIDE_MASTER, &t, ACCESS_WRITE);

		if (n > 0) {
			put_all(c, text, (u32)n);
			continue;
		}
		c->putting = 0;
		scheduler_lock();
		while (l->news == seen)
			wait_in(&l->sides[1].waiters, WAIT_FOREVER);
		scheduler_unlock();
	}
}

/* What the discipline has no room for is lost, as on any terminal. */
static void input_thread(void *argument)
{
	struct connection *c = argument;

	for (;;) {
		char text[CHUNK];
		struct transfer t;
		i32 n = answer_count(c->get(c, text, CHUNK), CHUNK);

		if (n > 0)
			transfer_core(&t, text, (u32)n);
		if (n > 0)
			line_move(c->number, SIDE_MASTER, &t, ACCESS_READ);
		else if (n == -E_GONE && import_revive(&c->in) == 0)
			continue;
		else if (n < 0 && n != -E_TIME)
			return; /* off: nobody types any more */
	}
}

static void connect(struct connection *c, const char *name)
{
	if (import_bind(&c->out, c->out_gate, 0) < 0)
		return;
	if (LINE_ASK(down_terminal_make(&terminals, c->number)) < 0 ||
	    line_opened(c->number, SIDE_MASTER) < 0)
		return;
	thread_start(name, RANK_NORMAL, output_thread, c);
	if (import_bind(&c->in, c->in_gate, 0) == 0)
		thread_start(name, RANK_NORMAL, input_thread, c);
}

static struct connection serial = {
	.number = TERMINAL_SERIAL,
	.in_gate = "serial",
	.out_gate = "serial",
	.get = serial_get,
	.put = serial_put,
};

static struct connection screen = {
	.number = TERMINAL_SCREEN,
	.in_gate = "keyboard",
	.out_gate = "screen",
	.get = keyboard_get,
	.put = screen_put,
};

static void resize(u32 number, u32 rows, u32 columns)
{
	struct terminal_window w = { .rows = (u16)rows,
				     .columns = (u16)columns };

	LINE_ASK(down_terminal_resize(&terminals, number, &w));
}

void terminal_start(void)
{
	lines_init();
	if (import_bind(&terminals, "terminal", 0) < 0)
		panic("programs need terminals: there is no domain `tty`");
	connect(&screen, "screen");
	resize(TERMINAL_SCREEN, 25, 80);
	if (options.com1_is_framed)
		return;
	connect(&serial, "serial line");
	resize(TERMINAL_SERIAL, options.rows ? options.rows : 24,
	       options.columns ? options.columns : 80);
}

/* Has all that was written to it gone to its device? */
static int settled(const struct connection *c)
{
	return !c->out.domain ||
	       (LINE_ASK(down_terminal_queued(&terminals, c->number, 2)) <= 0 &&
		!c->putting);
}

void terminal_settle(void)
{
	struct import line;

	for (u32 i = 0; i < SETTLE_MS; i++) {
		if (settled(&serial) && settled(&screen))
			break;
		thread_sleep(tsc_now() + 1000000);
	}
	if (import_bind(&line, "serial", 0) < 0)
		return;
	down_serial_drain(&line);
	import_unbind(&line);
}
