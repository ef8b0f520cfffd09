/* What goes to the one before the terminal: output processing and echo. */
#include "terminals.h"

#define TAB 8u

static u32 room(const struct terminal *t)
{
	return QUEUE - queue_used(&t->output);
}

static void put(struct terminal *t, char c)
{
	t->output_bytes[t->output.in++ % RING] = c;
	if (c == '\r')
		t->column = t->start = 0;
	else if (c == '\b')
		t->column -= t->column > 0;
	else if ((u8)c >= ' ' && ((u8)c & 0xC0) != 0x80)
		t->column++;
}

static void put_newline(struct terminal *t, u32 modes)
{
	if (modes & ONLCR)
		put(t, '\r');
	else if (modes & ONLRET)
		t->column = t->start = 0;
	put(t, '\n');
}

static void put_tab(struct terminal *t, u32 modes)
{
	u32 spaces = TAB - t->column % TAB;

	if ((modes & TABS_EXPAND) != TABS_EXPAND) {
		put(t, '\t');
		t->column += spaces;
		return;
	}
	while (spaces--)
		put(t, ' ');
}

bool output_put(struct terminal *t, char c)
{
	u32 modes = t->settings.output;

	if (room(t) < TAB)
		return false;
	if (!(modes & OPOST))
		put(t, c);
	else if (c == '\n')
		put_newline(t, modes);
	else if (c == '\t')
		put_tab(t, modes);
	else if (c == '\r' && modes & OCRNL)
		put_newline(t, modes & ~(u32)ONLCR);
	else if (c != '\r' || !(modes & ONOCR) || t->column)
		put(t, c);
	return true;
}

static bool shown_as_control(const struct terminal *t, char c)
{
	return t->settings.local & ECHOCTL && ((u8)c < ' ' || c == 127) &&
	       c != '\n' && c != '\t';
}

void output_echo(struct terminal *t, char c)
{
	if (room(t) < 2 * TAB)
		return;
	if (shown_as_control(t, c)) {
		put(t, '^');
		put(t, (char)(c ^ 0x40));
	} else {
		output_put(t, c);
	}
}

void output_text(struct terminal *t, const char *text)
{
	while (*text)
		output_put(t, *text++);
}

static u32 columns_of(const struct terminal *t, char c)
{
	if (shown_as_control(t, c))
		return 2;
	if (t->settings.input & IUTF8 && ((u8)c & 0xC0) == 0x80)
		return 0;
	return (u8)c >= ' ' && c != 127;
}

/* How wide a tab behind the line being typed is. */
static u32 tab_columns(const struct terminal *t)
{
	u32 column = t->start;

	for (u32 at = t->line; at != t->input.in; at++) {
		char c = t->input_bytes[at % RING];

		column = c == '\t' ? 0 : column + columns_of(t, c);
	}
	return TAB - column % TAB;
}

void output_erase(struct terminal *t, char c)
{
	u32 columns = c == '\t' ? tab_columns(t) : columns_of(t, c);

	while (columns--)
		output_text(t, c == '\t' ? "\b" : "\b \b");
}
