/*
 * The text that domains write about themselves: a ring of it in kept memory,
 * so that a restart loses nothing, and each line on to the core's record.
 * A byte's number is how many bytes were written before it.
 */
#include "log.h"

#define LINE_MOST 240
#define MAGIC	  0x21474F4Cu
#define END_MOST  0x7FFFFFFFu /* numbers fit an i32 */

/* The kept memory, as log.dom asks for it. */
struct kept {
	u32 magic;
	u32 first; /* number of the oldest byte still here */
	u32 end; /* number of the next byte */
	char text[16 * 1024 - 12];
};

static struct kept *kept;

/* How many bytes from number `at` on, up to `end`, lie in one piece. */
static u32 run(u32 at, u32 end)
{
	return min(end - at,
		   (u32)sizeof kept->text - at % (u32)sizeof kept->text);
}

static void append(const char *text, u32 size)
{
	if (size > END_MOST - kept->end)
		kept->first = kept->end = 0;
	for (u32 end = kept->end + size; kept->end < end;) {
		u32 n = run(kept->end, end);

		memcpy(kept->text + kept->end % sizeof kept->text, text, n);
		kept->end += n;
		text += n;
	}
	if (kept->end - kept->first > sizeof kept->text)
		kept->first = kept->end - (u32)sizeof kept->text;
}

/* Fresh kept memory is zeros; what another version left is not believed. */
i32 life_start(u32 generation)
{
	i32 offset = memory_kept();

	(void)generation;
	if (offset < 0)
		return offset;
	kept = (struct kept *)offset;
	if (kept->magic != MAGIC || kept->end < kept->first ||
	    kept->end - kept->first > sizeof kept->text) {
		kept->first = kept->end = 0;
		kept->magic = MAGIC;
	}
	return memory_commit();
}

/* A line is one line: what would break it up becomes a question mark. */
i32 log_write(from char *text, u32 size)
{
	char line[LINE_MOST + 1];
	u32 n = min(size, (u32)LINE_MOST);

	take(line, text, n);
	for (u32 i = 0; i < n; i++)
		if ((u8)line[i] < ' ' && line[i] != '\t')
			line[i] = '?';
	record_line(line, n);
	line[n] = '\n';
	append(line, n + 1);
	memory_commit();
	return (i32)n;
}

i32 log_read(u32 at, into char *text, u32 room)
{
	u32 copied = 0;

	if (at < kept->first || at > kept->end)
		return -E_RANGE;
	room = min(room, kept->end - at);
	while (copied < room) {
		u32 n = run(at + copied, at + room);

		give(text + copied,
		     kept->text + (at + copied) % sizeof kept->text, n);
		copied += n;
	}
	return (i32)copied;
}

i32 log_first(void)
{
	return (i32)kept->first;
}

i32 log_end(void)
{
	return (i32)kept->end;
}
