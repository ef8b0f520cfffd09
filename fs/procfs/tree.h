/*
 * What there is: the files that always are, as rows of two tables, and inode
 * numbers, which name a row or an open file together with a process or thread.
 */
#ifndef PROCFS_TREE_H
#define PROCFS_TREE_H

#include "procfs.h"

#define MODE_KIND   0170000u
#define MODE_LINK   0120000u
#define MODE_FILE   0100000u
#define MODE_FOLDER 0040000u

#define NUMBERS 32768u /* pids and tids are below */

/* Whom a file is of: `pid` 0 is the machine, `tid` 0 a whole process. */
struct who {
	u32 pid, tid;
};

/*
 * A file, directory or link. `make` writes the text of a file, or answers an
 * error; without it `text` is all of it, or where a link leads. `change` is
 * given what somebody writes, without a newline at the end.
 */
struct row {
	const char *name;
	u32 parent; /* the row of its directory, in the same table */
	u32 mode;
	const char *text;
	i32 (*make)(struct who w);
	i32 (*change)(struct who w, const char *text, u32 size);
	u8 jump; /* a link into the process: 1 exe, 2 cwd, 3 root */
	u8 whole; /* of processes, not of threads */
};

/* Rows of the machine: directories; the rest need no names. */
enum machine_row {
	ROOT = 1,
	SYSFS, /* the root of another tree: what is mounted as sysfs */
	NET,
	TTY,
	SYS,
	SYS_KERNEL,
	SYS_RANDOM,
	SYS_VM,
	SYS_FS,
	SYS_NET,
	SYS_CORE,
	SYSFS_DEVICES,
	SYSFS_SYSTEM,
	SYSFS_CPU,
	SYSFS_KERNEL,
	SYSFS_MM,
	SYSFS_HUGE,
	MACHINE_FILES,
};

/* Rows of a process or thread. */
enum process_row {
	PROCESS = 1, /* its own directory */
	TASK,
	FD,
	FDINFO,
	PROCESS_FILES,
};

extern const struct row machine_rows[], process_rows[];
extern const u32 machine_row_count, process_row_count;

/* An inode number, taken apart. */
struct node {
	struct who who;
	const struct row *rows;
	u32 row; /* 0: an open file, under FD or FDINFO: */
	u32 under, file;
};

u32 node_inode(const struct node *n);

/* false: no inode has that number. Its process may be gone. */
bool node_of(u32 inode, struct node *n);

static inline const struct row *node_row(const struct node *n)
{
	return &n->rows[n->row ? n->row : n->under];
}

/* A name in a directory: 0, -E_KIND: it is none, or -E_NAME. */
i32 node_find(const struct node *dir, const char *name, struct node *out);

/*
 * The first entry of a directory at position `*at` or later, its name (of
 * NAME_ROOM bytes) and, in `*at`, the position of the one behind it. false:
 * there are no more.
 */
#define NAME_ROOM 32u
bool node_next(const struct node *dir, u32 *at, struct node *out, char *name);

/* What attributes say of its kind and permissions. */
u32 node_mode(const struct node *n);

#endif
