/*
 * Calls about an open file's position and contents as a whole: seeking,
 * writing back, and advice, which is checked and then not needed.
 */
#include "kernel/disk/disk.h"
#include "kernel/linux/call.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/change.h"
#include "kernel/vfs/kinds.h"

#define FALLOC_FL_KEEP_SIZE 1u

#define DEVICE_END (1ll << 62)

enum whence { SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE };

/* Where a seek leads; *to, and 0 or -errno. Contents have no holes. */
static i32 seek_target(struct file *f, i64 offset, u32 whence, u64 *to)
{
	i64 base = 0, size = (i64)f->inode->size;

	if ((f->inode->mode & MODE_KIND) == MODE_BLOCK)
		size = (i64)disk_bytes(f->inode->device);

	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = (i64)f->at;
		break;
	case SEEK_END: /* a device's is not a number of bytes: very far */
		base = (f->inode->mode & MODE_KIND) == MODE_CHARACTER ?
			       DEVICE_END :
			       size;
		break;
	case SEEK_DATA:
	case SEEK_HOLE:
		if (offset < 0 || offset >= size)
			return -ENXIO;
		base = whence == SEEK_HOLE ? size - offset : 0;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, offset, &base))
		return -EOVERFLOW;
	if (base < 0)
		return -EINVAL;
	*to = (u64)base;
	return 0;
}

static i32 seek_to(u32 descriptor, i64 offset, u32 whence, u64 *at)
{
	struct file *f = file_get(descriptor);
	i32 r = -ESPIPE;
	u64 to;

	if (!f)
		return -EBADF;
	if (f->kind->seek) {
		mutex_lock(&f->lock);
		r = seek_target(f, offset, whence, &to);
		if (!r)
			r = f->kind->seek(f, to);
		*at = f->at;
		mutex_unlock(&f->lock);
	}
	file_drop(f);
	return r;
}

i32 call_lseek(u32 descriptor, u32 offset, u32 whence);
i32 call_lseek(u32 descriptor, u32 offset, u32 whence)
{
	u64 at = 0;
	i32 r = seek_to(descriptor, (i32)offset, whence, &at);

	if (r < 0)
		return r;
	return at > 0x7FFFFFFF ? -EOVERFLOW : (i32)at;
}

i32 call__llseek(u32 descriptor, u32 high, u32 low, u32 user, u32 whence);
i32 call__llseek(u32 descriptor, u32 high, u32 low, u32 user, u32 whence)
{
	u64 at = 0;
	i32 r = seek_to(descriptor, (i64)words_join(low, high), whence, &at);

	return r < 0 ? r : user_write(user, &at, sizeof(at));
}

/* A file of a kind that keeps its contents somewhere: 0 or -errno. */
static i32 stored(u32 descriptor, struct file **out)
{
	struct file *f = file_get(descriptor);

	if (!f)
		return -EBADF;
	u32 kind = f->inode->mode & MODE_KIND;
	if ((kind != MODE_FILE && kind != MODE_FOLDER && kind != MODE_BLOCK) ||
	    f->inode->flags & INODE_MADE) {
		file_drop(f);
		return -EINVAL;
	}
	*out = f;
	return 0;
}

i32 call_fsync(u32 descriptor);
i32 call_fsync(u32 descriptor)
{
	struct file *f;
	i32 r = stored(descriptor, &f);

	if (r < 0)
		return r;
	if ((f->inode->mode & MODE_KIND) == MODE_BLOCK)
		r = disk_file_sync(f);
	else
		r = f->inode->mount ? inode_flush(f->inode) : 0;
	file_drop(f);
	return r;
}

i32 call_fdatasync(u32 descriptor);
i32 call_fdatasync(u32 descriptor)
{
	return call_fsync(descriptor);
}

i32 call_sync_file_range(u32 descriptor, u32 low, u32 high, u32 size_low,
			 u32 size_high, u32 flags);
i32 call_sync_file_range(u32 descriptor, u32 low, u32 high, u32 size_low,
			 u32 size_high, u32 flags)
{
	(void)low;
	(void)size_low;
	if (flags > 7 || (i32)high < 0 || (i32)size_high < 0)
		return -EINVAL;
	i32 r = call_fsync(descriptor);
	return r == -EINVAL ? -ESPIPE : r;
}

/* Advice: the arguments are checked, and that is all. */
static i32 advise(u32 descriptor, u32 advice)
{
	struct file *f = file_get(descriptor);
	i32 r = 0;

	if (!f)
		return -EBADF;
	if ((f->inode->mode & MODE_KIND) == MODE_FIFO)
		r = -ESPIPE;
	else if (advice > 5)
		r = -EINVAL;
	file_drop(f);
	return r;
}

i32 call_fadvise64(u32 descriptor, u32 low, u32 high, u32 size, u32 advice);
i32 call_fadvise64(u32 descriptor, u32 low, u32 high, u32 size, u32 advice)
{
	(void)low;
	(void)high;
	(void)size;
	return advise(descriptor, advice);
}

i32 call_fadvise64_64(u32 descriptor, u32 low, u32 high, u32 size_low,
		      u32 size_high, u32 advice);
i32 call_fadvise64_64(u32 descriptor, u32 low, u32 high, u32 size_low,
		      u32 size_high, u32 advice)
{
	(void)low;
	(void)high;
	(void)size_low;
	if ((i32)size_high < 0)
		return -EINVAL;
	return advise(descriptor, advice);
}

i32 call_readahead(u32 descriptor, u32 low, u32 high, u32 size);
i32 call_readahead(u32 descriptor, u32 low, u32 high, u32 size)
{
	struct file *f = file_get(descriptor);
	i32 r = 0;

	(void)low;
	(void)high;
	(void)size;
	if (!f)
		return -EBADF;
	if (!file_reads(f))
		r = -EBADF;
	else if ((f->inode->mode & MODE_KIND) != MODE_FILE)
		r = -EINVAL;
	file_drop(f);
	return r;
}

/* The bytes up to `end` can be written: they belong to the file, as zeros. No
 * memory is set aside for them. */
static i32 allocate(struct file *f, u32 mode, u64 end)
{
	if (!file_writes(f))
		return -EBADF;
	switch (f->inode->mode & MODE_KIND) {
	case MODE_FILE:
		break;
	case MODE_FIFO:
		return -ESPIPE;
	default:
		return -ENODEV;
	}
	if (mode & ~FALLOC_FL_KEEP_SIZE)
		return -EOPNOTSUPP;
	if (mode || end <= f->inode->size)
		return 0;
	return change_truncate(f->inode, end);
}

i32 call_fallocate(u32 descriptor, u32 mode, u32 low, u32 high, u32 size_low,
		   u32 size_high);
i32 call_fallocate(u32 descriptor, u32 mode, u32 low, u32 high, u32 size_low,
		   u32 size_high)
{
	u64 at = words_join(low, high), size = words_join(size_low, size_high);
	struct file *f;
	i32 r;

	if ((i64)at < 0 || (i64)size <= 0)
		return -EINVAL;
	if ((i64)(at + size) < 0)
		return -EFBIG;
	f = file_get(descriptor);
	if (!f)
		return -EBADF;
	r = allocate(f, mode, at + size);
	file_drop(f);
	return r;
}
