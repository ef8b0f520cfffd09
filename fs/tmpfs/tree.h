/*
 * Steps that operations on a tree have in common. What they answer is 0 or
 * the error that the operation answers.
 */
#ifndef FS_TMPFS_TREE_H
#define FS_TMPFS_TREE_H

#include "mounts.h"

#define WORDS_MOST (NAME_MOST + 1 + TARGET_MOST + 1)

extern char words[WORDS_MOST + 1]; /* what was lent, a NUL behind it */

/* Copy what is lent there. */
i32 words_take(from char *text, u32 size);

/* Can it be a name of its own in a directory? */
i32 word_check(const char *text);

/* A directory by number. */
i32 folder_find(u32 number, struct node **found);

/* May it get that new name? Not if it was removed. */
i32 folder_check(const struct node *dir, const char *text);

/* n's name in `dir` is gone, or leads elsewhere now. Returns links left. */
u32 node_leave(struct node *n, struct node *dir);

#endif
