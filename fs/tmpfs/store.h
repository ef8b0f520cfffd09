/*
 * What tmpfs keeps: cells of 64 bytes in kept memory, numbered from its
 * beginning; an inode's number is its cell's. Whatever is changed is named by
 * touch() and becomes what a next generation finds by store_commit(), all of
 * it together: as kept memory is always a whole tree, nothing is rebuilt.
 */
#ifndef FS_TMPFS_STORE_H
#define FS_TMPFS_STORE_H

#include "tmpfs.h"

#define KEPT_MOST   (12u << 20) /* as tmpfs.dom states it */
#define CELL	    64u
#define BUCKETS	    16384u
#define HEAD_SIZE   4096u
#define FIRST_CELL  ((HEAD_SIZE + BUCKETS * 4) / CELL)
#define CELLS_MOST  (KEPT_MOST / CELL)
#define MOUNTS	    64u
#define NAME_MOST   255u
#define TARGET_MOST 4095u

enum cell_kind { CELL_FREE, CELL_NODE, CELL_NAME, CELL_TEXT };

struct free_cell {
	u8 kind, zero[3];
	u32 next;
};

/* An inode. */
struct node {
	u8 kind;
	u8 mount;
	u16 mode;
	u32 links; /* of directories: 2 and one for each directory in it */
	u32 uid, gid;
	u32 size, size_high, blocks;
	u32 times[6]; /* accessed, modified, changed: s, ns each */
	union {
		struct {
			u32 first, last; /* names in it, by position */
			u32 parent; /* a root is its own */
		};
		u32 target; /* text of a symbolic link */
		u32 device;
	};
};

/* A name in a directory. Its end, if it is long, lies in text cells. */
struct name {
	u8 kind;
	u8 length;
	u16 zero;
	u32 hash, chain; /* the next name in the same bucket */
	u32 next, prev; /* in its directory, by ascending position */
	u32 dir, node;
	u32 position;
	u32 more;
	char text[28];
};

struct text {
	u8 kind, zero[3];
	u32 next;
	char text[56];
};

/*
 * A mounted tree, and the last operation in it: one that comes again is
 * answered and not done again.
 */
struct mount {
	u32 root; /* 0: this mount is free */
	u32 ending; /* its tree is being taken down */
	u32 operation, what;
	u32 subject; /* inode that it was about */
	i32 answer;
};

/* The first page of kept memory. */
struct head {
	u32 magic, layout;
	struct {
		u32 free; /* list of cells */
		u32 fresh; /* cells from here on were never used */
		u32 used; /* cells */
		u32 nodes, blocks; /* inodes; blocks of 512 bytes in all */
	} counts; /* part of every commit */
	struct mount mounts[MOUNTS];
};

_Static_assert(sizeof(struct node) == CELL, "one cell");
_Static_assert(sizeof(struct name) == CELL, "one cell");
_Static_assert(sizeof(struct text) == CELL, "one cell");
_Static_assert(sizeof(struct head) <= HEAD_SIZE, "one page");

extern struct head *head;
extern u32 *buckets; /* first name of each hash value */

/* Find the kept memory, or make an empty one. 0 or -E_NAME. */
i32 store_open(void);

/* The cell of that number: for numbers found in the store, never a caller's. */
static inline void *cell(u32 number)
{
	return (u8 *)head + number * CELL;
}

/* The inode of a number that a caller names; NULL if there is none. */
struct node *node_find(u32 number);

static inline u32 cell_number(const void *at)
{
	return (u32)((const u8 *)at - (const u8 *)head) / CELL;
}

/* Make sure that `count` cells can be taken. -E_FULL. */
i32 store_reserve(u32 count);

/* Take a reserved cell, zero but for its kind; give one back. */
void *cell_take(enum cell_kind kind);
void cell_give(void *at);

/* What is to be committed. */
struct part {
	u32 offset, bytes;
};

#define PARTS 128u /* changed by one operation: a long link's target */
extern struct part parts[PARTS];
extern u32 part_count;

/* Name something in kept memory that changed, or is about to. */
static inline void touch(const void *at, u32 size)
{
	u32 offset = (u32)(size_t)at, n = part_count;

	if (n && parts[n - 1].offset + parts[n - 1].bytes == offset) {
		parts[n - 1].bytes += size;
		return;
	}
	assert(n < PARTS);
	parts[n] = (struct part){ offset, size };
	part_count = n + 1;
}

/* Make it last. What fails in it is this domain's end, and was not done. */
void store_commit(void);

/* Text in a list of cells: how many it takes; made; read; given back. */
u32 text_cells(u32 size);
u32 text_make(const char *bytes, u32 size);
void text_copy(char *to, u32 first, u32 size);
void text_give(u32 first);

#endif
