/*
 * Blocks of contents that go, from the end on, and inodes that go with them.
 * Whatever is too much for one operation is made in steps; between two steps
 * the inode is on the list of orphans.
 */
#ifndef FS_EXT2_TRUNCATE_H
#define FS_EXT2_TRUNCATE_H

#include "map.h"

/* Give back what is beyond `keep` blocks, or a part of that: 1. The inode is
 * changed, not put. */
i32 blocks_truncate(struct inode *i, u32 keep);

/* Cut a file to its size, one step: 1 if there is more to do. Put. */
i32 file_cut(struct inode *i);

/* Give back an inode without links, one step: 1 if there is more to do. */
i32 inode_end(struct inode *i);

/* ---- orphans (orphan.c): inodes without links that are in use, and files
 * that are being cut, in a list through their times of deletion ---- */

/* The first one; 0 if there is none. */
i32 orphan_first(u32 *number);

/* Is it one? Returns 1 or 0. */
i32 orphan_is(u32 number);

/* Put onto the list, or take off; the inode is changed, not put. Who is there
 * already, or is not, stays as it is. */
i32 orphan_add(struct inode *i);
i32 orphan_remove(struct inode *i);

/* Nobody believes the list any more. */
i32 orphans_drop(void);

#endif
