/*
 * fs/ext2 as part of a host program: its sources over a stand-in for the
 * volume below it. A domain that died begins again knowing nothing, and the
 * operation is made again, as the core would do it.
 */
#ifndef TESTS_HOST_EXT2_DOMAIN_H
#define TESTS_HOST_EXT2_DOMAIN_H

#include "ext2_volume.h"

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

#include "fs/ext2/cache.c"
#include "fs/ext2/super.c"
#include "fs/ext2/group.c"
#include "fs/ext2/bitmap.c"
#include "fs/ext2/allocate.c"
#include "fs/ext2/inode.c"
#include "fs/ext2/number.c"
#include "fs/ext2/map.c"
#include "fs/ext2/block.c"
#include "fs/ext2/walk.c"
#include "fs/ext2/known.c"
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
	memset(slots, 0, sizeof slots);
	changed = ended = false;
	memset(&pending, 0, sizeof pending);
	memset(&known, 0, sizeof known);
	memset(&step, 0, sizeof step);
	memset(bitmap, 0, sizeof bitmap);
	block_now = table_block = recent = goal = pieces = 0;
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
