/*
 * The volume below fs/ext2, for host programs: an image in memory. What an
 * operation writes is staged and holds when the operation returned well. A
 * block that was not asked for before is not there at first; and an operation
 * may end half way, as the domain dies.
 */
#ifndef TESTS_HOST_EXT2_VOLUME_H
#define TESTS_HOST_EXT2_VOLUME_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/abi.h"

#define DOMAIN_EXT2_H /* instead of the header that gatec makes */
#define from	      const
#define into
#define min(a, b) \
	({ \
		__typeof__(a) min_a = (a); \
		__typeof__(b) min_b = (b); \
		min_a < min_b ? min_a : min_b; \
	})
#define max(a, b) \
	({ \
		__typeof__(a) max_a = (a); \
		__typeof__(b) max_b = (b); \
		max_a > max_b ? max_a : max_b; \
	})
#define take	      memcpy
#define give	      memcpy
#define print_to(...) ((u32)snprintf(__VA_ARGS__))

#include "filesystem.gate.h"
#include "volume.gate.h"

/* What the tests hold to be true, with or without a test library. */
#define hold(promise) \
	((promise) ? (void)0 : \
		     (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
			      #promise), \
		      abort()))

#define STAGED_MOST   256u
#define RELEASES_MOST 256u

struct shim {
	u8 *image;
	u64 bytes;
	u32 block_size, blocks; /* as the domain opened it */
	u8 *known; /* for each block of 512: it was asked for before */
	u8 *held; /* for each block: released, and not to be used yet */
	u16 *staged_at; /* for each block: 1 + its place in `staged` */
	u32 staged[STAGED_MOST], staged_count;
	u8 contents[STAGED_MOST][4096];
	u32 releases[RELEASES_MOST][2], release_count;
	u32 read_only, changes, running;
	u32 calls, staged_most; /* for who counts */
	u32 again, death; /* one call in so many; 0: never */
	u32 deaths, journal_runs, journal_asked;
	u32 random, seconds;
	bool log, dying;
	void (*watch)(u64 at, u32 size); /* is told what is read */
};

static struct shim shim = { .random = 1, .seconds = 1700000000 };

static u32 random_below(u32 n)
{
	shim.random = shim.random * 1664525u + 1013904223u;
	return (u32)((u64)(shim.random >> 4) * n >> 28);
}

/* Begins every call of the volume's. -E_GONE from the domain's end on. */
static i32 shim_call(void)
{
	hold(shim.running);
	shim.calls++;
	if (shim.death && random_below(shim.death) == 0)
		shim.dying = true;
	return shim.dying ? -E_GONE : 0;
}

/* Contents of a block as the operation sees them; NULL: not there yet. */
static u8 *shim_block(u32 block)
{
	if (shim.staged_at[block])
		return shim.contents[shim.staged_at[block] - 1];
	if (shim.again && !shim.known[block]) {
		shim.known[block] = 1;
		return NULL;
	}
	return shim.image + (u64)block * shim.block_size;
}

static i32 log_write(const char *text, u32 size)
{
	if (shim.log)
		fprintf(stderr, "%.*s\n", (int)size, text);
	return (i32)size;
}

static i32 volume_facts(struct volume_facts *found)
{
	if (shim_call() < 0)
		return -E_GONE;
	*found = (struct volume_facts){ (u32)(shim.bytes / 512), shim.read_only,
					shim.seconds, 500 };
	return 0;
}

static void shim_forget(void)
{
	u32 most = (u32)(shim.bytes / 512) + 1;

	memset(shim.known, 0, most);
	memset(shim.held, 0, most);
}

static i32 volume_open(u32 block_size)
{
	if (shim_call() < 0)
		return -E_GONE;
	if (block_size < 512 || block_size > 4096 ||
	    (block_size & (block_size - 1)))
		return -E_RANGE;
	if (block_size != shim.block_size)
		shim_forget();
	shim.block_size = block_size;
	shim.blocks = (u32)(shim.bytes / block_size);
	return (i32)shim.blocks;
}

