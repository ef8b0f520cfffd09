/*
 * Names that records have themselves, and their times.
 */
#include "record.h"

#define DAY	   86400
#define CIVIL_ZERO 719468u /* days from March of year 0 to 1970 */

static const u8 *name_bytes(const struct record *r)
{
	return (const u8 *)(r + 1);
}

/* "NAME.EXT;1" as "name.ext"; "NAME.;1" as "name". */
static void plain_read(const u8 *bytes, u32 size, struct entry *e)
{
	u32 n = 0;

	while (n < size && bytes[n] != ';') {
		u32 byte = bytes[n];

		if (!byte || byte == '/')
			return;
		if (byte - 'A' < 26)
			byte += 32;
		e->name[n++] = (char)byte;
	}
	while (n && e->name[n - 1] == '.')
		n--;
	e->name_size = n;
}

static u32 character_put(char *to, u32 value)
{
	u32 n = value < 0x80 ? 1 : value < 0x800 ? 2 : value >> 16 ? 4 : 3;

	for (u32 i = n - 1; i; i--, value >>= 6)
		to[i] = (char)(0x80 | (value & 0x3F));
	to[0] = (char)(n == 1 ? value : (0xF00 >> n & 0xFF) | value);
	return n;
}

static u32 unit_at(const u8 *bytes, u32 n)
{
	return (u32)bytes[2 * n] << 8 | bytes[2 * n + 1];
}

/* At most 110 units are in a record: three bytes of each fit. */
_Static_assert((255 - sizeof(struct record)) / 2 * 3 < 400, "bytes of a name");

static void wide_read(const u8 *bytes, u32 size, struct entry *e)
{
	u32 units = size / 2, done = 0;

	for (u32 n = 0; n < units; n++) {
		u32 value = unit_at(bytes, n);
		u32 next = n + 1 < units ? unit_at(bytes, n + 1) : 0;
		char character[4];
		u32 more;

		if (value == ';')
			break;
		if (value >> 10 == 0xD800 >> 10 && next >> 10 == 0xDC00 >> 10) {
			value = 0x10000 +
				((value & 0x3FF) << 10 | (next & 0x3FF));
			n++;
		}
		more = character_put(character, value);
		if (!value || value == '/' || value >> 11 == 0xD800 >> 11 ||
		    more > NAME_MOST - done)
			return;
		memcpy(e->name + done, character, more);
		done += more;
	}
	e->name_size = done;
}

void name_read(const struct record *r, struct entry *e)
{
	e->name_size = 0;
	if (fs.naming == NAMING_WIDE)
		wide_read(name_bytes(r), r->name_size, e);
	else
		plain_read(name_bytes(r), r->name_size, e);
}

u32 stamp_seconds(const struct stamp *s)
{
	u32 month = min(max((u32)s->month, 1u), 12u);
	u32 day = max((u32)s->day, 1u);
	u32 year = 1900u + s->year - (month <= 2), of_year, of_era;
	i64 seconds;

	month = month > 2 ? month - 3 : month + 9;
	of_year = (153 * month + 2) / 5 + min(day, 31u) - 1;
	of_era = year % 400 * 365 + year % 400 / 4 - year % 400 / 100 + of_year;
	day = year / 400 * 146097 + of_era;
	if (day < CIVIL_ZERO)
		return 0;
	seconds = (i64)(day - CIVIL_ZERO) * DAY + s->hour * 3600 +
		  s->minute * 60 + s->second - s->quarters * 900;
	if (seconds < 0)
		return 0;
	return seconds > 0xFFFFFFFF ? 0xFFFFFFFF : (u32)seconds;
}
