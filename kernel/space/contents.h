/*
 * Contents of files on volumes, between the page cache and the disk. The file
 * system domain says where they are, and never sees them.
 */
#ifndef KERNEL_SPACE_CONTENTS_H
#define KERNEL_SPACE_CONTENTS_H

#include "kernel/frame.h"
#include "kernel/space/batch.h"
#include "kernel/vfs/inode.h"

#define CONTENTS_RUN 32u /* pages moved at once, at most */

/*
 * Fill frames with pages `index` on of i, waiting for the disk. Bit n of
 * *placed: all of page n has blocks. 0 or -EIO, -ENOMEM.
 */
i32 contents_read(struct inode *i, u32 index, const struct physical *frames,
		  u32 count, u32 *placed);

/* The same without waiting: transfers of `b`, which io_go lets begin; and when
 * they have ended, what is behind the end of the contents becomes zeros. */
i32 contents_begin(struct inode *i, u32 index, const struct physical *frames,
		   u32 count, u32 *placed, struct batch *b);
void contents_end(const struct inode *i, u32 index,
		  const struct physical *frames, u32 count);

/* Give blocks to bytes [at, end) and let the size be at least `size`: 0 or
 * -errno. */
i32 contents_place(struct inode *i, u64 at, u64 end, u64 size);

/* Write all dirty pages of one inode, and wait. 0 or -EIO, also if that
 * happened since it was last asked. */
i32 contents_flush(struct inode *i);

/* More is dirty than may be: write i's pages. */
void contents_throttle(struct inode *i);

void contents_start(void);

/* ---- what the cache (kernel/space/cache.c) does for that ---- */

/* The next run of dirty pages from *index on, to be written: their frames,
 * shared, are marked as on their way. How many; *index is the first, *turn for
 * cache_written. Waits while pages of i are being cut off. */
u32 cache_dirty_take(struct inode *i, u32 *index, u32 *turn,
		     struct physical frames[CONTENTS_RUN]);

/* They are there. */
void cache_written(struct inode *i, u32 index, u32 count, u32 turn);

/* Wait until none of i's pages are on their way. */
void cache_written_wait(struct inode *i);

/* Wait until what any thread has taken of a mount's dirty pages until now is
 * there. One thread at a time; the disk has been told to go. */
void cache_written_turn(struct mount *m);

/* Pages of bytes [at, end) that are there have blocks from now on, and are
 * newer than these. */
void cache_allocated(struct inode *i, u64 at, u64 end);

u32 cache_dirty_frames(void);

#endif
