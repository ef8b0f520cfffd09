/* The memory of a process: its areas, its arguments and environment. */
#include "files.h"
#include "links.h"
#include "text.h"

#define BLOCK	    1024u
#define NAME_COLUMN 49u /* as Linux has it on 32-bit machines */
#define AUXV_MOST   512u

enum area_flag {
	READ = 1, WRITE = 2, EXECUTE = 4, SHARED = 8, STACK = 16, HEAP = 32,
	VDSO = 64,
};

/* ---- texts in its memory ---- */

/* Put [at, end) of its memory, or up to the first NUL. */
static i32 put_memory(u32 pid, u32 at, u32 end, bool one_text)
{
	static char block[BLOCK];

	while (at < end && !text_full()) {
		u32 n = min(end - at, BLOCK), kept = 0;
		i32 size = inspect_memory(pid, at, (u8 *)block, n);

		if (size <= 0)
			return size;
		while (kept < (u32)size && !(one_text && !block[kept]))
			kept++;
		put_bytes(block, kept);
		if (kept < n)
			return 0;
		at += n;
	}
	return 0;
}

/*
 * A program that has written over its arguments, and over the NUL at their
 * end, means one text that may go on into the environment.
 */
i32 arguments_make(struct who w)
{
	struct inspect_process p;
	i32 error = inspect_process(w.pid, w.tid, &p);
	u32 begin = p.args_start, end = p.args_end;
	u8 last = 0;

	if (error < 0 || begin >= end)
		return error;
	inspect_memory(w.pid, end - 1, &last, 1);
	if (!last)
		return put_memory(w.pid, begin, end, false);
	error = put_memory(w.pid, begin, end, true);
	begin = text_position();
	(void)begin;
	return error;
}

i32 environ_make(struct who w)
{
	struct inspect_process p;
	i32 error = inspect_process(w.pid, w.tid, &p);

	if (error < 0)
		return error;
	return put_memory(w.pid, p.environment_start, p.environment_end,
			  false);
}

/* Pairs of words up to one that begins with 0. */
i32 auxv_make(struct who w)
{
	u32 words[AUXV_MOST / 4], n = 0;
	struct inspect_process p;
	i32 size, error = inspect_process(w.pid, w.tid, &p);

	if (error < 0 || !p.auxiliary)
		return error;
	size = inspect_memory(w.pid, p.auxiliary, (u8 *)words, AUXV_MOST);
	if (size < 0)
		return size;
	while (n + 2 <= (u32)size / 4 && words[n])
		n += 2;
	put_bytes((const char *)words, (n + 2) * 4);
	return 0;
}