static bool in_block(u32 at, u32 size)
{
	return at <= shim.block_size && size <= shim.block_size - at;
}

static i32 volume_read(u32 block, u32 at, u8 *data, u32 size)
{
	const u8 *bytes;

	if (shim_call() < 0)
		return -E_GONE;
	if (!in_block(at, size) || block >= shim.blocks)
		return -E_RANGE;
	bytes = shim_block(block);
	if (!bytes)
		return -E_AGAIN;
	if (shim.watch)
		shim.watch((u64)block * shim.block_size + at, size);
	memcpy(data, bytes + at, size);
	return 0;
}

/* The staged copy of a block; NULL and *error. */
static u8 *shim_stage(u32 block, bool whole, i32 *error)
{
	u8 *bytes, *copy;

	*error = -E_DENIED;
	if (shim.read_only || !shim.changes)
		return NULL;
	*error = -E_RANGE;
	if (block >= shim.blocks)
		return NULL;
	*error = -E_AGAIN;
	bytes = shim_block(block);
	if (!bytes && !whole)
		return NULL;
	*error = 0;
	if (shim.staged_at[block])
		return bytes;
	*error = -E_BIG;
	if (shim.staged_count == STAGED_MOST)
		return NULL;
	*error = 0;
	copy = shim.contents[shim.staged_count];
	shim.staged[shim.staged_count++] = block;
	shim.staged_at[block] = (u16)shim.staged_count;
	if (!whole)
		memcpy(copy, bytes, shim.block_size);
	return copy;
}

static i32 volume_write(u32 block, u32 at, const u8 *data, u32 size)
{
	u8 *bytes;
	i32 error;

	if (shim_call() < 0)
		return -E_GONE;
	if (!in_block(at, size))
		return -E_RANGE;
	bytes = shim_stage(block, size == shim.block_size, &error);
	if (bytes)
		memcpy(bytes + at, data, size);
	return error;
}

static i32 volume_clear(u32 block)
{
	u8 *bytes;
	i32 error;

	if (shim_call() < 0)
		return -E_GONE;
	bytes = shim_stage(block, true, &error);
	if (bytes)
		memset(bytes, 0, shim.block_size);
	return error;
}

static i32 volume_ahead(u32 block, u32 count)
{
	if (shim_call() < 0)
		return 0;
	for (u32 n = 0; n < count && n < 64; n++)
		if (block + n < shim.blocks && random_below(2))
			shim.known[block + n] = 1;
	return 0;
}

static i32 volume_release(u32 block, u32 count)
{
	if (shim_call() < 0)
		return -E_GONE;
	if (shim.read_only || !shim.changes)
		return -E_DENIED;
	if (block >= shim.blocks || count > shim.blocks - block || !count)
		return -E_RANGE;
	if (shim.release_count == RELEASES_MOST)
		return -E_BIG;
	shim.releases[shim.release_count][0] = block;
	shim.releases[shim.release_count++][1] = count;
	return 0;
}

static i32 volume_usable(u32 block, u32 count)
{
	u32 n = 0;

	if (shim_call() < 0)
		return -E_GONE;
	if (block >= shim.blocks || count > shim.blocks - block)
		return -E_RANGE;
	for (u32 r = 0; r < shim.release_count; r++)
		for (u32 i = 0; i < shim.releases[r][1]; i++)
			if (block == shim.releases[r][0] + i)
				return 0;
	while (n < count && !shim.held[block + n])
		n++;
	return (i32)n;
}

static i32 volume_privileged(void)
{
	return shim_call() < 0 ? -E_GONE : 1;
}

static i32 volume_journal(const u8 *runs, u32 size)
{
	if (shim_call() < 0)
		return -E_GONE;
	hold(size % 8 == 0 && size);
	(void)runs;
	shim.journal_runs = size / 8;
	return shim.journal_asked++ % 2 ? 0 : -E_AGAIN;
}

#endif
