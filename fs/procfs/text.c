/* Text, and the window of it that is kept. */
#include "text.h"

char text_line[256];

static struct {
	u32 start; /* of the window, in the text */
	u32 at; /* where the text is written now */
	u32 used; /* bytes in the window */
	u32 item, item_at; /* the last one that began in it, and where */
	char bytes[TEXT_ROOM];
} made;

void text_begin(u32 at, bool same)
{
	if (!same || at < made.item_at)
		made.item = made.item_at = 0;
	made.start = at;
	made.at = 0;
	made.used = 0;
}

u32 text_item_first(void)
{
	made.at = made.item_at;
	return made.item;
}

void text_item(u32 number)
{
	made.item = number;
	made.item_at = made.at;
}

const char *text_kept(u32 *size)
{
	*size = made.used;
	return made.bytes;
}

bool text_full(void)
{
	return made.used == TEXT_ROOM;
}

void put_bytes(const char *bytes, u32 size)
{
	u32 skip = 0, n;

	if (made.at < made.start)
		skip = min(size, made.start - made.at);
	n = min(size - skip, TEXT_ROOM - made.used);
	memcpy(made.bytes + made.used, bytes + skip, n);
	made.used += n;
	made.at += size;
}

void put(const char *text)
{
	put_bytes(text, (u32)strlen(text));
}

void put_left(const char *text, u32 width)
{
	u32 begin = made.at;

	put(text);
	put_spaces(begin, width);
}

void put_octal(u32 value)
{
	char digits[12];
	u32 n = sizeof digits;

	do {
		digits[--n] = (char)('0' + value % 8);
		value /= 8;
	} while (value);
	put_bytes(digits + n, sizeof digits - n);
}

void put_wide(u32 low, u32 high)
{
	char digits[20];
	u32 n = sizeof digits;

	do {
		u32 rest = high % 10;

		high /= 10;
		for (u32 bit = 32; bit--;) {
			u32 ten;

			rest = rest * 2 + (low >> bit & 1);
			ten = rest >= 10;
			rest -= ten * 10;
			low = (low & ~(1u << bit)) | ten << bit;
		}
		digits[--n] = (char)('0' + rest);
	} while (low || high);
	put_bytes(digits + n, sizeof digits - n);
}

static bool is_in(char c, const char *set)
{
	while (*set && *set != c)
		set++;
	return *set;
}

void put_escaped(const char *text, const char *special)
{
	for (; *text; text++) {
		u32 c = (u8)*text;
		char octal[4] = { '\\', (char)('0' + (c >> 6)),
				  (char)('0' + (c >> 3 & 7)),
				  (char)('0' + (c & 7)) };

		if (is_in(*text, special))
			put_bytes(octal, sizeof octal);
		else
			put_bytes(text, 1);
	}
}

u32 text_position(void)
{
	return made.at;
}

void put_spaces(u32 begin, u32 column)
{
	while (made.at - begin < column)
		put_bytes(" ", 1);
}

void put_pages(const char *label, u32 pages)
{
	put_left(label, 16);
	print("%8u kB\n", pages * 4);
}
