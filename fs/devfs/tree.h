/* What the two halves of devfs have in common. */
#ifndef FS_DEVFS_TREE_H
#define FS_DEVFS_TREE_H

#include "nodes.h"

/* Remember operation `op` with its answer, and make what it changed last. */
i32 operation_end(u32 op, i32 answer);

/* The attributes of any inode that there is, or -E_NAME. */
i32 attributes_give(u32 inode, into struct filesystem_attributes *found);

#endif
