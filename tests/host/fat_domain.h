/*
 * fs/fat as part of a host program: its sources, and the memory that outlives
 * it. A commit of that is the one thing a dead generation leaves behind.
 */
#ifndef TESTS_HOST_FAT_DOMAIN_H
#define TESTS_HOST_FAT_DOMAIN_H

#include "volume_image.h"

#define DOMAIN_FAT_H /* instead of the header that gatec makes */
#define KEPT_AT	     0x10000000u
#define KEPT_SIZE    0x10000u

static u8 *kept_now, committed[KEPT_SIZE];

static i32 memory_kept(void)
{
	if (!kept_now)
		kept_now = mmap((void *)(size_t)KEPT_AT, KEPT_SIZE,
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	hold(kept_now == (u8 *)(size_t)KEPT_AT);
	return (i32)KEPT_AT;
}

static i32 memory_commit_parts(const u8 *list, u32 size)
{
	if (shim_call() < 0)
		return -E_GONE;
	for (; size; size -= 8, list += 8) {
		u32 part[2];

		memcpy(part, list, 8);
		part[0] -= KEPT_AT;
		hold(part[0] <= KEPT_SIZE && part[1] <= KEPT_SIZE - part[0]);
		memcpy(committed + part[0], kept_now + part[0], part[1]);
	}
	return 0;
}

static i32 memory_commit_answer(u32 answer, const u8 *list, u32 size)
{
	i32 error = memory_commit_parts(list, size);

	if (error < 0)
		return error;
	answer_is_kept = true;
	kept_answer = (i32)answer;
	return shim_call(); /* it may be the last thing that it does */
}

#include "fs/fat/volume.c"
#include "fs/fat/kept.c"
#include "fs/fat/table.c"
#include "fs/fat/chain.c"
#include "fs/fat/name.c"
#include "fs/fat/folder.c"
#include "fs/fat/enter.c"
#include "fs/fat/inode.c"
#include "fs/fat/tree.c"
#include "fs/fat/rename.c"
#include "fs/fat/map.c"
#include "fs/fat/change.c"
#include "fs/fat/look.c"
#include "fs/fat/mount.c"

/* The domain as a new generation finds itself. */
static void domain_start(void)
{
	memory_kept();
	memcpy(kept_now, committed, KEPT_SIZE);
	memset(&fs, 0, sizeof fs);
	memset(&pending, 0, sizeof pending);
	memset(hints, 0, sizeof hints);
	table_hints_drop();
	table_block = slots_block = NONE;
	ended = true;
	life_start(1);
}

/* Another volume: nothing is kept. */
static void domain_first(void)
{
	memset(committed, 0, KEPT_SIZE);
	domain_start();
}

#endif
