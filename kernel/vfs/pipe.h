/*
 * A pipe as its two sources share it: moving bytes is pipe.c's, making and
 * opening pipe_open.c's.
 */
#ifndef KERNEL_VFS_PIPE_H
#define KERNEL_VFS_PIPE_H

#include "kernel/vfs/file.h"

#define PIPE_PAGES 16u /* unless F_SETPIPE_SZ says otherwise */

struct pipe {
	struct mutex lock; /* of pages, start, and changes to used */
	u32 start, used; /* first byte in the ring; how many there are */
	u32 size; /* of the ring: whole pages */
	u8 **pages; /* NULL until it is needed; in the direct map */
	u8 *own_pages[PIPE_PAGES];
	u32 users; /* open files; guarded by the inode's lock */

	/* guarded by the scheduler's lock */
	u32 readers, writers; /* open files */
	u32 readers_ever, writers_ever; /* counts of openings */
	u32 want_bytes, want_room; /* somebody may sleep there */
	struct wait_queue readers_asleep, writers_asleep, opening;
	struct notifier notifier; /* watches alone */
};

/* An inode's pipe, one more user of it; made if there is none. NULL without
 * memory. */
struct pipe *pipe_take(struct inode *i);
void pipe_drop(struct inode *i, struct pipe *p);

#endif
