/*
 * Paths: walking them, the cache of names, and where a process stands in the
 * tree. A place is a directory or file together with the way to it.
 */
#ifndef KERNEL_VFS_PATH_H
#define KERNEL_VFS_PATH_H

#include "kernel/vfs/inode.h"

#define PATH_MOST 4096u /* with its NUL */
#define NAME_MOST 255u

/* A name in a directory, remembered. Negative ones have no inode. Guarded by
 * the lock of kernel/vfs/entry.h; who holds one may read `inode`. */
struct entry {
	struct entry *parent; /* counted; NULL: a mount's root */
	struct mount *mount; /* NULL: of no tree (pipes and the like) */
	struct inode *inode; /* counted; NULL: there is no such name */
	u32 users; /* its children's among them */
	u32 children; /* entries that have it as parent */
	u32 hash_value;
	struct list hash; /* in none: cannot be found, goes with its users */
	struct list recent; /* those that have no users */
	char *name; /* NULs up to a multiple of 4 bytes */
	u8 length, unlinked;
	char own[]; /* where the name is, unless it was renamed */
};

struct place {
	struct entry *entry; /* counted; NULL: no place */
};

void place_hold(struct place p);
void place_drop(struct place p);

static inline struct inode *place_inode(struct place p)
{
	return p.entry->inode;
}

/* Where a process stands. The places are guarded by the entries' lock. */
struct whereabouts {
	u32 users;
	struct place root, here;
	u32 umask;
};

struct whereabouts *whereabouts_make(void);
struct whereabouts *whereabouts_copy(struct whereabouts *w);
void whereabouts_hold(struct whereabouts *w);
void whereabouts_drop(struct whereabouts *w);
struct place whereabouts_root(struct whereabouts *w); /* counted */
struct place whereabouts_here(struct whereabouts *w); /* counted */

enum walk_flag {
	WALK_NO_FOLLOW = 1, /* a link at the end is what is meant */
	WALK_PARENT = 2, /* stop before the last name */
	WALK_FOLDER = 4, /* it must be a directory */
	WALK_EMPTY = 8, /* "" means `at` itself */
	WALK_CREATE = 16, /* a missing last name is fine: a negative entry */
};

#define AT_FDCWD (-100)

/* A walked path; give back by walked_drop. */
struct walked {
	struct place place; /* what was found; of WALK_PARENT, the directory */
	const char *last; /* of WALK_PARENT: the last name, in `text`; "" is the root;
		     * may be "." or ".." */
	u8 slashes; /* the path ended in a slash */
	char *text; /* a buffer of path_text_take */
};

/* Walk a user's path from descriptor `at` (AT_FDCWD: here). 0 or -errno. */
i32 walk_user(i32 at, u32 user_path, u32 flags, struct walked *w);

/* The same for a path of the core's own, and from a given place. */
i32 walk_core(const char *path, u32 flags, struct walked *w);
void walked_drop(struct walked *w);

/*
 * The path of a place from the current process's root, NUL-terminated, in
 * `text` of `room` bytes: returns its first byte in text, or NULL if it does
 * not fit. " (deleted)" is added where that is so.
 */
char *place_path(struct place p, char *text, u32 room);

/* One name of a directory, no path: counted, perhaps negative. 0 or -errno. */
i32 walk_name(struct place folder, const char *name, struct place *out);

/* Where a link of procfs leads: 0 with `out` counted, or -errno. */
i32 jump_follow(const struct inode *link, struct place *out);

/* What a symbolic link says, NUL-terminated: its length or -errno. `text` is a
 * buffer of path_text_take. */
i32 link_target(struct inode *link, char *text);

/* A place for an inode that has none: a pipe's. Counted. No entry: no memory.
 */
struct place place_anonymous(struct inode *i);

/* Buffers for a path and what links make of it: PATH_TEXT bytes. */
#define PATH_TEXT (2 * PATH_MOST)
char *path_text_take(void);
void path_text_give(char *text);

/* What is to be mounted. */
struct mounting {
	const char *type; /* what it is called */
	const char *domain; /* that it is; of a disk's, its kind */
	struct disk *disk; /* NULL: it needs none */
	const char *source, *options;
	u32 flags; /* enum mount_flag */
};

/*
 * The mounts, guarded by mounts_lock (and, for a look at the list, by the
 * entries' lock), and making one. `over` without an entry:
 * the root of all. 0 or -errno.
 */
extern struct list mounts;
extern struct mutex mounts_lock;
i32 mount_make(const struct mounting *how, struct place over);
i32 mount_end(struct mount *m, u32 how); /* umount2's flags */
i32 mount_again(struct mount *m, u32 flags); /* the same with other flags */

/* Make all changes durable: of one, of all. 0 or -EIO. */
i32 mount_sync(struct mount *m);
void mounts_sync(void);
struct place root_place(void); /* the root of all; counted for the caller */

#endif
