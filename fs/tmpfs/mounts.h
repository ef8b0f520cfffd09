/*
 * Mounted trees, the inodes in them, and the last operation in each.
 */
#ifndef FS_TMPFS_MOUNTS_H
#define FS_TMPFS_MOUNTS_H

#include "names.h"

#define MODE_KIND      0170000u
#define MODE_SOCKET    0140000u
#define MODE_LINK      0120000u
#define MODE_FILE      0100000u
#define MODE_BLOCK     0060000u
#define MODE_FOLDER    0040000u
#define MODE_CHARACTER 0020000u
#define MODE_FIFO      0010000u
#define MODE_BITS      07777u
#define FOLDER_SIZE    40u /* of an empty directory, as on Linux */

static inline bool is_folder(const struct node *n)
{
	return (n->mode & MODE_KIND) == MODE_FOLDER;
}

/* A new inode without links; its cell is reserved. */
struct node *node_make(u32 mount, u32 mode, u32 uid, u32 gid);

/* Give back an inode without names, and what it alone has. */
void node_free(struct node *n);

/* Operations that change a tree, as mounts remember them. */
enum what { DONE_NOTHING, MAKE, LINK, UNLINK, RENAME, CHANGE, FORGET };

struct operation {
	u32 number;
	enum what what;
	u32 subject; /* the inode it is asked of */
};

/* Was it the last one of subject's mount? Then what it answered. */
bool operation_done(struct operation o, const struct node *subject,
		    i32 *answer);

/* The same where the subject may be gone: of any mount. */
bool operation_done_anywhere(struct operation o);

/* Remember it, make all that it changed last, and answer. */
i32 operation_end(struct operation o, u32 mount, i32 answer);

/* Take down the tree of a root that nobody has any more. */
void mount_end(struct node *root);

bool is_root(const struct node *n);

/* Take down what a generation before was about to. */
void mounts_start(void);

#endif
