/* Changing attributes of inodes; for the calls that do. */
#ifndef KERNEL_VFS_ATTRIBUTES_H
#define KERNEL_VFS_ATTRIBUTES_H

#include "kernel/vfs/inode.h"

struct wanted {
	u32 mode, uid, gid;
	struct instant accessed, modified;
};

/* Take over those of `which` (change_bit); the inode's lock is held. 0 or
 * -errno. */
i32 attributes_change(struct inode *i, u32 which, const struct wanted *w);

/* -EROFS on a mount that is read only. */
i32 attributes_writable(const struct inode *i);

#endif
