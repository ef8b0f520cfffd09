/*
 * Inodes: a directory entry each. Their number is the entry's place, so that
 * it can be found again by whoever knows nothing else; it changes when a file
 * gets another name, and is not given to another file while somebody has the
 * file open whose name is gone.
 */
#ifndef FS_FAT_INODE_H
#define FS_FAT_INODE_H

#include "folder.h"

#define NO_HOLES 4u /* attributes' flags, as the gate has them */

struct inode {
	u32 number;
	bool is_orphan;
	struct record record, stored; /* stored: as it is on the volume */
};

/* The first cluster that a record says; another one. */
u32 record_cluster(const struct record *r);
void record_cluster_set(struct record *r, u32 cluster);

/* -E_NAME if there is none of that number. */
i32 inode_get(u32 number, struct inode *i);

/* What was found is one. */
void inode_of(const struct found *f, struct inode *i);

/* Its record goes back if it was changed. */
i32 inode_put(struct inode *i);

static inline bool is_folder(const struct inode *i)
{
	return i->record.attributes & RECORD_FOLDER;
}

/* A directory: -E_KIND if it is none, -E_NAME if it has no name any more. */
i32 folder_get(u32 number, struct folder *dir);
i32 folder_of(const struct inode *i, struct folder *dir);

/* The first cluster that a directory in this one has as its "..". */
static inline u32 folder_dots(const struct folder *dir)
{
	return dir->number == ROOT ? 0 : dir->cluster;
}

/* Directories are measured for it. */
i32 inode_attributes(const struct inode *i, struct filesystem_attributes *a);

/* ---- times: FAT has local ones, taken for universal time here ---- */

struct moment {
	u16 date, time;
};

struct moment moment_of(u32 seconds);
u32 moment_seconds(u32 date, u32 time);

#endif
