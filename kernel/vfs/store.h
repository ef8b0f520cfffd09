/*
 * Stores: the file system domains, as the core's client of their gate. Every
 * call is made again of the next generation after -E_GONE; a change under the
 * same number, so that a death in the middle of one is not noticed.
 */
#ifndef KERNEL_VFS_STORE_H
#define KERNEL_VFS_STORE_H

#include "kernel/disk/disk.h"
#include "kernel/vfs/inode.h"

/* One domain; several mounts may be of it, unless it is a volume's. */
struct store {
	struct import file_system;
	struct volume *volume; /* NULL: it keeps its tree somewhere else */
	char domain[MANIFEST_NAME_SIZE];
	struct mutex changing; /* one change, or uncached look-up, at a time */
	u32 operation; /* number of the last change; guarded by changing */
	u32 users; /* mounts */
	struct list list;
};

#define RUN_HOLE 0xFFFFFFFFu /* struct filesystem_run: no blocks */

/* The store of a domain by name, counted; one of a disk, with a new instance
 * of `kind`; `flags`: enum mount_flag. 0, -ENODEV, -EBUSY or -ENOMEM. */
i32 store_open(const char *domain, struct store **out);
i32 store_open_disk(const char *kind, struct disk *disk, u32 flags,
		    struct store **out);
void store_close(struct store *s);

/*
 * The gate's functions, answering -errno. Those that take names take `size`
 * bytes without a NUL at the end. Where `changing` is to be held, the caller
 * holds it.
 */
i32 store_mount(struct store *s, const char *options);
i32 store_lookup(struct inode *dir, const char *name, u32 size,
		 struct filesystem_attributes *found);
i32 store_attributes(struct mount *m, u32 number,
		     struct filesystem_attributes *found);
i32 store_readlink(struct inode *i, char *target, u32 room);
i32 store_space(struct mount *m, struct filesystem_space *found);
i32 store_entries(struct inode *dir, u32 at, u8 *list, u32 room);
i32 store_read(struct inode *i, u32 at, void *lent, u32 size);
i32 store_write(struct inode *i, u32 at, const void *lent, u32 size);

/* Where contents are: runs of blocks of the store's volume; how many, or
 * -errno. `store_allocate` gives blocks to holes first, and lets the inode
 * have at least `size` bytes. */
i32 store_map(struct inode *i, u32 at, u32 count, struct filesystem_run *runs,
	      u32 room);
i32 store_allocate(struct inode *i, u32 at, u32 count, u64 size,
		   struct filesystem_run *runs, u32 room);
i32 store_writing(struct store *s, u32 on);

/* Changes: `changing` held. */
struct store_owner {
	u32 mode, uid, gid;
};
i32 store_make(struct inode *dir, struct store_owner owner, const char *text,
	       u32 size, struct filesystem_attributes *made);
i32 store_link(struct inode *dir, struct inode *i, const char *name, u32 size);
i32 store_unlink(struct inode *dir, u32 folder, const char *name, u32 size);
/* `moved` and, if that is there, `replaced` are what the names lead to. */
i32 store_rename(struct inode *dir, struct inode *to, u32 how,
		 const char *names, u32 size, struct inode *moved,
		 struct inode *replaced);
i32 store_change(struct inode *i, u32 which,
		 const struct filesystem_attributes *wanted);
i32 store_forget(struct store *s, u32 number);

#endif
