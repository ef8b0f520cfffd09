/*
 * Blocks of contents that come: holes are filled.
 */
#ifndef FS_EXT2_GROW_H
#define FS_EXT2_GROW_H

#include "map.h"

/* Before the first hole of an operation: look for a place for block `at`. */
i32 grow_begin(const struct inode *i, u32 at);

/*
 * Give blocks to the hole at block `at`, at most `most`: *run is what is there
 * then, at least one block. The inode is changed, not put. -E_FULL.
 */
i32 hole_fill(struct inode *i, u32 at, u32 most, struct filesystem_run *run);

#endif
