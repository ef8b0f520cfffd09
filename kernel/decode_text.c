/*
 * The decoder's text writer. What does not fit is cut off; the text always
 * ends in a NUL.
 */
#include "kernel/decode_work.h"

static const char digits[] = "0123456789abcdef";

void text_char(struct work *w, char c)
{
	if (w->text_used + 1 >= DECODE_TEXT)
		return;
	w->out->text[w->text_used++] = c;
	w->out->text[w->text_used] = 0;
}

void text_put(struct work *w, const char *text)
{
	while (*text)
		text_char(w, *text++);
}

void text_number(struct work *w, u32 value)
{
	u32 shift = 28;

	if (value < 10) {
		text_char(w, digits[value]);
		return;
	}
	text_put(w, "0x");
	while (!(value >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		text_char(w, digits[(value >> shift) & 15]);
		if (shift == 0)
			return;
	}
}

void text_signed(struct work *w, u32 value)
{
	if (value >> 31) {
		text_char(w, '-');
		value = 0 - value;
	}
	text_number(w, value);
}

void text_byte(struct work *w, u32 value)
{
	text_char(w, digits[(value >> 4) & 15]);
	text_char(w, digits[value & 15]);
}
