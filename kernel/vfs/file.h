/*
 * Open files, tables of them, and what can be done with each kind.
 */
#ifndef KERNEL_VFS_FILE_H
#define KERNEL_VFS_FILE_H

#include "kernel/vfs/inode.h"
#include "kernel/vfs/notifier.h"
#include "kernel/vfs/path.h"
#include "kernel/vfs/transfer.h"

/* open(2)'s flags, as i386 Linux has them. */
#define O_ACCMODE   3u
#define O_RDONLY    0u
#define O_WRONLY    1u
#define O_RDWR	    2u
#define O_CREAT	    0100u
#define O_EXCL	    0200u
#define O_NOCTTY    0400u
#define O_TRUNC	    01000u
#define O_APPEND    02000u
#define O_NONBLOCK  04000u
#define O_DSYNC	    010000u
#define O_ASYNC	    020000u
#define O_DIRECT    040000u
#define O_LARGEFILE 0100000u
#define O_DIRECTORY 0200000u
#define O_NOFOLLOW  0400000u
#define O_NOATIME   01000000u
#define O_CLOEXEC   02000000u
#define O_PATH	    010000000u

struct file;

/*
 * What a kind of file does. NULL: not possible (EINVAL for read and write,
 * ENOTTY for control, always ready for ready). Errors are -errno. A read or
 * write that must wait obeys O_NONBLOCK and signals (-ERESTARTSYS), and
 * answers what it moved if that is more than nothing.
 */
struct file_kind {
	const char *name;
	i32 (*read)(struct file *f, struct transfer *t, u64 *at);
	i32 (*write)(struct file *f, struct transfer *t, u64 *at);
	i32 (*control)(struct file *f, u32 request, u32 argument); /* ioctl */
	u32 (*ready)(struct file *f); /* enum ready, now */
	struct notifier *(*notifier)(struct file *f); /* who tells; or NULL */
	i32 (*seek)(struct file *f, u64 to); /* NULL: ESPIPE */
	i32 (*entries)(struct file *f, u8 *list, u32 room); /* directories */
	void (*closed)(struct file *f, void *table); /* a descriptor closed */
	void (*ended)(struct file *f); /* the last reference went */
};

struct file {
	const struct file_kind *kind;
	struct inode *inode; /* counted */
	struct place place; /* where it was opened, for its path; counted */
	u32 flags; /* O_ACCMODE, O_APPEND, O_NONBLOCK, ... */
	u64 at; /* the file position */
	struct mutex lock; /* of the position */
	u32 users; /* atomic */
	u32 owner; /* F_SETOWN */
	void *data; /* the kind's own */
	u32 number; /* the kind's own */
	struct list list; /* the kind's own */
	struct list epolls; /* epoll items that watch it */
	u32 watched; /* it was in an epoll once */
};

/* A file without a path: takes over the caller's count of `inode` (may be
 * NULL: an anonymous one of mode `mode` is made). NULL without memory. */
struct file *file_make(const struct file_kind *kind, struct inode *inode,
		       u32 flags);
void file_hold(struct file *f);
void file_drop(struct file *f);

/* Open what a walked path leads to: the kind comes from the inode's type and
 * device number. 0 or -errno. */
i32 file_open(const struct place *p, u32 flags, struct file **out);

/* For kinds that take any position: f->at = to. */
i32 file_seek(struct file *f, u64 to);

/* Kinds that open(2) finds: special files by their inode. */
i32 pipe_open_fifo(struct file *f); /* kernel/vfs/pipe.c */
i32 device_open(struct file *f); /* kernel/vfs/device.c: by major number */

/* ---- tables of open files: one for each process, or shared ---- */

struct files {
	u32 users; /* atomic */
	struct spinlock lock; /* of all below; a lone user may look without */
	struct file **files; /* by descriptor */
	u8 *flags; /* FILE_CLOSE_ON_EXEC; in the same block */
	u32 room; /* entries that the arrays have */
	u32 next; /* no free descriptor below */
	u32 end; /* no used descriptor from here on */
};

#define FILE_CLOSE_ON_EXEC 1
#define FILES_MOST	   65536u

struct files *files_make(void);
struct files *files_copy(struct files *t);
void files_hold(struct files *t);
void files_drop(struct files *t);
void files_exec(struct files *t); /* close what is close-on-exec */

/* The open file of a descriptor of any table, counted; NULL: none. */
struct file *files_peek(struct files *t, u32 descriptor);

/* The open file of a descriptor of the current process, counted; NULL: none.
 * file_get refuses O_PATH files, file_get_any does not. */
struct file *file_get(u32 descriptor);
struct file *file_get_any(u32 descriptor);

/* The lowest free descriptor >= least for f, whose count it takes over on
 * success. The descriptor, or -EMFILE, -ENOMEM. */
i32 files_add(struct files *t, struct file *f, u32 least, u32 flags);
i32 files_close(struct files *t, u32 descriptor); /* 0 or -EBADF */

/* A new descriptor of the current process for a new file, whose count it takes
 * over in any case; close-on-exec with O_CLOEXEC in `flags`. Or -errno. */
i32 files_install(struct file *f, u32 flags);

/* A descriptor's flags, and setting them. -EBADF. */
i32 files_flags(struct files *t, u32 descriptor);
i32 files_mark(struct files *t, u32 descriptor, u32 flags);

/* dup2: make f (taking over its count) that descriptor, closing what was
 * there. The descriptor, -EBADF beyond the limit, or -ENOMEM. */
i32 files_put(struct files *t, struct file *f, u32 descriptor, u32 flags);

/* Read or write the core's memory, for the core itself: bytes or -errno. */
i32 file_read_core(struct file *f, u64 at, void *bytes, u32 size);
i32 file_write_core(struct file *f, u64 at, const void *bytes, u32 size);

#endif
