/*
 * The kinds of open file that the core itself knows, and what the end of any
 * open file means to locks and epolls. For kernel/vfs alone.
 */
#ifndef KERNEL_VFS_KINDS_H
#define KERNEL_VFS_KINDS_H

#include "kernel/vfs/file.h"

extern const struct file_kind regular_kind, folder_kind, pipe_kind, epoll_kind,
	eventfd_kind;

extern const struct file_kind bare_kind; /* nothing can be done with it */

/* What a file was opened for. */
static inline u32 file_reads(const struct file *f)
{
	return (f->flags + 1) & 1;
}

static inline u32 file_writes(const struct file *f)
{
	return (f->flags + 1) & 2;
}

/* What is ready now, of kinds without that question too. */
u32 file_ready(struct file *f);

/* The last reference to f went: no epoll watches it, no lock is its. */
void epoll_forget(struct file *f);
void lock_forget(struct file *f);

/* Table `t` closed a descriptor of f: its record locks there go. */
void lock_closed(struct file *f, struct files *t);

/* fcntl's locking commands, and whether `command` is one. */
int lock_command(u32 command);
i32 lock_control(struct file *f, u32 command, u32 user);

/* F_SETPIPE_SZ: the size it got, or -errno. F_GETPIPE_SZ. */
i32 pipe_resize(struct file *f, u32 size);
i32 pipe_size(struct file *f);

/* How many bytes one read or write moves at most, as on Linux. */
#define MOVE_MOST 0x7FFFF000u

#endif
