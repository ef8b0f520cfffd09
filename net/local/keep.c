/*
 * What of the kept memory is to be committed: a list of its changed parts.
 */
#include "sockets.h"

/* Closing a listener may change every socket there is, and as many peers. */
#define PARTS (2 * SOCKETS + 64)

struct part {
	u32 offset, bytes;
};

static struct part parts[PARTS];
static u32 part_count;

void touch(const void *at, u32 size)
{
	u32 offset = (u32)(size_t)at, n = part_count;

	if (n && parts[n - 1].offset + parts[n - 1].bytes == offset) {
		parts[n - 1].bytes += size;
		return;
	}
	if (n && parts[n - 1].offset == offset) {
		parts[n - 1].bytes = max(parts[n - 1].bytes, size);
		return;
	}
	assert(n < PARTS);
	parts[n] = (struct part){ offset, size };
	part_count = n + 1;
}

i32 commit(i32 answer)
{
	i32 error = memory_commit_answer((u32)answer, (const u8 *)parts,
					 part_count * (u32)sizeof *parts);

	assert(error >= 0); /* local.dom states this memory */
	part_count = 0;
	return answer;
}
