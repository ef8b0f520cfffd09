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
#include "kernel/vfs/mode.h"

struct instant {
	u32 seconds, nanoseconds; /* since 1970 */
};

struct store;

/* A tree of some file system, and where it hangs in the tree of all. */
struct mount {
	struct store *store; /* the domain behind it (kernel/vfs/store.h) */
	char type[MANIFEST_NAME_SIZE]; /* what it is called */
	char source[64];
	struct inode *root; /* counted */
	struct entry *top; /* the root's, counted */
	struct entry *over; /* of the directory below; counted. NULL: root */
	u32 number; /* st_dev, from MOUNT_FIRST on */
	u32 flags; /* as mount(2): enum mount_flag */
	u32 magic; /* statfs' f_type */
	struct list dirty; /* inodes with dirty pages */
	u32 arriving; /* inodes with pages on their way into the cache */
	u32 writing[2], turn; /* pages on their way: see cache_written_turn */
	u8 in_memory; /* contents are in the page cache and nowhere else */
	struct list list; /* of mounts */
};

#define MOUNT_FIRST 16u
#define MOUNT_NONE  8u /* st_dev of what has no mount */

enum mount_flag {
	MOUNT_READ_ONLY = 1, /* MS_RDONLY, and so on */
	MOUNT_NO_SUID = 2,
	MOUNT_NO_DEVICES = 4,
	MOUNT_NO_EXECUTE = 8,
	MOUNT_NO_ACCESSED = 1024,
	MOUNT_SEALED = 1 << 27, /* ours: its domain is sealed */
};

/* Bits of filesystem.change, of inode.dirty. */
enum change_bit {
	CHANGE_MODE = 1,
	CHANGE_UID = 2,
	CHANGE_GID = 4,
	CHANGE_SIZE = 8,
	CHANGE_ACCESSED = 16,
	CHANGE_MODIFIED = 32,
	CHANGE_CHANGED = 64,
};

struct inode {
	struct mount *mount; /* NULL: pipes, sockets and the like */
	u32 number;
	u32 mode, links, uid, gid;
	u32 device; /* major << 8 | minor of device nodes */
	u64 size;
	u32 blocks;
	struct instant accessed, modified, changed;
	u32 flags; /* enum inode_flag */
	u32 jump, process; /* see filesystem.gate */
	u32 users; /* atomic; from and to 0 under the inode table's lock */
	u32 writers, text; /* open for writing; being executed */
	u32 dirty; /* attributes newer than the file system's: change_bit */
	u32 deleted; /* its last name is gone */
	struct mutex lock; /* size, contents, attributes */
	struct cached pages;
	/* Of contents on a volume; the cache's lock guards them. */
	u32 dirty_pages, writing_pages;
	u8 cutting; /* pages are being cut off: none is to be written */
	u8 blocks_old; /* `blocks` is to be asked for */
	u8 failed; /* a page could not be written; told by the next fsync */
	u32 next_page, ahead; /* reading on: where that would be, how much */
	u32 ahead_at; /* and when the next ones are to be asked for */
	struct arrival *arriving; /* pages on their way into the cache */
	u32 arrived; /* of these; counts on */
	struct list dirty_list; /* of the mount's, under the table's lock */
	struct mutex syncing; /* see inode_placing */
	struct list areas; /* unused by the vfs: kernel/space's, for truncate */
	void *special; /* pipe of a fifo, socket bound here; its owner's.
			* Of symbolic links: the target, once it was read */
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

/* May the current process do that (enum permit)? 0, -EACCES, or -EROFS.
 * Threads of the core may do everything. The second asks for its real ids. */
enum permit { PERMIT_EXECUTE = 1, PERMIT_WRITE = 2, PERMIT_READ = 4 };
i32 inode_permit(struct inode *i, u32 want);
i32 inode_permit_real(struct inode *i, u32 want);

/* Is the current process (by its file system ids) the owner, or root? */
int inode_owned(const struct inode *i);

/* Is that group one of the current process'? */
int group_mine(u32 gid);

/* Now, for a time stamp; set the clock to `now`; nanoseconds since 1970 that
 * the origin of tsc_now() is at. */
struct instant instant_now(void);
void instant_set(struct instant now);
u64 instant_origin(void);
void instant_start(void); /* ask the clock; once domains run */

/* Mark attributes as changed (change_bit) for write-back; the three times
 * become now. Access times as with Linux' relatime. */
void inode_touch(struct inode *i, u32 which);

/* Tell the file system of changed attributes, now. 0 or -errno. */
i32 inode_sync(struct inode *i);

/*
 * From the first to the second, what the file system knows of i's size and
 * blocks is changed by the caller alone: nobody else tells it of a size that
 * was, and so takes blocks away that i just got. i's lock is taken before.
 */
void inode_placing(struct inode *i);
void inode_placed(struct inode *i);

/* As inode_sync, in between. */
i32 inode_sync_placing(struct inode *i);

/* Attributes of an INODE_ASK inode as they are now. 0 or -errno. */
i32 inode_refresh(struct inode *i);

/* Make `blocks` true, where contents got blocks since it was asked for. */
void inode_count_blocks(struct inode *i);

/* Read one page's worth from a file system that is on no volume. */
i32 inode_read_page(struct inode *i, u32 index, void *page);

/* The volume that an inode's contents are on; NULL: on none. */
struct volume *inode_volume(const struct inode *i);

/* Make contents and attributes durable: fsync. 0 or -errno. */
i32 inode_flush(struct inode *i);

/* Write back all that is changed, of one mount or (NULL) of all. 0 or -errno.
 */
i32 inodes_sync(struct mount *m);

/* Free what was deleted and has no users, now; no locks held. */
void inodes_settle(void);

/* The same by whoever is about to delete something and promised it before:
 * until then no thread is woken for it. */
void inodes_promise(void);
void inodes_keep_promise(void);

/* Forget unused inodes without cached pages; returns how many went. */
u32 inodes_trim(u32 most);

#endif
