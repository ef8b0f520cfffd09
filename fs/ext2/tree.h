/*
 * Steps that the operations on names have in common.
 */
#ifndef FS_EXT2_TREE_H
#define FS_EXT2_TREE_H

#include "folder.h"

#define TARGET_MOST 4095u
#define WORDS_MOST  (NAME_MOST + 1 + TARGET_MOST)

extern char words[WORDS_MOST + 1]; /* what was lent, a NUL behind it */

/* Copy what is lent there. -E_BIG. */
i32 words_take(from char *text, u32 size);

/* The name that text begins with: can it be a new one's? */
i32 word_of(const char *text, struct word *w);

/* Look up what must be there: its record and its inode. -E_NAME. */
i32 name_get(const struct inode *dir, struct word w, struct spot *s,
	     struct inode *i);

/* Look for room for what must not be there. -E_EXISTS. */
i32 name_gap(const struct inode *dir, struct word w, struct gap *gap);

/* i lost a name in `dir`: if that was its last it becomes an orphan. Neither
 * inode is put. */
i32 inode_leave(struct inode *i, struct inode *dir);

/* A directory has one directory less in it. */
static inline void link_drop(struct inode *dir)
{
	if (dir->raw.links > 2)
		dir->raw.links--;
}

/* May an inode in `dir` be taken away or replaced, as a folder or as none? */
i32 leave_check(const struct inode *i, bool folder);

#endif
