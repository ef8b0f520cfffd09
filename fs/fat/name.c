/*
 * The three spellings of names, and how one is made of another.
 */
#include "name.h"

#define ILLEGAL "\"*/:<>?\\|"

/* The upper half of code page 437, which short names are in. */
static const u16 code_page[128] = {
	0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA,
	0x00EB, 0x00E8, 0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6,
	0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6, 0x00DC,
	0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA,
	0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC,
	0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561,
	0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B,
	0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F,
	0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567, 0x2568,
	0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518,
	0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580, 0x03B1, 0x00DF, 0x0393,
	0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4, 0x03A6, 0x0398, 0x03A9, 0x03B4,
	0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320,
	0x2321, 0x00F7, 0x2248, 0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2,
	0x25A0, 0x00A0,
};

static bool is_one_of(u32 unit, const char *list)
{
	while (*list && (u8)*list != unit)
		list++;
	return *list != 0;
}

/* ---- UTF-8 and UTF-16 ---- */

/* The character that text begins with, and its bytes: 0 if it is none. */
static u32 character(const char *text, u32 size, u32 *value)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	u32 first = (u8)text[0], n = 1;

	*value = first;
	if (first < 0x80)
		return 1;
	n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
	if (first < 0xC2 || first > 0xF4 || n > size)
		return 0;
	*value = first & (0xFF >> (n + 1));
	for (u32 i = 1; i < n; i++) {
		if (((u8)text[i] & 0xC0) != 0x80)
			return 0;
		*value = *value << 6 | ((u8)text[i] & 0x3F);
	}
	if (*value < least[n] || *value > 0x10FFFF ||
	    (*value >= 0xD800 && *value < 0xE000))
		return 0;
	return n;
}

i32 name_parse(struct name *n, const char *text, u32 size)
{
	u32 value, bytes;

	n->count = 0;
	while (size && text[size - 1] == '.')
		size--;
	if (!size)
		return -E_NAME;
	for (; size; text += bytes, size -= bytes) {
		bytes = character(text, size, &value);
		if (!bytes || value < 32 || is_one_of(value, ILLEGAL))
			return -E_FORM;
		if (n->count + (value >> 16 != 0) >= UNITS_MOST)
			return -E_BIG;
		if (value >> 16) {
			value -= 0x10000;
			n->units[n->count++] = (u16)(0xD800 | value >> 10);
			value = 0xDC00 | (value & 0x3FF);
		}
		n->units[n->count++] = (u16)value;
	}
	return 0;
}

static u32 character_put(char *to, u32 value)
{
	u32 n = value < 0x80 ? 1 : value < 0x800 ? 2 : value >> 16 ? 4 : 3;

	for (u32 i = n - 1; i; i--, value >>= 6)
		to[i] = (char)(0x80 | (value & 0x3F));
	to[0] = (char)(n == 1 ? value : (0xF00 >> n & 0xFF) | value);
	return n;
}

u32 name_text(const struct name *n, char text[NAME_MOST])
{
	u32 size = 0;

	for (u32 i = 0; i < n->count; i++) {
		u32 value = n->units[i];
		char bytes[4];
		u32 more;

		if (value >> 10 == 0xD800 >> 10 && i + 1 < n->count &&
		    n->units[i + 1] >> 10 == 0xDC00 >> 10)
			value = 0x10000 + ((value & 0x3FF) << 10 |
					   (n->units[++i] & 0x3FF));
		if (!value || value == '/' || value >> 11 == 0xD800 >> 11)
			return 0;
		more = character_put(bytes, value);
		if (more > NAME_MOST - size)
			return 0;
		memcpy(text + size, bytes, more);
		size += more;
	}
	return size;
}

/* ---- letters ---- */

/* A letter as a capital, as far as that is simple: Latin, Greek, Cyrillic. */
static u32 capital(u32 unit)
{
	if (unit < 0x80)
		return unit - 'a' < 26 ? unit - 32 : unit;
	if ((unit >= 0xE0 && unit <= 0xFE && unit != 0xF7) ||
	    (unit >= 0x3B1 && unit <= 0x3C9 && unit != 0x3C2) ||
	    (unit >= 0x430 && unit <= 0x44F))
		return unit - 32;
	if (unit >= 0x450 && unit <= 0x45F)
		return unit - 80;
	if (unit == 0xFF)
		return 0x178;
	if ((unit >= 0x100 && unit <= 0x12F) ||
	    (unit >= 0x132 && unit <= 0x137) ||
	    (unit >= 0x14A && unit <= 0x177) ||
	    (unit >= 0x460 && unit <= 0x481))
		return unit & ~1u;
	if ((unit >= 0x139 && unit <= 0x148) ||
	    (unit >= 0x179 && unit <= 0x17E))
		return (unit - 1) | 1;
	return unit;
}

