/*
 * Open files: made from a place in the tree by the kind of its inode, or from
 * nothing for pipes and the like; counted, and ended with the last count.
 */
#include "kernel/vfs/file.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/vfs/kinds.h"

/* Flags that open alone is meant by. */
#define O_ONCE (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)

static struct lock_class position_class = { .name = "file position" };

/* A file that is being opened, or O_PATH's. */
const struct file_kind bare_kind = { .name = "path" };

struct file *file_make(const struct file_kind *kind, struct inode *inode,
		       u32 flags)
{
	struct file *f = heap_take_now(sizeof(*f));

	if (f && !inode)
		inode = inode_anonymous(0600);
	if (!f || !inode) {
		heap_give(f);
		return 0;
	}
	f->kind = kind;
	f->inode = inode;
	f->flags = flags;
	f->users = 1;
	mutex_init(&f->lock, &position_class);
	list_init(&f->list);
	list_init(&f->epolls);
	return f;
}

void file_hold(struct file *f)
{
	__atomic_add_fetch(&f->users, 1, __ATOMIC_RELAXED);
}

static void file_end(struct file *f)
{
	if (f->watched)
		epoll_forget(f);
	if (!list_empty(&f->inode->locks))
		lock_forget(f);
	if (f->kind->ended)
		f->kind->ended(f);
	if (f->place.entry)
		place_drop(f->place);
	inode_drop(f->inode);
	heap_give(f);
}

void file_drop(struct file *f)
{
	if (__atomic_sub_fetch(&f->users, 1, __ATOMIC_ACQ_REL) == 0)
		file_end(f);
}

/*
 * A program that is running is not written, and the other way round: both
 * sides count themselves first and then look at the other's count.
 */
static i32 open_regular(struct file *f)
{
	if (file_writes(f)) {
		__atomic_add_fetch(&f->inode->writers, 1, __ATOMIC_SEQ_CST);
		if (f->inode->text) {
			__atomic_sub_fetch(&f->inode->writers, 1,
					   __ATOMIC_SEQ_CST);
			return -ETXTBSY;
		}
	}
	f->kind = &regular_kind;
	return 0;
}

static i32 open_folder(struct file *f)
{
	if ((f->flags & O_ACCMODE) != O_RDONLY)
		return -EISDIR;
	f->kind = &folder_kind;
	return 0;
}

static i32 open_kind(struct file *f)
{
	if (f->flags & O_PATH)
		return 0;
	switch (f->inode->mode & MODE_KIND) {
	case MODE_FILE:
		return open_regular(f);
	case MODE_FOLDER:
		return open_folder(f);
	case MODE_FIFO:
		return pipe_open_fifo(f);
	case MODE_CHARACTER:
	case MODE_BLOCK:
		return device_open(f);
	case MODE_LINK:
		return -ELOOP;
	default:
		return -ENXIO;
	}
}

i32 file_open(const struct place *p, u32 flags, struct file **out)
{
	struct inode *i = place_inode(*p);
	struct file *f;
	i32 r;

	inode_hold(i);
	f = file_make(&bare_kind, i, flags);
	if (!f) {
		inode_drop(i);
		return -ENOMEM;
	}
	place_hold(*p);
	f->place = *p;
	r = open_kind(f);
	if (r < 0) {
		file_drop(f);
		return r;
	}
	f->flags &= ~O_ONCE;
	*out = f;
	return 0;
}

i32 file_seek(struct file *f, u64 to)
{
	f->at = to;
	return 0;
}

u32 file_ready(struct file *f)
{
	if (f->kind->ready)
		return f->kind->ready(f);
	return READY_IN | READY_OUT;
}

i32 file_read_core(struct file *f, u64 at, void *bytes, u32 size)
{
	struct transfer t;

	if (!f->kind->read)
		return -EINVAL;
	transfer_core(&t, bytes, size);
	return f->kind->read(f, &t, &at);
}

i32 file_write_core(struct file *f, u64 at, const void *bytes, u32 size)
{
	struct transfer t;

	if (!f->kind->write)
		return -EINVAL;
	transfer_core(&t, (void *)bytes, size);
	return f->kind->write(f, &t, &at);
}
