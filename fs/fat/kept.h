/*
 * What has no place on a FAT volume and is kept in memory that outlives the
 * domain: the mount's options, and files without a name that somebody has
 * open yet. One change of it takes place together with the operation that
 * makes it, or not at all.
 */
#ifndef FS_FAT_KEPT_H
#define FS_FAT_KEPT_H

#include "volume.h"

struct orphan {
	u32 number; /* its inode's: where its entry was. 0: none */
	struct record record;
};

struct options {
	u32 uid, gid;
	u32 file_mask, folder_mask; /* permissions that there are not */
	u32 was_clean; /* when it was mounted */
	u32 block_size; /* 0: not mounted yet */
};

extern struct options options;

/* Find what is kept; once. */
void kept_start(void);

/* Keep `options` from now on; there are no orphans. In `mount`. */
i32 options_keep(void);

/* Changes of this operation: none yet; make the one there is. */
void kept_begin(void);
i32 kept_end(i32 answer);

/* NULL: no such one. */
const struct orphan *orphan_find(u32 number);

/* Is the slot of that number an orphan's? */
bool slot_is_taken(u32 number);

/* At the end of the operation: it becomes one, with what its record says now;
 * or is none any more. -E_MEMORY if there are too many. */
i32 orphan_set(u32 number, const struct record *r);
void orphan_end(u32 number);

#endif
