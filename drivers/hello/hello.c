/*
 * The template: a domain that keeps one line of text, and the place to start
 * reading. Its promises are in gates/text.gate, what it may touch is in
 * hello.dom, and hello.h is made from both by gatec. There is no other file.
 */
#include "hello.h"

/*
 * Ordinary variables are the domain's own memory, inside its own segment. A
 * restart begins with them as they stand here; what must outlive a domain is
 * `memory kept` in its .dom (drivers/log shows how).
 */
static char line[64];
static u32 used;

/*
 * The core calls this once before anybody else may call in. It need not be
 * there, nor need life_stop() and life_interrupt(). An error returned here
 * stops the domain.
 */
i32 life_start(u32 generation)
{
	char text[48];

	log_write(text,
		  print_to(text, sizeof text, "hello: start %u", generation));
	return 0;
}

/*
 * Copy the line, starting at byte `at`, into the caller's buffer. `dst` is a
 * lend: a segment of exactly `room` bytes that lives for this one call. Byte
 * `room` faults, so there is nothing here to check, and no pointer of the
 * caller's to believe.
 */
i32 text_read(u32 at, into char *dst, u32 room)
{
	if (at > used)
		return -E_RANGE;

	u32 n = min(room, used - at);
	give(dst, line + at, n);
	return (i32)n;
}

/*
 * Replace the line. A domain is a monitor: one thread inside at a time, so
 * nobody reads a line half written, and there is no lock to forget.
 */
i32 text_write(from char *src, u32 size)
{
	if (size > sizeof line)
		return -E_BIG;

	take(line, src, size);
	used = size;
	return (i32)size;
}

i32 text_nothing(void)
{
	return 0;
}
