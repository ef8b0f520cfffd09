/*
 * Inodes and mounts as the core has them: the attributes while somebody uses
 * them, the cached pages, and what a special file leads to. The file system
 * that an inode is of is a domain behind the `filesystem` gate.
 */
#ifndef KERNEL_VFS_INODE_H
#define KERNEL_VFS_INODE_H

#include "core.h"
#include "kernel/domain.h"
#include "kernel/mutex.h"
#include "kernel/space/cache.h"

#define MODE_KIND      0170000u
#define MODE_SOCKET    0140000u
#define MODE_LINK      0120000u
#define MODE_FILE      0100000u
#define MODE_BLOCK     0060000u
#define MODE_FOLDER    0040000u
#define MODE_CHARACTER 0020000u
#define MODE_FIFO      0010000u

struct instant {
	u32 seconds, nanoseconds; /* since 1970 */
};

struct mount {
	struct import file_system;
	char domain[MANIFEST_NAME_SIZE];
	char source[64];
	struct inode *root; /* counted */
	struct inode *over; /* the directory it is mounted on; NULL: root */
	struct mount *parent;
	u32 number; /* st_dev */
	u32 flags; /* as mount(2): MS_RDONLY ... */
	u32 magic; /* statfs' f_type */
	u32 operation; /* number of the last change asked for */
	struct mutex changing; /* one change to the tree at a time */
	struct list list;
	u32 users; /* open files and working directories */
};

struct inode {
	struct mount *mount; /* NULL: pipes, sockets and the like */
	u32 number;
	u32 mode, links, uid, gid;
	u32 device; /* major << 8 | minor of device nodes */
	u64 size;
	u32 blocks;
	struct instant accessed, modified, changed;
	u32 flags; /* attributes' flags */
	u32 jump, process; /* see filesystem.gate */
	u32 users; /* guarded by the inode table's lock */
	u32 writers, text; /* open for writing; being executed */
	u32 dirty; /* attributes newer than the file system's (change bits) */
	u32 deleted; /* its last name is gone */
	struct mutex lock; /* size, contents, entries */
	struct cached pages;
	struct list areas; /* unused by the vfs: kernel/space's, for truncate */
	void *special; /* pipe of a fifo, socket bound here; its owner's */
	struct list locks; /* advisory locks (kernel/vfs/lock.c) */
	struct mount *covered; /* mounted here */
	struct list hash, unused;
};

/* Get an inode by number, asking its file system if it is not there; counted.
 * 0 or -errno. */
i32 inode_get(struct mount *m, u32 number, struct inode **out);

/* The same, with attributes that a gate just gave. */
i32 inode_from(struct mount *m, const struct filesystem_attributes *a,
	       struct inode **out);

/* One without a mount: a pipe's, a socket's. NULL without memory. */
struct inode *inode_anonymous(u32 mode);

void inode_hold(struct inode *i);
void inode_drop(struct inode *i);

/* May the current process do that (4 read, 2 write, 1 execute)? 0, -EACCES. */
i32 inode_permit(struct inode *i, u32 want);

/* Now, for a time stamp. */
struct instant instant_now(void);

/* Mark attributes as changed (bits of filesystem.change) for write-back. */
void inode_touch(struct inode *i, u32 which);

/* Tell the file system of changed attributes, now. 0 or -errno. */
i32 inode_sync(struct inode *i);

/* Read one page's worth from the file system, for the cache: bytes or -errno.*/
i32 inode_read_page(struct inode *i, u32 index, void *page);

#endif
