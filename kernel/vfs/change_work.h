/* What the files that change the tree have in common. */
#ifndef KERNEL_VFS_CHANGE_WORK_H
#define KERNEL_VFS_CHANGE_WORK_H

#include "kernel/vfs/change.h"
#include "kernel/vfs/entry.h"
#include "kernel/vfs/store.h"

static inline int is_kind(const struct inode *i, u32 kind)
{
	return (i->mode & MODE_KIND) == kind;
}

/* A name of a directory that may be changed: n, or -errno. */
i32 change_name(struct place folder, const char *name, struct name *n);

/* May the current process take e's name out of its directory? -errno. */
i32 change_may_remove(struct inode *dir, struct inode *i);

/* One name of i went; with `folder`, the only one of a directory. */
void change_lost(struct inode *dir, struct inode *i, int folder);

/* Entries of dir were changed, and i's links. */
void change_stamp(struct inode *dir, struct inode *i);

/* For archives: make or link without a look for the name first, without
 * checks, and without an entry. `out` is counted. 0, -EEXIST or -errno. */
i32 change_unpack(struct place folder, const char *name,
		  struct store_owner owner, u32 device, const char *target,
		  struct inode **out);
i32 change_unpack_link(struct inode *i, struct place folder, const char *name);

#endif
