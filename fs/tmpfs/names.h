/*
 * Names in directories: found by a hash over directory and name, listed by
 * position. A position stays a name's own for as long as the name is there.
 */
#ifndef FS_TMPFS_NAMES_H
#define FS_TMPFS_NAMES_H

#include "store.h"

#define POSITION_FIRST 16u /* those below mean the beginning */

/* A name as somebody states it. */
struct word {
	const char *text;
	u32 length;
	u32 hash; /* in the directory it is for: word_in */
};

/* The same word, for that directory. */
struct word word_in(u32 dir, const char *text, u32 length);

/* NULL if the directory has no such name. */
struct name *name_find(u32 dir, struct word w);

/* Cells that it takes to insert a name of that length. */
u32 name_cells(u32 length);

/* A new name for an inode; its cells are reserved. Links are the caller's. */
void name_insert(u32 dir, struct word w, u32 node);

void name_remove(struct name *n);

/* The first name at that position or behind it; NULL at the end. */
struct name *name_from(u32 dir, u32 position);

/* All of its text, n->length bytes. */
void name_copy(char *to, const struct name *n);

/* The next call of name_from on that directory starts well with this name. */
void name_remember(const struct name *n);

#endif
