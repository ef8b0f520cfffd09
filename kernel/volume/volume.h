/*
 * Volumes: a disk with a file system on it, and the domain instance that
 * understands it. Blocks of metadata are cached here; what one operation of
 * the domain writes is staged, and becomes the volume's contents all at once
 * when the operation has returned well, or not at all. So a domain may die at
 * any moment and the operation is simply made again.
 */
#ifndef KERNEL_VOLUME_VOLUME_H
#define KERNEL_VOLUME_VOLUME_H

#include "kernel/disk/disk.h"
#include "kernel/domain.h"

struct inode;
struct mount;

/* A block in memory. */
struct buffer {
	u32 block;
	struct physical now; /* contents as of the last operation */
	struct physical staged; /* as the running operation leaves it */
	struct physical frozen; /* as the committing transaction has it */
	u32 flags; /* enum buffer_flag */
	u32 users; /* io, or a caller that looks at it */
	struct list hash, lru, set; /* set: running, committing or home */
};

enum buffer_flag {
	BUFFER_VALID = 1, /* `now` has contents */
	BUFFER_READING = 2,
	BUFFER_FAILED = 4, /* could not be read */
	BUFFER_RUNNING = 8, /* changed by the running transaction */
	BUFFER_COMMITTING = 16, /* part of the committing one */
	BUFFER_HOME = 32, /* committed; its place on the disk is older */
};

struct volume;

/*
 * Make an instance of file system domain `kind` ("ext2") for `disk`, as
 * NAME.N. 0 or -errno; `out` is counted.
 */
i32 volume_open(struct disk *disk, const char *kind, int read_only,
		struct volume **out);

/* Everything is written back, the instance stopped and unloaded. */
i32 volume_close(struct volume *v);

/*
 * One operation of the volume's domain: run `ask` until it answers something
 * else than -E_GONE (its next generation is waited for) or -E_AGAIN (the
 * blocks that it missed are waited for). Answers what it answered; if that is
 * 0 or more and `changes`, what it staged holds from then on. Operations that
 * change are made one at a time; those that only read as well.
 */
i32 volume_do(struct volume *v, int changes, i32 (*ask)(void *), void *arg);

/* Make all operations so far durable: commit the running transaction and wait
 * for it; without a journal, write all changed blocks. 0 or -EIO. */
i32 volume_sync(struct volume *v);

/* What the transaction's commit needs of the file contents: called before the
 * commit record is written, once per volume, by the commit thread. Set by the
 * page cache (kernel/space/writeback.c). */
extern i32 (*volume_contents_write)(struct volume *v);

/* Sectors of a block; disk of a volume. */
u32 volume_block_sectors(const struct volume *v);
struct disk *volume_disk(const struct volume *v);

/* Let go of up to `most` clean buffers; returns frames freed. Never sleeps. */
u32 volumes_trim(u32 most);

#endif
