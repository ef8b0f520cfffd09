/*
 * The line discipline: what typed characters do. In canonical mode input
 * waits, and can be edited, until its line ends; the ends are marked beside
 * the queue, because a program may read a line in pieces.
 */
#include "terminals.h"

enum signal { SIGINT = 2, SIGQUIT = 3, SIGTSTP = 20 };

static bool is(const struct terminal *t, enum character which, char c)
{
	return t->settings.characters[which] && (u8)c ==
	       t->settings.characters[which];
}

static void mark(u32 *bits, u32 at, bool set)
{
	u32 bit = 1u << at % 32;

	at %= RING;
	if (set)
		bits[at / 32] |= bit;
	else
		bits[at / 32] &= ~bit;
}

static void append(struct terminal *t, char c, bool end, bool eof)
{
	mark(t->ends, t->input.in, end);
	mark(t->eofs, t->input.in, eof);
	t->input_bytes[t->input.in++ % RING] = c;
	if (end || !(t->settings.local & ICANON))
		t->line = t->input.in;
}

void discipline_flush_input(struct terminal *t)
{
	t->input.out = t->input.in;
	t->line = t->input.in;
	t->literal = 0;
	t->last[SLAVE - 1].number = 0;
}

void discipline_flush_output(struct terminal *t)
{
	t->output.out = t->output.in;
	t->last[MASTER - 1].number = 0;
}

u32 discipline_readable(const struct terminal *t)
{
	return t->line - t->input.out;
}

bool discipline_enough(const struct terminal *t, u32 room)
{
	u32 least = t->settings.local & ICANON ? 1 :
						 t->settings.characters[MIN];

	return discipline_readable(t) >= min(max(least, 1u), room);
}

void discipline_changed(struct terminal *t)
{
	if (t->settings.local & ICANON) {
		if (t->input.in == t->input.out)
			t->line = t->input.in;
		else
			mark(t->ends, t->input.in - 1, true);
	}
	t->line = t->input.in;
}

/* The last character of the line being typed; with all its UTF-8 bytes. */
static void erase_one(struct terminal *t)
{
	char c;

	do {
		c = t->input_bytes[--t->input.in % RING];
	} while (t->settings.input & IUTF8 && ((u8)c & 0xC0) == 0x80 &&
		 t->input.in != t->line);
	if ((t->settings.local & (ECHO | ECHOE)) == (ECHO | ECHOE))
		output_erase(t, c);
}

static bool word_character(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_' || (u8)c >= 128;
}

static void erase_word(struct terminal *t)
{
	bool seen = false;

	while (t->input.in != t->line) {
		bool word = word_character(
			t->input_bytes[(t->input.in - 1) % RING]);

		if (seen && !word)
			break;
		seen |= word;
		erase_one(t);
	}
}

static void erase_line(struct terminal *t)
{
	u32 local = t->settings.local;

	if (local & ECHO && local & ECHOKE) {
		while (t->input.in != t->line)
			erase_one(t);
		return;
	}
	t->input.in = t->line;
	if (local & ECHO && local & ECHOK)
		output_text(t, "\n");
}

static void reprint(struct terminal *t, char key)
{
	if (!(t->settings.local & ECHO))
		return;
	output_echo(t, key);
	output_text(t, "\n");
	for (u32 at = t->line; at != t->input.in; at++)
		output_echo(t, t->input_bytes[at % RING]);
}

/* Editing keys of canonical mode. */
static bool edit(struct terminal *t, char c)
{
	bool empty = t->input.in == t->line;

	if (is(t, ERASE, c)) {
		if (!empty)
			erase_one(t);
	} else if (is(t, KILL, c)) {
		erase_line(t);
	} else if (t->settings.local & IEXTEN && is(t, WERASE, c)) {
		erase_word(t);
	} else if (t->settings.local & IEXTEN && is(t, REPRINT, c)) {
		reprint(t, c);
	} else {
		return false;
	}
	return true;
}

static bool end_line(struct terminal *t, char c)
{
	if (is(t, END_OF_FILE, c)) {
		append(t, 0, true, true);
		return true;
	}
	if (c != '\n' && !is(t, EOL, c) && !is(t, EOL2, c))
		return false;
	if (t->settings.local & (ECHO | ECHONL))
		output_echo(t, c);
	append(t, c, true, false);
	return true;
}

/* Keys that signal. */
static bool interrupt(struct terminal *t, char c)
{
	u32 signal = is(t, INTR, c) ? SIGINT :
		     is(t, QUIT, c) ? SIGQUIT :
		     is(t, SUSP, c) ? SIGTSTP :
				      0;

	if (!signal || !(t->settings.local & ISIG))
		return false;
	if (!(t->settings.local & NOFLSH)) {
		discipline_flush_input(t);
		discipline_flush_output(t);
	}
	t->stopped = 0;
	if (t->settings.local & ECHO)
		output_echo(t, c);
	t->signals |= 1u << signal;
	return true;
}

/* Keys that stop and start output. */
static bool control_flow(struct terminal *t, char c)
{
	if (!(t->settings.input & IXON))
		return false;
	if (is(t, STOP, c) && !(is(t, START, c) && t->stopped)) {
		t->stopped = 1;
		return true;
	}
	if (is(t, START, c)) {
		t->stopped = 0;
		return true;
	}
	if (t->stopped && t->settings.input & IXANY)
		t->stopped = 0;
	return false;
}

static void type_plain(struct terminal *t, char c)
{
	if (t->input.in == t->line)
		t->start = t->column;
	if (t->settings.local & ECHO)
		output_echo(t, c);
	append(t, c, false, false);
}

/* As the input modes have it; false: it is dropped. */
static bool translate(const struct terminal *t, char *c)
{
	u32 modes = t->settings.input;

	if (modes & ISTRIP)
		*c &= 127;
	if (modes & IUCLC && t->settings.local & IEXTEN && *c >= 'A' &&
	    *c <= 'Z')
		*c = (char)(*c - 'A' + 'a');
	if (*c == '\r') {
		if (modes & IGNCR)
			return false;
		if (modes & ICRNL)
			*c = '\n';
	} else if (*c == '\n' && modes & INLCR) {
		*c = '\r';
	}
	return true;
}

static void type(struct terminal *t, char c)
{
	bool canonical = t->settings.local & ICANON;

	if (t->literal) {
		t->literal = 0;
		type_plain(t, c);
		return;
	}
	if (!translate(t, &c) || control_flow(t, c) || interrupt(t, c))
		return;
	if (!canonical) {
		type_plain(t, c);
		return;
	}
	if (t->settings.local & IEXTEN && is(t, LNEXT, c)) {
		t->literal = 1;
		if (t->settings.local & ECHO)
			output_text(t, "^\b");
		return;
	}
	if (!edit(t, c) && !end_line(t, c))
		type_plain(t, c);
}

/*
 * A canonical line that fills the queue takes no more but its end, so that it
 * can be ended.
 */
bool discipline_type(struct terminal *t, char c)
{
	u32 used = queue_used(&t->input);

	if (used >= QUEUE - 1) {
		if (!(t->settings.local & ICANON) || t->line != t->input.out)
			return false;
		if (c != '\r' && c != '\n' && !is(t, ERASE, c) &&
		    !is(t, KILL, c) && !is(t, INTR, c)) {
			output_text(t, "\a");
			return true;
		}
		if (used >= QUEUE)
			return false;
	}
	type(t, c);
	return true;
}
