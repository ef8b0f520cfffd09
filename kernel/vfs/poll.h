/*
 * Waiting for any of several files: what poll and select have in common.
 */
#ifndef KERNEL_VFS_POLL_H
#define KERNEL_VFS_POLL_H

#include "kernel/vfs/file.h"

struct poller;

/* One file among those waited for. */
struct polled {
	struct file *file; /* counted; NULL: none, `found` stands */
	u32 descriptor;
	u32 want, found; /* enum ready, and the finer bits of poll */
	struct watch watch;
	struct poller *poller;
};

/*
 * Wait until a file has what is wanted of it (errors and hang-ups always are),
 * a signal comes, or the deadline; 0 does not wait. How many have something,
 * or -EINTR. All files are given back.
 */
i32 poll_wait(struct polled *list, u32 count, u64 deadline);

#endif
