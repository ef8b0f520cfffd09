/*
 * The directory pts/: pseudo-terminals that there are now, under their
 * numbers. Their inodes are numbered from TERMINAL_INODE on.
 */
#ifndef FS_DEVFS_TERMINALS_H
#define FS_DEVFS_TERMINALS_H

#include "nodes.h"

#define TERMINAL_INODE 0x1000u

/* Is that inode a pseudo-terminal that there is? */
bool terminal_is(u32 inode);

/* The one that this text numbers: its inode, or 0. */
u32 terminal_named(const char *name);

/* The first inode of a terminal from `inode` on; 0: none. */
u32 terminal_next(u32 inode);

void terminal_describe(u32 inode, struct filesystem_attributes *a);

/* Remember a changed owner or mode (bits of filesystem.change). */
void terminal_change(u32 inode, u32 which,
		     const struct filesystem_attributes *a);

#endif
