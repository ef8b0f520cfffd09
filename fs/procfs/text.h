/*
 * The text of a file while it is made: the whole of it is written, but only a
 * window of it kept, so that a file may be of any length. One at a time.
 */
#ifndef PROCFS_TEXT_H
#define PROCFS_TEXT_H

#include "procfs.h"

#define TEXT_ROOM 32768u /* bytes of the window */

/*
 * Begin a text of which bytes from `at` on are wanted. `same`: it is the text
 * of which a window was made last.
 */
void text_begin(u32 at, bool same);

/*
 * For texts that are made item by item: the number of the first that is needed
 * (else 0), and that item `number` begins here.
 */
u32 text_item_first(void);
void text_item(u32 number);

/* What was kept, and how many bytes. */
const char *text_kept(u32 *size);

/* Is the window full? Then there is no need to go on. */
bool text_full(void);

void put_bytes(const char *bytes, u32 size);
void put(const char *text);

/* As print_to, at most 255 bytes at a time. */
extern char text_line[256];
#define print(...) \
	put_bytes(text_line, print_to(text_line, sizeof text_line, __VA_ARGS__))

/* `text` and spaces up to `width`; a number in octal; one of 64 bits. */
void put_left(const char *text, u32 width);
void put_octal(u32 value);
void put_wide(u32 low, u32 high);

/* A path as tables have it: what would end a field is written in octal. */
void put_escaped(const char *text, const char *special);

/* Spaces up to a column of the line that `begin` was the beginning of. */
u32 text_position(void);
void put_spaces(u32 begin, u32 column);

/* A line of meminfo, status and smaps: `pages` of 4096 bytes as kB. */
void put_pages(const char *label, u32 pages);

#endif
