/* The calls mmap2, mmap, munmap and remap_file_pages. */
#include "kernel/linux/errno.h"
#include "kernel/process/process.h"
#include "kernel/space/area.h"
#include "kernel/space/user.h"

enum map_flag { /* as mmap(2) has them */
		MAP_SHARED = 1,
		MAP_PRIVATE = 2,
		MAP_SHARED_VALIDATE = 3,
		MAP_TYPE = 15,
		MAP_FIXED = 0x10,
		MAP_ANONYMOUS = 0x20,
		MAP_GROWSDOWN = 0x100,
		MAP_LOCKED = 0x2000,
		MAP_NORESERVE = 0x4000,
		MAP_POPULATE = 0x8000,
		MAP_NONBLOCK = 0x10000,
		MAP_HUGETLB = 0x40000,
		MAP_FIXED_NOREPLACE = 0x100000,
};

#define DEVICE_ZERO 0x105u

/* mmap's words. */
struct wish {
	u32 address, bytes, protection, flags, descriptor, page;
};

i32 call_mmap2(u32 address, u32 bytes, u32 protection, u32 flags,
	       u32 descriptor, u32 page);
i32 call_mmap(u32 user_words);
i32 call_munmap(u32 address, u32 bytes);
i32 call_remap_file_pages(u32 address, u32 bytes, u32 protection, u32 page,
			  u32 flags);

static u32 area_flags(const struct wish *w)
{
	u32 flags = w->protection & AREA_ACCESS;

	if ((w->flags & MAP_TYPE) != MAP_PRIVATE)
		flags |= AREA_SHARED;
	else
		flags |= AREA_MAY_WRITE;
	if (w->flags & MAP_GROWSDOWN)
		flags |= AREA_STACK;
	if (w->flags & MAP_FIXED_NOREPLACE)
		flags |= AREA_KEEP;
	if (w->flags & MAP_NORESERVE)
		flags |= AREA_NO_RESERVE;
	if (w->flags & MAP_LOCKED ||
	    (w->flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE)
		flags |= AREA_POPULATE;
	return flags;
}

/* May the file be mapped like that? 0 or -errno. */
static i32 file_allows(const struct file *f, const struct wish *w)
{
	const struct inode *i = f->inode;
	u32 mode = f->flags & O_ACCMODE;
	int shares = (w->flags & MAP_TYPE) != MAP_PRIVATE;

	if (mode == O_WRONLY)
		return -EACCES;
	if (shares && (w->protection & AREA_WRITE) && mode != O_RDWR)
		return -EACCES;
	if ((i->mode & MODE_KIND) != MODE_FILE || (i->flags & INODE_MADE))
		return -ENODEV;
	if ((w->protection & AREA_EXECUTE) && i->mount &&
	    (i->mount->flags & MOUNT_NO_EXECUTE))
		return -EPERM;
	if (w->page + w->bytes / PAGE < w->page)
		return -EOVERFLOW;
	return 0;
}

static i32 map_file(const struct wish *w, struct area *a)
{
	struct file *f = file_get(w->descriptor);
	i32 error;

	if (!f)
		return -EBADF;
	if (!f->inode)
		error = -ENODEV;
	else if ((f->inode->mode & MODE_KIND) == MODE_CHARACTER &&
		 f->inode->device == DEVICE_ZERO)
		error = 1;
	else
		error = file_allows(f, w);
	if (error) {
		file_drop(f);
		return error;
	}
	a->file = f;
	a->inode = f->inode;
	a->page = w->page;
	if ((f->flags & O_ACCMODE) == O_RDWR)
		a->flags |= AREA_MAY_WRITE;
	return 0;
}

/* Memory that processes share is contents of an inode without a name. */
static i32 map_anonymous(const struct wish *w, struct area *a)
{
	a->flags |= AREA_MAY_WRITE;
	a->page = 0;
	if (!(a->flags & AREA_SHARED))
		return 0;
	if (w->bytes / PAGE > frame_total() && !(w->flags & MAP_NORESERVE))
		return -ENOMEM;
	a->inode = inode_anonymous(MODE_FILE | 0600);
	if (!a->inode)
		return -ENOMEM;
	a->inode->size = w->bytes;
	return 0;
}

/* Make the wish whole pages, or say what is wrong with it. */
static i32 check(struct wish *w)
{
	u32 type = w->flags & MAP_TYPE;
	int fixed = (w->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;

	if (!w->bytes || type < MAP_SHARED || type > MAP_SHARED_VALIDATE ||
	    (w->flags & MAP_HUGETLB))
		return -EINVAL;
	if (w->bytes > USER_END)
		return -ENOMEM;
	w->bytes = (w->bytes + PAGE - 1) & -PAGE;
	if (!fixed)
		return 0;
	if (w->address % PAGE)
		return -EINVAL;
	if (w->address > USER_END - w->bytes)
		return -ENOMEM;
	return w->address < USER_LEAST ? -EPERM : 0;
}

static i32 map(struct wish *w)
{
	struct area a = { .flags = area_flags(w) };
	i32 error = check(w);

	if (error < 0)
		return error;
	if (!(w->flags & MAP_ANONYMOUS))
		error = map_file(w, &a);
	if ((w->flags & MAP_ANONYMOUS) || error == 1)
		error = map_anonymous(w, &a);
	if (error < 0)
		return error;
	a.start = w->address & -PAGE;
	a.end = a.start + w->bytes;
	error = space_map_area(process_current()->space, &a,
			       (w->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !=
				       0);
	if (a.file)
		file_drop(a.file);
	else if (a.inode)
		inode_drop(a.inode);
	return error < 0 ? error : (i32)a.start;
}

i32 call_mmap2(u32 address, u32 bytes, u32 protection, u32 flags,
	       u32 descriptor, u32 page)
{
	struct wish w = { address, bytes, protection, flags, descriptor, page };

	return map(&w);
}

/* The old call: six words in memory, the last an offset in bytes. */
i32 call_mmap(u32 user_words)
{
	struct wish w;

	if (user_read(&w, user_words, sizeof(w)) < 0)
		return -EFAULT;
	if (w.page % PAGE)
		return -EINVAL;
	w.page /= PAGE;
	return map(&w);
}

i32 call_munmap(u32 address, u32 bytes)
{
	return space_unmap(process_current()->space, address, bytes);
}

/* Other pages of the same file in the place of some: a mapping of its own. */
i32 call_remap_file_pages(u32 address, u32 bytes, u32 protection, u32 page,
			  u32 flags)
{
	struct space *s = process_current()->space;
	struct area wanted = { .page = page }, *a;
	i32 error;

	(void)flags;
	if (protection || !bytes || bytes > USER_END)
		return -EINVAL;
	wanted.start = address & -PAGE;
	wanted.end = wanted.start + ((bytes + PAGE - 1) & -PAGE);
	mutex_lock(&s->lock);
	a = space_area(s, wanted.start);
	error = a && (a->flags & AREA_SHARED) && a->file &&
				wanted.end > wanted.start &&
				wanted.end <= a->end ?
			0 :
			-EINVAL;
	if (error == 0) {
		wanted.flags = a->flags;
		wanted.inode = a->inode;
		wanted.file = a->file;
		file_hold(a->file);
	}
	mutex_unlock(&s->lock);
	if (error < 0)
		return error;
	error = space_map_area(s, &wanted, 1);
	file_drop(wanted.file);
	return error;
}
