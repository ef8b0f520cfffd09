/*
 * Regular files: read and written through the page cache. What procfs and its
 * like make when it is read passes by the cache: their domain writes straight
 * into the reader's pages.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/vfs/kinds.h"
#include "kernel/vfs/lent.h"
#include "kernel/vfs/store.h"

/* Without O_LARGEFILE positions end here; with it, where a store's do. */
#define SMALL_END 0x7FFFFFFFull
#define LARGE_END 0xFFFFF000ull

/* Is `at` f's own position, that others may move at the same time? */
static void position_lock(struct file *f, u64 *at)
{
	if (at == &f->at)
		mutex_lock(&f->lock);
}

static void position_unlock(struct file *f, u64 *at)
{
	if (at == &f->at)
		mutex_unlock(&f->lock);
}

/* A store makes (or takes) contents on demand. */
struct made {
	struct import *to;
	u32 inode, at;
};

static i32 made_read(const void *argument, void *bytes, u32 size)
{
	const struct made *m = argument;

	return down_filesystem_read(m->to, m->inode, m->at, bytes, size);
}

static i32 made_write(const void *argument, void *bytes, u32 size)
{
	const struct made *m = argument;

	return down_filesystem_write(m->to, m->inode, m->at, bytes, size);
}

static i32 move_made(struct inode *i, struct transfer *t, u64 at, u32 access)
{
	struct made m = { &i->mount->store->file_system, i->number, (u32)at };
	struct lent lent = {
		.to = m.to,
		.error = errno_of,
		.again = access == ACCESS_WRITE,
		.call = access == ACCESS_WRITE ? made_read : made_write,
		.argument = &m,
	};
	u32 before = t->done;
	i32 n = 0;

	if (at > 0xFFFFFFFFull)
		return 0;
	while (t->left) {
		m.at = (u32)at + (t->done - before);
		n = lent_ask(&lent, t, access);
		if (n < (i32)t->lent)
			break;
	}
	return t->done != before ? (i32)(t->done - before) : n;
}

/*
 * What is made anew at each read may have grown since: who has read to the end
 * has read all of it. f->number is where that was. Only a short text's end is
 * known for sure: of a long one, a domain gives a part at a time.
 */
static i32 made_text_read(struct file *f, struct transfer *t, u64 *at)
{
	i32 n;

	if (at == &f->at && *at && f->number == *at)
		return 0;
	n = move_made(f->inode, t, *at, ACCESS_WRITE);
	if (at == &f->at && !*at && t->left)
		f->number = n > 0 && n < (i32)PAGE ? (u32)n : 0;
	return n;
}

static i32 regular_read(struct file *f, struct transfer *t, u64 *at)
{
	struct inode *i = f->inode;
	i32 n;

	position_lock(f, at);
	if (i->flags & INODE_MADE)
		n = made_text_read(f, t, at);
	else
		n = *at < i->size ? cache_read(i, *at, t) : 0;
	if (n > 0)
		*at += (u32)n;
	position_unlock(f, at);
	if (!(f->flags & O_NOATIME))
		inode_touch(i, CHANGE_ACCESSED);
	return n;
}

/* How many bytes may be written at `at`: 0 for none, or -EFBIG. */
static i32 write_room(struct file *f, u64 at, u32 size)
{
	u64 end = f->flags & O_LARGEFILE ? LARGE_END : SMALL_END;
	u32 limit = 0xFFFFFFFFu;

	if (task_current())
		limit = process_current()->limits[LIMIT_FSIZE].soft;
	if (limit != 0xFFFFFFFFu && at + size > limit) {
		if (at >= limit) {
			signal_task(task_current(), SIGXFSZ, 0);
			return -EFBIG;
		}
		end = min(end, (u64)limit);
	}
	if (at >= end)
		return -EFBIG;
	return (i32)min((u64)size, end - at);
}

/* Somebody else's change takes a program's special rights away. */
static void drop_privileges(struct inode *i)
{
	u32 mode = i->mode & ~04000u;

	if (mode & 010)
		mode &= ~02000u;
	if (mode == i->mode || !task_current() || process_privileged())
		return;
	i->mode = mode;
	inode_touch(i, CHANGE_MODE | CHANGE_CHANGED);
}

/* Make t stop after `most` bytes; returns what it then leaves out. */
static u32 cut(struct transfer *t, u32 most)
{
	u32 out = t->left - most;

	t->left = most;
	return out;
}

static i32 write_cached(struct file *f, struct transfer *t, u64 *at)
{
	struct inode *i = f->inode;
	u64 size = i->size;
	i32 n;

	if (f->flags & O_APPEND)
		*at = size;
	n = write_room(f, *at, t->left);
	if (n < 0)
		return n;
	u32 out = cut(t, (u32)n);
	n = cache_write(i, *at, t);
	t->left += out;
	if (n <= 0)
		return n;
	*at += (u32)n;
	drop_privileges(i);
	inode_touch(i, CHANGE_MODIFIED | CHANGE_CHANGED |
			       (i->size != size ? CHANGE_SIZE : 0));
	return n;
}

static i32 regular_write(struct file *f, struct transfer *t, u64 *at)
{
	struct inode *i = f->inode;
	i32 n;

	if (!t->left)
		return 0;
	position_lock(f, at);
	if (i->flags & INODE_MADE) {
		n = move_made(i, t, *at, ACCESS_READ);
		if (n > 0)
			*at += (u32)n;
	} else {
		mutex_lock(&i->lock);
		n = write_cached(f, t, at);
		mutex_unlock(&i->lock);
	}
	position_unlock(f, at);
	if (n > 0 && f->flags & O_DSYNC && inode_volume(i)) {
		i32 error = inode_flush(i);

		return error < 0 ? error : n;
	}
	return n;
}

static void regular_ended(struct file *f)
{
	if (file_writes(f))
		__atomic_sub_fetch(&f->inode->writers, 1, __ATOMIC_SEQ_CST);
}

const struct file_kind regular_kind = {
	.name = "file",
	.read = regular_read,
	.write = regular_write,
	.seek = file_seek,
	.ended = regular_ended,
};
