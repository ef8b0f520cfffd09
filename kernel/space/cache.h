/*
 * The page cache: frames by inode and page number, shared by read, write and
 * every mapping. For file systems in memory it is where contents live.
 */
#ifndef KERNEL_SPACE_CACHE_H
#define KERNEL_SPACE_CACHE_H

#include "kernel/frame.h"
#include "kernel/vfs/transfer.h"

struct inode;
struct mount;

/* An inode's pages: a tree of 64-way nodes. Guarded by the cache's lock. */
struct cached {
	void *root;
	u32 height; /* levels of nodes; 0: none */
	u32 count; /* pages */
	u32 cuts; /* times that pages were taken out */
};

enum cache_want {
	CACHE_READ, /* its contents; -ENODATA never: holes are zeros */
	CACHE_WRITE, /* the same, and it will be dirty */
	CACHE_WHOLE, /* all of it will be overwritten: zeros will do */
};

/*
 * The frame of page `index`, read in where it must be, with one share for the
 * caller (frame_share; give back by frame_drop). 0 or -errno (EIO, ENOMEM,
 * ENOSPC).
 */
i32 cache_page(struct inode *i, u32 index, enum cache_want want,
	       struct physical *out);

/* The same to read `wanted` pages from there on, or (0) for a mapping. */
i32 cache_page_read(struct inode *i, u32 index, u32 wanted,
		    struct physical *out);

/* The same, only if it is there: FRAME_NONE if not. Never sleeps. */
struct physical cache_look(struct inode *i, u32 index);

/* The same for `count` pages: addresses, or 0 where there is none. */
void cache_look_run(struct inode *i, u32 index, u32 count, u32 *addresses);

/*
 * May page `index` be written to by who maps it? If its contents are on a
 * volume, only while it is dirty and has blocks there. Make it so: 0 or -errno
 * (EIO, ENOSPC, ENOMEM).
 */
int cache_is_dirty(struct inode *i, u32 index);
i32 cache_dirty(struct inode *i, u32 index);

/*
 * Contents at byte `at`: bytes moved, or -errno. Reading stops at the inode's
 * size. Writing grows the inode; its lock is held by the caller for writing.
 */
i32 cache_read(struct inode *i, u64 at, struct transfer *t);
i32 cache_write(struct inode *i, u64 at, struct transfer *t);

/* Zeros from the inode's end to byte `end`, its size from then on, where there
 * are no holes; all or nothing. Inode's lock held. 0 or -errno. */
i32 cache_extend(struct inode *i, u64 end);

/* Make that the inode's size: pages beyond go, the rest of the last page
 * becomes zeros; mappings of what went are taken out of every space. Inode's
 * lock held. */
void cache_truncate(struct inode *i, u64 size);

/*
 * Make a frame that holds file contents already (a boot module's) page `index`
 * of i: no copy. It is the cache's from then on. 0 or -errno.
 */
i32 cache_adopt(struct inode *i, u32 index, struct physical p);

/* Let go of all pages: the inode is going; nobody maps it. */
void cache_drop(struct inode *i);

/* Wait until no pages of a mount's inodes are on their way into the cache. */
void pages_settle(struct mount *m);

u32 cache_frames(void); /* in all */

/* Let go of up to `most` frames that can be read again; how many went. Takes
 * spinlocks and never sleeps. */
u32 cache_evict(u32 most);

/* Pages that files whose contents live in memory may still take: some are left
 * to processes. When there are none, writing answers -ENOSPC. */
u32 cache_room(void);

/*
 * A frame for a process's page or the cache, evicting what can be evicted,
 * then killing one process; zeroed if asked. FRAME_NONE only if the caller
 * itself is to die. May sleep; no spinlock held.
 */
struct physical frame_take_user(int zeroed);

/* The same where nobody can be waited for: FRAME_NONE if there is nothing to
 * evict either. Never sleeps; takes spinlocks. */
struct physical frame_take_evict(int zeroed);

/* A small block of the heap that a process cannot do without: gets memory by
 * the same means, and waits for it. */
void *heap_take_user(u32 size);

#endif
