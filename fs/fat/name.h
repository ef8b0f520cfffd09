/*
 * Names of files: UTF-8 here, UTF-16 and an 8-bit code page there; equal if
 * they are spelled the same but for the case of letters.
 */
#ifndef FS_FAT_NAME_H
#define FS_FAT_NAME_H

#include "layout.h"

#define SHORT_SIZE 11u

/* A name as it is compared and stored. */
struct name {
	u32 count;
	u16 units[UNITS_MOST];
};

/* Of a text of `size` bytes, dots at its end left out: -E_NAME if that is
 * none, -E_FORM if it cannot be one, -E_BIG. */
i32 name_parse(struct name *n, const char *text, u32 size);

bool names_equal(const struct name *a, const struct name *b);

/* As UTF-8: bytes, or 0 if it makes no sense or no room has it. */
u32 name_text(const struct name *n, char text[NAME_MOST]);

/* What a record's own name is. */
void name_of_record(const struct record *r, struct name *n);

/* The sum of it that parts of a long name have. */
u8 short_sum(const u8 name[SHORT_SIZE]);

/* How a name is stored without parts, if it can be: its case bits. */
bool short_exact(const struct name *n, u8 to[SHORT_SIZE], u8 *cases);

/* A short name that looks like it: true if nothing but the case of letters
 * is lost. */
bool short_like(const struct name *n, u8 to[SHORT_SIZE]);

/* Give it the number 1, with the low bits of `hash` before it if that is not
 * 0: where the number's digit is. */
u32 short_tail(u8 name[SHORT_SIZE], u32 hash);

#endif
