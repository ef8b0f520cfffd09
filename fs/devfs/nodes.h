/*
 * Device nodes: a table of all of them, in kept memory. A node's inode number
 * is its index plus 1. Pseudo-terminals are not in it: the core knows which
 * ones there are.
 */
#ifndef FS_DEVFS_NODES_H
#define FS_DEVFS_NODES_H

#include "devfs.h"

#define MODE_KIND      0170000u
#define MODE_SOCKET    0140000u
#define MODE_LINK      0120000u
#define MODE_BLOCK     0060000u
#define MODE_FOLDER    0040000u
#define MODE_CHARACTER 0020000u
#define MODE_FIFO      0010000u
#define MODE_BITS      07777u

#define ROOT	     1u /* inode numbers of the fixed directories */
#define PTS	     2u
#define NODES	     172u
#define DISK_GID     6u
#define NAME_ROOM    64u
#define TARGET_ROOM  64u
#define TERMINALS    128u /* of which changed owners are remembered */
#define TERMINAL_GID 5u

struct owner {
	u32 mode, uid, gid;
};

struct node {
	struct owner owner; /* mode 0: not in use */
	u32 links; /* 0: its name is gone */
	u32 dir; /* inode number */
	u32 device;
	u32 times[6];
	char name[NAME_ROOM];
	char target[TARGET_ROOM];
};

/* What devfs keeps. */
struct kept {
	u32 magic;
	u32 operation; /* number of the last one, and its answer */
	i32 answer;
	u32 born, born_ns; /* when the table was made */
	u32 disks; /* of the core's that have been given nodes */
	struct owner terminals[TERMINALS]; /* mode 0: as it comes */
	struct node nodes[NODES];
};

_Static_assert(sizeof(struct kept) <= 32 * 1024, "as devfs.dom states");

extern struct kept *kept;

static inline bool is_folder(const struct node *n)
{
	return (n->owner.mode & MODE_KIND) == MODE_FOLDER;
}

/* Find the kept memory, or fill it with what there is at boot. */
i32 nodes_open(void);

/* Make nodes for disks that were found since. */
void nodes_of_disks(void);

/* NULL: there is no node of that number. */
struct node *node_find(u32 inode);
u32 node_inode(const struct node *n);

/* The node of that name in a directory; NULL: none. */
struct node *node_named(u32 dir, const char *name);

/* A node that is not in use; NULL: the table is full. */
struct node *node_free(void);

/* Directories in a directory, and whether anything is in it. */
u32 folders_in(u32 dir);
bool is_empty(u32 dir);

#endif
