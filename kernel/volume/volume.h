/*
 * Volumes: a disk with a file system on it, and the domain instance that
 * understands it. Blocks of metadata are cached here. What one operation of
 * the domain writes is staged, and becomes the volume's contents all at once
 * when the operation has returned well, or not at all: so a domain may die at
 * any moment, and the operation is simply made again.
 */
#ifndef KERNEL_VOLUME_VOLUME_H
#define KERNEL_VOLUME_VOLUME_H

#include "kernel/disk/disk.h"
#include "kernel/domain.h"

struct mount;
struct volume;

/*
 * Make an instance of file system domain `kind` ("ext2") for `disk`, as
 * `flags` (enum mount_flag) say: read-only, sealed. 0, -ENODEV (no such
 * domain), -EBUSY (the disk is in use), -ENOMEM.
 */
i32 volume_open(struct disk *disk, const char *kind, u32 flags,
		struct volume **out);

/* Everything is written back, the instance stopped and unloaded. What could
 * not be written is lost, with a message. */
void volume_close(struct volume *v);

/* The instance's name ("ext2.1"); its disk; sectors of one of its blocks. */
const char *volume_domain(const struct volume *v);
struct disk *volume_disk(const struct volume *v);
u32 volume_block_sectors(const struct volume *v);

/* Where it is mounted. */
struct mount *volume_mount(const struct volume *v);
void volume_mount_set(struct volume *v, struct mount *m);

/* Something is to be written within five seconds. */
void volume_changed(struct volume *v);

/*
 * One operation of the volume's domain: volume_begin, the down call, and
 * volume_end, which answers 1 if all of it is to be done again (blocks that
 * it missed are there now); *answer is its result. What an operation that
 * `changes` staged holds if *answer is 0 or more, and is dropped otherwise.
 * No other operation of the volume runs in between. May sleep.
 */
void volume_begin(struct volume *v, int changes);
int volume_end(struct volume *v, i32 *answer);

/* Make all operations so far durable, with the contents that belong to them.
 * 0 or -EIO. */
i32 volume_sync(struct volume *v);

/* The same, and let the journal be empty: what one block says after that is
 * written to its place at once. */
i32 volume_settle(struct volume *v);

/* Write from now on, or only read; the domain has been told. -EROFS. */
i32 volume_read_only(struct volume *v, int read_only);

/* Let go of up to `most` frames of what can be read again; how many went.
 * Never sleeps. Frames that the caches have now. */
u32 volumes_trim(u32 most);
u32 volumes_frames(void);

#endif
