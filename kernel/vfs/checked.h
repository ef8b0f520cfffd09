/*
 * What file system domains answer, looked at before anybody believes it. What
 * is not as gate `filesystem` promises is an input/output error, not a fault.
 */
#ifndef KERNEL_VFS_CHECKED_H
#define KERNEL_VFS_CHECKED_H

#include "core.h"

/* One entry of a directory's list, as the gate has it. */
struct listed {
	u32 inode, next;
	u8 type, length;
	char name[];
} __attribute__((packed));

/* 0, or -EIO: no attributes that an inode can have. */
i32 attributes_check(const struct filesystem_attributes *a);

/* The size of the entry that these `left` bytes begin with, or -EIO. */
i32 listed_check(const struct listed *l, u32 left);

#endif
