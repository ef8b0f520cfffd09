/* Sizes of regular files, set. */
#include "kernel/linux/call.h"
#include "kernel/process/process.h"
#include "kernel/vfs/change_work.h"
#include "kernel/vfs/file.h"

#define SIZE_MOST   0xFFFFF000u /* of a file: page numbers end there */
#define MODE_SETUID 04000u
#define MODE_SETGID 02000u

/* What a change by somebody else takes from a program's rights. */
static void drop_rights(struct inode *i)
{
	u32 gone = MODE_SETUID;

	if (i->mode & 010)
		gone |= MODE_SETGID;
	if (!(i->mode & gone) || !task_current() || process_privileged())
		return;
	i->mode &= ~gone;
	__atomic_fetch_or(&i->dirty, CHANGE_MODE, __ATOMIC_RELEASE);
}

static i32 size_allowed(u64 size)
{
	struct task *t = task_current();
	u32 limit = t ? t->process->limits[LIMIT_FSIZE].soft : 0xFFFFFFFFu;

	if (size > SIZE_MOST)
		return -EFBIG;
	if (limit == 0xFFFFFFFFu || size <= limit)
		return 0;
	signal_task(t, SIGXFSZ, 0);
	return -EFBIG;
}

i32 change_truncate(struct inode *i, u64 size)
{
	i32 r;

	if (is_kind(i, MODE_FOLDER))
		return -EISDIR;
	if (!is_kind(i, MODE_FILE))
		return -EINVAL;
	if (i->flags & INODE_MADE)
		return 0;
	mutex_lock(&i->lock);
	r = size > i->size ? size_allowed(size) : 0;
	if (r == 0 && size > i->size && i->flags & INODE_SIMPLE)
		r = cache_extend(i, size);
	if (r == 0) {
		inode_placing(i);
		cache_truncate(i, size);
		drop_rights(i);
		inode_touch(i, CHANGE_SIZE | CHANGE_MODIFIED | CHANGE_CHANGED);
		if (i->mount && !i->mount->in_memory)
			r = inode_sync_placing(i);
		inode_placed(i);
	}
	mutex_unlock(&i->lock);
	return r;
}

static i32 truncate_path(u32 path, u64 size)
{
	struct walked w;
	struct inode *i;
	i32 r;

	if (size >> 63)
		return -EINVAL;
	r = walk_user(AT_FDCWD, path, 0, &w);
	if (r < 0)
		return r;
	i = place_inode(w.place);
	if (is_kind(i, MODE_FOLDER))
		r = -EISDIR;
	else if (!is_kind(i, MODE_FILE))
		r = -EINVAL;
	else
		r = inode_permit(i, PERMIT_WRITE);
	if (r == 0)
		r = i->text ? -ETXTBSY : change_truncate(i, size);
	walked_drop(&w);
	return r;
}

static i32 truncate_file(u32 descriptor, u64 size)
{
	struct file *f;
	i32 r = -EINVAL;

	if (size >> 63)
		return -EINVAL;
	f = file_get(descriptor);
	if (!f)
		return -EBADF;
	if (((f->flags + 1) & 2) && is_kind(f->inode, MODE_FILE))
		r = change_truncate(f->inode, size);
	file_drop(f);
	return r;
}

i32 call_truncate(u32 path, u32 size);
i32 call_truncate(u32 path, u32 size)
{
	return truncate_path(path, (u64)(i64)(i32)size);
}

i32 call_truncate64(u32 path, u32 low, u32 high);
i32 call_truncate64(u32 path, u32 low, u32 high)
{
	return truncate_path(path, words_join(low, high));
}

i32 call_ftruncate(u32 descriptor, u32 size);
i32 call_ftruncate(u32 descriptor, u32 size)
{
	return truncate_file(descriptor, (u64)(i64)(i32)size);
}

i32 call_ftruncate64(u32 descriptor, u32 low, u32 high);
i32 call_ftruncate64(u32 descriptor, u32 low, u32 high)
{
	return truncate_file(descriptor, words_join(low, high));
}
