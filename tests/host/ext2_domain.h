/*
 * fs/ext2 as part of a host program: its sources over a stand-in for the
 * volume below it, which is an image in memory. What an operation writes is
 * staged and holds when the operation returned well. A block that was not
 * asked for before is not there at first; and an operation may end half way,
 * as the domain dies: it then begins again, knowing nothing.
 */
#ifndef TESTS_HOST_EXT2_DOMAIN_H
#define TESTS_HOST_EXT2_DOMAIN_H

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
	*found = (struct volume_facts){ (u32)(shim.bytes / 512),
					shim.read_only, shim.seconds, 500 };
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

static i32 volume_journal(const u8 *runs, u32 size)
{
	if (shim_call() < 0)
		return -E_GONE;
	hold(size % 8 == 0 && size);
	(void)runs;
	shim.journal_runs = size / 8;
	return shim.journal_asked++ % 2 ? 0 : -E_AGAIN;
}

/* The gate's functions, as gatec declares them. */
i32 life_start(u32 generation);
i32 filesystem_mount(const char *options, u32 size);
i32 filesystem_lookup(u32 dir, const char *name, u32 size,
		      struct filesystem_attributes *found);
i32 filesystem_attributes(u32 inode, struct filesystem_attributes *found);
i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    const char *name, u32 size,
		    struct filesystem_attributes *made);
i32 filesystem_link(u32 op, u32 dir, u32 inode, const char *name, u32 size);
i32 filesystem_unlink(u32 op, u32 dir, u32 folder, const char *name, u32 size);
i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, const char *names,
		      u32 size);
i32 filesystem_change(u32 op, u32 inode, u32 which,
		      const struct filesystem_attributes *wanted);
i32 filesystem_forget(u32 op, u32 inode);
i32 filesystem_readlink(u32 inode, char *target, u32 room);
i32 filesystem_entries(u32 dir, u32 at, u8 *list, u32 room);
i32 filesystem_read(u32 inode, u32 at, u8 *data, u32 room);
i32 filesystem_write(u32 inode, u32 at, const u8 *data, u32 size);
i32 filesystem_space(struct filesystem_space *found);
i32 filesystem_map(u32 inode, u32 at, u32 count, u8 *runs, u32 room);
i32 filesystem_allocate(u32 inode, u32 at, u32 count, u32 size, u32 size_high,
			u8 *runs, u32 room);
i32 filesystem_writing(u32 on);

#include "fs/ext2/super.c"
#include "fs/ext2/group.c"
#include "fs/ext2/bitmap.c"
#include "fs/ext2/allocate.c"
#include "fs/ext2/inode.c"
#include "fs/ext2/number.c"
#include "fs/ext2/map.c"
#include "fs/ext2/walk.c"
#include "fs/ext2/grow.c"
#include "fs/ext2/folder.c"
#include "fs/ext2/orphan.c"
#include "fs/ext2/truncate.c"
#include "fs/ext2/change.c"
#include "fs/ext2/tree.c"
#include "fs/ext2/rename.c"
#include "fs/ext2/look.c"
#include "fs/ext2/mount.c"

/* The domain as a new generation finds itself. */
static void domain_start(void)
{
	memset(&fs, 0, sizeof fs);
	memset(places, 0, sizeof places);
	memset(&pending, 0, sizeof pending);
	memset(&step, 0, sizeof step);
	memset(bitmap, 0, sizeof bitmap);
	block_now = table_block = loaded = recent = goal = pieces = 0;
	was_clean = false;
	life_start(1);
}

/* Take an image of so many bytes, whose memory stays the caller's. */
static void shim_load(u8 *image, u64 bytes)
{
	u32 most = (u32)(bytes / 512) + 1;

	shim.image = image;
	shim.bytes = bytes;
	shim.known = realloc(shim.known, most);
	shim.held = realloc(shim.held, most);
	free(shim.staged_at);
	shim.staged_at = calloc(most, sizeof *shim.staged_at);
	hold(shim.known && shim.held && shim.staged_at);
	shim.staged_count = shim.release_count = 0;
	shim.block_size = 512;
	shim.blocks = (u32)(bytes / 512);
	shim_forget();
	domain_start();
}

/* What was released lately may be used from now on. */
static void shim_commit(void)
{
	memset(shim.held, 0, shim.blocks);
}

static void shim_drop(void)
{
	for (u32 n = 0; n < shim.staged_count; n++)
		shim.staged_at[shim.staged[n]] = 0;
	shim.staged_count = shim.release_count = 0;
}

static void shim_publish(void)
{
	shim.staged_most = max(shim.staged_most, shim.staged_count);
	for (u32 n = 0; n < shim.staged_count; n++)
		memcpy(shim.image + (u64)shim.staged[n] * shim.block_size,
		       shim.contents[n], shim.block_size);
	for (u32 r = 0; r < shim.release_count; r++)
		for (u32 n = 0; n < shim.releases[r][1]; n++) {
			u32 block = shim.releases[r][0] + n;

			shim.held[block] = 1;
			memset(shim.image + (u64)block * shim.block_size, 0xD5,
			       shim.block_size);
		}
	shim_drop();
}

static void shim_begin(u32 changes)
{
	shim.running = 1;
	shim.changes = changes;
	if (shim.again && random_below(shim.again) == 0)
		memset(shim.known, 0, shim.blocks);
}

/* Returns true once the operation's answer is the last one. */
static bool shim_done(i32 answer)
{
	bool dying = shim.dying;

	shim.running = 0;
	shim.dying = false;
	if (answer < 0)
		shim_drop();
	else if (!dying)
		shim_publish();
	if (!dying)
		return answer != -E_AGAIN;
	hold(answer == -E_GONE);
	shim.deaths++;
	domain_start();
	return false;
}

/* The answer of one operation, as the core would have it made. */
#define ask(changing, call) \
	({ \
		i32 ask_answer; \
		do { \
			shim_begin(changing); \
			ask_answer = (call); \
		} while (!shim_done(ask_answer)); \
		ask_answer; \
	})

/* The same of one that is done in steps. */
#define ask_all(call) \
	({ \
		i32 all_answer; \
		while ((all_answer = ask(1, call)) == 1) \
			; \
		all_answer; \
	})

#endif
