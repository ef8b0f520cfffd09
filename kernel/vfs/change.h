/*
 * Changes to the tree by the core's own code as well as by system calls: each
 * takes a directory's place and a name, checks permissions, asks the file
 * system and keeps the caches right. 0 or -errno.
 */
#ifndef KERNEL_VFS_CHANGE_H
#define KERNEL_VFS_CHANGE_H

#include "kernel/vfs/path.h"

/* Any kind of file; `device` for nodes, `target` for symbolic links. `out`
 * (may be NULL) is counted for the caller. */
i32 change_make(struct place folder, const char *name, u32 mode, u32 device,
		const char *target, struct place *out);
i32 change_link(struct place old, struct place folder, const char *name);
i32 change_unlink(struct place folder, const char *name, int is_folder);
i32 change_rename(struct place folder, const char *name, struct place to,
		  const char *to_name, u32 how);
i32 change_truncate(struct inode *i, u64 size);

/* Unpack a boot module (cpio newc) into the root; contents of page-aligned
 * files are adopted, not copied. 0 or -errno, with a message printed. */
i32 unpack_archive(const u8 *archive, u32 size);

#endif
