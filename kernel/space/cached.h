/*
 * The tree of an inode's cached pages: nodes of 64 words, the lowest level
 * holding physical addresses of frames (0: no page) with flags in the low bits.
 * The caller locks.
 */
#ifndef KERNEL_SPACE_CACHED_H
#define KERNEL_SPACE_CACHED_H

#include "kernel/lock.h"
#include "kernel/space/cache.h"

#define CACHED_WAYS 64u

/* Of pages whose contents are on a volume. */
enum cached_flag {
	CACHED_DIRTY = 1, /* newer than the volume */
	CACHED_PLACED = 2, /* all of it has blocks there */
	CACHED_WRITING = 4, /* on its way there */
	CACHED_USED = 8, /* since eviction last came by */
	CACHED_OPEN = 16, /* dirty, and has blocks as far as the inode goes */
	CACHED_FLAGS = 31,
};

static inline struct physical cached_frame(u32 word)
{
	return (struct physical){ word & ~(u32)CACHED_FLAGS };
}

extern struct spinlock cache_lock; /* of all inodes' trees */

/* The word of a page; NULL: its node does not exist. */
u32 *cached_find(const struct cached *c, u32 index);

/* The same, nodes made where they are missing; NULL without memory. */
u32 *cached_make(struct cached *c, u32 index);

/* The first page there is from number *index on, which becomes its number;
 * NULL: there is none. */
u32 *cached_next(const struct cached *c, u32 *index);

/*
 * Take the last pages out that have numbers of at least `first`, at most those
 * of one node, and free what nodes that empties. Their words go to
 * `frames`; returns how many: 0 if there are no such pages any more.
 */
u32 cached_cut(struct cached *c, u32 first, u32 frames[CACHED_WAYS]);

/* Are contents in the cache and nowhere else (then a hole is zeros), or on a
 * disk, and only copied here? */
int in_memory(const struct inode *i);
int on_volume(const struct inode *i);

/* ---- cache.c, for cache_copy.c ---- */

/* 0, or why no page can be made for i. What processes share without a name is
 * theirs, like other memory, unless they write to it as to a file. */
i32 cache_room_for(const struct inode *i, enum cache_want want);

/*
 * Enter *p, unless there is such a page: then *p is that, with a share for the
 * caller. `cuts`: what pages.cuts was before *p was filled. 0 (entered), 1
 * (was there), -EAGAIN (cut off meanwhile) or -ENOMEM.
 */
i32 cache_enter(struct inode *i, u32 index, u32 cuts, u32 flags,
		struct physical *p);

/* ---- reading.c ---- */

/*
 * Read page `index` of what is on a volume, of `wanted` that are asked for (0:
 * a mapping asks), with those that will be asked for next; as cache_enter.
 * -EAGAIN: look again.
 */
i32 pages_read(struct inode *i, u32 index, u32 wanted, struct physical *out);

/* Somebody reads that page: is it time for the next ones? */
void pages_ahead(struct inode *i, u32 index);

/* A page that may be on its way is made by somebody else. Lock held. */
void pages_made(struct inode *i, u32 index);

/* If that page is on its way, wait until it is here: 1 if it was. */
int pages_wait(struct inode *i, u32 index);

/* ---- dirty.c, for both ---- */

/* Bytes [at, end) were written to pages that are there: give them blocks, and
 * mark them dirty. How many bytes that went well for; or -errno and what has
 * no blocks is taken out again. Inode's lock held. */
i32 cache_wrote(struct inode *i, u64 at, u64 end);

/* Make a page that is there, and has blocks, dirty. */
void cache_mark(struct inode *i, u32 index);

/* Nothing is being cut off any more: what is dirty may be written. */
void cache_cut(struct inode *i);

/* The inode's end moves in or away from this page, or its last blocks go: it
 * has not all of them any more, and who maps it asks for them again. */
void cache_displace(struct inode *i, u32 index);

/* One page is dirty no more. Lock held. */
void cache_clean(struct inode *i);

/* From here on no page is on its way to the disk, until i->cutting is 0. */
void cache_cutting(struct inode *i);

/* One page left the tree. Lock held. */
void cache_gone(struct inode *i);

/* Take one page out that has no blocks. */
void cache_take_out(struct inode *i, u32 index);

#endif
