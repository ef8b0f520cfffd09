/*
 * Steps that the operations on names have in common.
 */
#ifndef FS_FAT_TREE_H
#define FS_FAT_TREE_H

#include "inode.h"

/* One name in a directory. */
struct spot {
	struct folder dir;
	struct name name;
	struct found found; /* valid if it is there */
};

/* Look for the name of `size` bytes in `dir`: 1 if it is there. */
i32 spot_find(struct spot *s, u32 dir, const char *text, u32 size);

/* What is there loses its name: it is an orphan from now on. -E_FILLED. */
i32 spot_leave(struct spot *s);

#endif
