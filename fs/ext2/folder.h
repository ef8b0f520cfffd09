/*
 * Directories: blocks of records, each with an inode, a type and a name. A
 * record never moves, so that its byte offset is its position for good.
 */
#ifndef FS_EXT2_FOLDER_H
#define FS_EXT2_FOLDER_H

#include "map.h"

#define FOLDER_BLOCKS_MOST 32768u

/* A name as somebody states it. */
struct word {
	const char *text;
	u32 length;
};

/* A record in its directory. */
struct spot {
	u32 block, at; /* on the volume; byte of the block */
	u32 inode;
};

/* Where a record has room behind it for a new one; block 0: nowhere. */
struct gap {
	u32 block, at;
};

/* An operation begins, one that changes something or only looks. Did the one
 * before end well? Else what it did never was. */
void folder_begin(bool changes, bool ended);
void block_begin(bool ended); /* block.c's part of it */

/* How many operations began that change something; one more, for it is not
 * the volume that it was. */
u32 folder_changes(void);
void folder_changed(void);

/* Look a name up. 1: *found is its record; 0: there is none, and *gap is room
 * for it. */
i32 folder_find(const struct inode *dir, struct word name, struct spot *found,
		struct gap *gap);

/* What folder_find found lately (known.c), if nothing changed since then. */
bool known_find(const struct inode *dir, struct word name, i32 *there,
		struct spot *found, struct gap *gap);
void known_set(const struct inode *dir, struct word name, i32 there,
	       const struct spot *found, const struct gap *gap);
void known_forget(void);

/* A new record in that gap. The directory's inode is changed, not put. */
i32 folder_insert(struct inode *dir, const struct gap *gap, struct word name,
		  const struct inode *i);

/* Take a record away; let it lead to another inode. */
i32 folder_remove(const struct spot *s);
i32 folder_replace(const struct spot *s, const struct inode *i);

/* Has it no names but its own two? 1 or 0. */
i32 folder_is_empty(const struct inode *dir);

/* The directory that "..", in block 0, leads to; let it lead elsewhere. */
i32 folder_parent(const struct inode *dir, u32 *parent);
i32 folder_parent_set(const struct inode *dir, u32 parent);

/* The first block of a new directory. The inode is changed, not put. */
i32 folder_make(struct inode *dir, u32 parent);

/* ---- one block of a directory at a time (block.c) ---- */

/* Records of the block that was loaded last. Checked: it is filled with whole
 * ones. */
extern u8 *folder_bytes;

struct walk {
	const struct inode *dir;
	u32 next, count; /* block to come; blocks there are */
	u32 block; /* the one in memory */
	struct filesystem_run run;
};

/* Walk through a directory from its block `first` on; the next block is in
 * memory after the second: 1, or 0 at the end. */
i32 walk_begin(struct walk *w, const struct inode *dir, u32 first);
i32 walk_on(struct walk *w);

/* Load one block, 0 or an error; or one that was in no directory yet, as zeros,
 * which the caller fills. */
i32 folder_load(u32 block);
void folder_fresh(u32 block);
bool folder_loaded(u32 block); /* is it in memory? */
void folder_forget(void); /* all of them */

/* Bytes of the block loaded last go to the volume. */
i32 folder_store(u32 at, u32 size);

/* In the block loaded last: the record of a name, or the block's size; a
 * record with `need` bytes of room, or the block's size. */
u32 folder_name_at(struct word name);
u32 folder_room_at(u32 need);

/* There is a record, and its name, from now on; soon it is none, and its room
 * is that of the one at `before`. */
void record_came(u32 at);
void record_goes(u32 at, u32 before);

/* Bytes that a record with a name of that length takes; that one uses. */
static inline u32 record_bytes(u32 length)
{
	return (RECORD_SIZE + length + 3) & ~3u;
}

static inline u32 record_used(const struct record *r)
{
	return r->inode ? record_bytes(r->length) : 0;
}

static inline struct record *record_at(u32 at)
{
	return (struct record *)(folder_bytes + at);
}

static inline char *record_name(u32 at)
{
	return (char *)folder_bytes + at + RECORD_SIZE;
}

#endif
