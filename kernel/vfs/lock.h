/*
 * Advisory locks on files: what locks an inode has (lock.c), and the calls
 * that ask for them (lock_call.c).
 */
#ifndef KERNEL_VFS_LOCK_H
#define KERNEL_VFS_LOCK_H

#include "kernel/vfs/file.h"

#define LOCK_END 0x7FFFFFFFFFFFFFFFull /* the last byte there can be */

enum lock_kind {
	LOCK_RECORD, /* of a process (its table of files), or an open file */
	LOCK_FLOCK, /* whole files, of open files; apart from the others */
};

enum lock_type { LOCK_READ, LOCK_WRITE, LOCK_NONE };

struct file_lock {
	struct list list; /* of the inode */
	enum lock_kind kind;
	enum lock_type type;
	const void *owner; /* struct files or struct file */
	u32 pid; /* the owner's; -1: an open file's */
	u64 first, last;
};

/* The lock that keeps `wanted` from being given, in *found: 1; or 0. */
int lock_test(struct inode *i, const struct file_lock *wanted,
	      struct file_lock *found);

/*
 * Give `wanted` (LOCK_NONE takes away) in place of whatever its owner has
 * there. What is in the way is waited for, or -EAGAIN. -EDEADLK, -ENOLCK
 * without memory, -ERESTARTSYS.
 */
i32 lock_set(struct inode *i, const struct file_lock *wanted, int wait);

#endif
