/*
 * Inodes, one at a time in the caller's memory: taken from the table, changed,
 * put back. What is not put back never was.
 */
#ifndef FS_EXT2_INODE_H
#define FS_EXT2_INODE_H

#include "volume.h"

struct inode {
	u32 number;
	u32 block, at; /* its place in the table */
	struct disk_inode raw;
};

/* An inode that files may have. -E_NAME if that number has none. */
i32 inode_get(u32 number, struct inode *i);
i32 inode_put(const struct inode *i);

/* Where the inode of any number that there is lies, used or not. */
i32 inode_locate(u32 number, struct inode *i);

/* The journal's inode, which is no file. */
i32 inode_get_journal(struct inode *i);

/* Is it a number that a directory may lead to? */
bool inode_number_ok(u32 number);

/* Part of an inode that is not in memory. */
i32 inode_peek(u32 number, u32 at, void *to, u32 size);
i32 inode_poke(u32 number, u32 at, const void *bytes, u32 size);

static inline u32 inode_kind(const struct inode *i)
{
	return i->raw.mode & MODE_KIND;
}

static inline bool is_folder(const struct inode *i)
{
	return inode_kind(i) == MODE_FOLDER;
}

/* A directory that has, or had, names. */
i32 folder_get(u32 number, struct inode *i);

/* Size in bytes, of anything. */
static inline u64 inode_size(const struct inode *i)
{
	if (is_folder(i))
		return i->raw.size;
	return (u64)i->raw.size_high << 32 | i->raw.size;
}

/* The largest size that a file can have. */
u64 size_most(void);

/* Set the size of a file. The superblock is told of large files. */
i32 inode_size_set(struct inode *i, u64 size);

enum stamp { STAMP_ACCESSED = 1, STAMP_MODIFIED = 2, STAMP_CHANGED = 4 };

/* Those times are now. */
i32 inode_stamp(struct inode *i, u32 which);

/* One time (enum stamp, one bit) by hand. */
void inode_time_set(struct inode *i, u32 which, u32 seconds, u32 nanoseconds);

void inode_attributes(const struct inode *i, struct filesystem_attributes *a);

/* Do its block slots hold a symbolic link's text? */
bool inode_is_fast_link(const struct inode *i);

/* Device numbers as inodes have them. */
u32 device_get(const struct inode *i);
void device_set(struct inode *i, u32 device);

/* A free inode near its directory: taken, empty, not yet in the table. */
i32 inode_make(const struct inode *dir, u32 mode, u32 uid, u32 gid,
	       struct inode *made);

/* All of it into the table, with what is behind it cleared. */
i32 inode_put_new(const struct inode *i);

/* Its number is free again; links and blocks it has none any more. */
i32 inode_free(struct inode *i);

#endif
