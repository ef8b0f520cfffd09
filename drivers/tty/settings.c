/* The `terminal` gate: settings, windows, flushing and flow. */
#include "terminals.h"

enum which { INPUT = 1, OUTPUT = 2 };

i32 terminal_get(u32 number, into struct terminal_settings *now)
{
	struct terminal *t = terminal_at(number);

	if (!t)
		return -E_NAME;
	give(now, &t->settings, sizeof(t->settings));
	return 0;
}

i32 terminal_set(u32 number, u32 when, from struct terminal_settings *wanted)
{
	struct terminal *t = terminal_at(number);
	u32 lines;

	if (!t)
		return -E_NAME;
	if (when && queue_used(&t->output) && t->open[1] && number < MACHINE)
		return -E_AGAIN;
	terminal_begin(t);
	lines = t->settings.local & ICANON;
	take(&t->settings, wanted, sizeof(t->settings));
	if (when == 2)
		discipline_flush_input(t);
	if ((t->settings.local & ICANON) != lines)
		discipline_changed(t);
	if (!(t->settings.input & IXON))
		t->stopped = 0;
	terminal_commit(t);
	notice_ready(number, READY_IN | READY_OUT);
	return 0;
}

i32 terminal_window(u32 number, into struct terminal_window *now)
{
	struct terminal *t = terminal_at(number);

	if (!t)
		return -E_NAME;
	give(now, &t->window, sizeof(t->window));
	return 0;
}

i32 terminal_resize(u32 number, from struct terminal_window *wanted)
{
	struct terminal *t = terminal_at(number);

	if (!t)
		return -E_NAME;
	terminal_begin(t);
	take(&t->window, wanted, sizeof(t->window));
	terminal_commit(t);
	return 0;
}

i32 terminal_flush(u32 number, u32 which)
{
	struct terminal *t = terminal_at(number);

	if (!t)
		return -E_NAME;
	terminal_begin(t);
	if (which & INPUT)
		discipline_flush_input(t);
	if (which & OUTPUT)
		discipline_flush_output(t);
	terminal_commit(t);
	notice_ready(number, READY_OUT);
	return 0;
}

i32 terminal_queued(u32 number, u32 which)
{
	struct terminal *t = terminal_at(number);

	if (!t)
		return -E_NAME;
	return (i32)(which == OUTPUT ? queue_used(&t->output) :
				       discipline_readable(t));
}

i32 terminal_flow(u32 number, u32 start)
{
	struct terminal *t = terminal_at(number);

	if (!t)
		return -E_NAME;
	terminal_begin(t);
	t->stopped = !start;
	terminal_commit(t);
	if (start)
		notice_ready(number, READY_IN | READY_OUT);
	return 0;
}
