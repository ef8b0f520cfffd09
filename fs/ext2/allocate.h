/*
 * Blocks and inodes, taken and given back in the groups' bitmaps.
 */
#ifndef FS_EXT2_ALLOCATE_H
#define FS_EXT2_ALLOCATE_H

#include "volume.h"

/*
 * Take up to `want` free blocks that follow each other, near `goal`: *block
 * and *count. -E_FULL. What they hold is undefined.
 */
i32 blocks_take(u32 goal, u32 want, u32 *block, u32 *count);

/* Give back blocks that contents, or tables, were in. -E_FORM if they cannot
 * have been. */
i32 blocks_give(u32 block, u32 count);

/* Take a free inode: for a directory in a group that has room for what will
 * be in it, for others in their directory's group. -E_FULL. */
i32 inode_number_take(u32 dir, bool folder, u32 *number);
i32 inode_number_give(u32 number, bool folder);

/* ---- bits of one bitmap, in memory ---- */

extern u8 bitmap[4096];

/* The first bit of `from_here` to `end` that is clear, or set; `end` if there
 * is none. */
u32 bits_find(u32 from_here, u32 end, bool set);

#endif