bool names_equal(const struct name *a, const struct name *b)
{
	if (a->count != b->count)
		return false;
	for (u32 i = 0; i < a->count; i++)
		if (capital(a->units[i]) != capital(b->units[i]))
			return false;
	return true;
}

/* ---- short names ---- */

static u32 short_part(const u8 *bytes, u32 size, bool small, u16 *units)
{
	u32 count = 0;

	while (size && bytes[size - 1] == ' ')
		size--;
	for (; count < size; count++) {
		u32 byte = bytes[count];

		if (small && byte - 'A' < 26)
			byte += 32;
		units[count] = (u16)byte;
		if (byte >= 0x80)
			units[count] = code_page[byte - 0x80];
	}
	return count;
}

void name_of_record(const struct record *r, struct name *n)
{
	u8 bytes[SHORT_SIZE];
	u32 behind;

	memcpy(bytes, r->name, sizeof bytes);
	if (bytes[0] == RECORD_E5)
		bytes[0] = 0xE5;
	n->count = short_part(bytes, 8, r->cases & CASE_BASE, n->units);
	n->units[n->count] = '.';
	behind = short_part(bytes + 8, 3, r->cases & CASE_EXTENSION,
			    n->units + n->count + 1);
	if (behind)
		n->count += 1 + behind;
}

u8 short_sum(const u8 name[SHORT_SIZE])
{
	u32 sum = 0;

	for (u32 i = 0; i < SHORT_SIZE; i++)
		sum = ((sum & 1) << 7 | (sum & 0xFE) >> 1) + name[i];
	return (u8)sum;
}

/* Where the extension's dot is; the name's end if there is none. */
static u32 last_dot(const struct name *n)
{
	for (u32 i = n->count; i > 1; i--)
		if (n->units[i - 1] == '.')
			return i - 1;
	return n->count;
}

static bool is_short_letter(u32 unit)
{
	return unit > 32 && unit < 127 && !is_one_of(unit, ILLEGAL "+,;=[].");
}

/* Letters of one part, all in one case: false if they do not fit. */
static bool part_exact(const u16 *units, u32 count, u32 most, u8 *to,
		       bool *small)
{
	bool any_small = false, any_large = false;

	if (count > most)
		return false;
	for (u32 i = 0; i < count; i++) {
		if (!is_short_letter(units[i]))
			return false;
		any_small |= (u32)units[i] - 'a' < 26;
		any_large |= (u32)units[i] - 'A' < 26;
		to[i] = (u8)capital(units[i]);
	}
	*small = any_small;
	return !any_small || !any_large;
}

bool short_exact(const struct name *n, u8 to[SHORT_SIZE], u8 *cases)
{
	u32 dot = last_dot(n), behind = n->count - dot;
	bool base_small, extension_small = false;

	memset(to, ' ', SHORT_SIZE);
	if (!dot || behind == 1 ||
	    !part_exact(n->units, dot, 8, to, &base_small))
		return false;
	if (behind && !part_exact(n->units + dot + 1, behind - 1, 3, to + 8,
				  &extension_small))
		return false;
	*cases = (u8)((base_small ? CASE_BASE : 0) |
		      (extension_small ? CASE_EXTENSION : 0));
	return true;
}

/* As many letters as fit; true if those are all, but for their case. */
static bool part_like(const u16 *units, u32 count, u32 most, u8 *to)
{
	bool all = true;
	u32 n = 0;

	for (u32 i = 0; i < count; i++) {
		u32 unit = capital(units[i]);

		if (unit == ' ' || unit == '.') {
			all = false;
			continue;
		}
		if (n == most)
			return false;
		if (!is_short_letter(unit)) {
			unit = '_';
			all = false;
		}
		to[n++] = (u8)unit;
	}
	return all && n == count;
}

bool short_like(const struct name *n, u8 to[SHORT_SIZE])
{
	u32 dot = last_dot(n), skip = 0;
	bool all;

	memset(to, ' ', SHORT_SIZE);
	while (skip < dot && n->units[skip] == '.')
		skip++;
	all = part_like(n->units + skip, dot - skip, 8, to) && !skip;
	if (dot < n->count)
		all &= part_like(n->units + dot + 1, n->count - dot - 1, 3,
				 to + 8);
	if (to[0] == ' ') {
		to[0] = '_';
		all = false;
	}
	return all;
}

u32 short_tail(u8 name[SHORT_SIZE], u32 hash)
{
	u32 length = 8;

	while (length && name[length - 1] == ' ')
		length--;
	length = min(length, hash ? 2u : 6u);
	for (u32 i = 0; hash && i < 4; i++)
		name[length++] = (u8) "0123456789ABCDEF"[hash >> 4 * i & 15];
	name[length++] = '~';
	name[length] = '1';
	memset(name + length + 1, ' ', 8 - length - 1);
	return length;
}
