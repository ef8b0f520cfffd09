/*
 * Where the contents of an inode are: its block map of direct pointers and up
 * to three levels of blocks full of pointers.
 */
#ifndef FS_EXT2_MAP_H
#define FS_EXT2_MAP_H

#include "inode.h"

#define HOLE	   0xFFFFFFFFu
#define LEVELS	   3u
#define TABLE_MOST 1024u

/* The way to a block of contents: a slot of the inode's, and one in each table
 * below it. */
struct way {
	u32 depth; /* tables on the way; LEVELS + 1: no inode goes so far */
	u32 slot[LEVELS + 1];
};

struct way way_to(u32 at);

/* Blocks that a table `depth` levels above contents leads to, as a shift. */
u32 way_shift(u32 depth);

/* Begin to look with nothing known; a table is about to change. */
void map_begin(void);
void map_forget(void);

/*
 * What is at block `at` of the contents: a run of at most `most` blocks. The
 * run begins there and may be shorter than what is there.
 */
i32 map_run(const struct inode *i, u32 at, u32 most,
	    struct filesystem_run *run);

/* The same for one block: *block is 0 in a hole. */
i32 map_block(const struct inode *i, u32 at, u32 *block);

/* Runs of one list, joined where one continues another. Full: false. */
struct runs {
	struct filesystem_run *list;
	u32 count, room;
};

bool runs_add(struct runs *r, const struct filesystem_run *run);

/* How many blocks its size says there are; -E_FORM beyond `most`. */
i32 inode_blocks(const struct inode *i, u32 most, u32 *count);

#endif
