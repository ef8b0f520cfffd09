/*
 * Directories: slots of 32 bytes. A name is a record and, before it, the
 * parts of its long name. A slot's number is its place on the volume, in
 * slots from the volume's beginning; inodes are numbered by it.
 */
#ifndef FS_FAT_FOLDER_H
#define FS_FAT_FOLDER_H

#include "name.h"
#include "volume.h"

#define ROOT 1u /* its inode; no record can be there */

struct folder {
	u32 cluster; /* 0: the root's own place */
	u32 number; /* the inode's */
};

/* An operation begins to look. */
void folder_begin(void);

/* What is at a slot of that number, and what shall be. */
i32 slot_read(u32 number, void *to);
i32 slot_write(u32 number, const void *bytes);

/* Is there a directory entry, as far as the number tells? */
bool slot_ok(u32 number);

/* All slots of a directory, one after the other. */
struct walk {
	const struct folder *dir;
	u32 index; /* of the next one */
	u32 number; /* of the one that was found */
	u32 cluster; /* its cluster */
	const struct record
		*record; /* its bytes, until anything else is read */
};

void walk_begin(struct walk *w, const struct folder *dir, u32 index);

/* The next one: 1, or 0 behind the last. */
i32 walk_on(struct walk *w);

/* A name that is in use. */
struct found {
	u32 first, slots; /* places of its slots in the directory */
	u32 number; /* of its record */
	struct record record;
	struct name name; /* the long one, or the record's */
};

/* The next name from the walk's place on: 1, or 0 if there is none. */
i32 walk_name(struct walk *w, struct found *f);

/* Look for a name: 1 if it is there. */
i32 folder_find(const struct folder *dir, const struct name *n,
		struct found *f);

/* 1 or 0. */
i32 folder_is_empty(const struct folder *dir);

/* Directories in it; what its slots take up, in bytes. */
i32 folder_measure(const struct folder *dir, u32 *folders, u32 *bytes);

/*
 * Enter a name that is not there; all of *r but how it is called is stored as
 * it is. Returns the record's number. -E_FULL.
 */
i32 folder_add(const struct folder *dir, const struct name *n, struct record *r,
	       u32 *number);

/* Take a name out. */
i32 folder_remove(const struct folder *dir, const struct found *f);

/* A directory's first cluster: its own two records. */
i32 folder_make(u32 parent, const struct record *r, u32 *cluster);

/* Where its ".." leads, the first cluster; and let that be another one. */
i32 folder_above(u32 cluster, u32 *above);
i32 folder_above_set(u32 cluster, u32 above);

#endif
