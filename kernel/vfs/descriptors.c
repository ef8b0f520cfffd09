/* Calls about descriptors alone: closing and duplicating them. */
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/vfs/kinds.h"

#define CLOSE_RANGE_UNSHARE 2u
#define CLOSE_RANGE_CLOEXEC 4u

i32 call_close(u32 descriptor);
i32 call_close(u32 descriptor)
{
	return files_close(process_current()->files, descriptor);
}

/* A table of the process's own, if it shares one. 0 or -errno: tasks use their
 * process's table without counting it, so only a lone one may change it. */
static i32 files_unshare(void)
{
	struct process *p = process_current();
	struct files *old = p->files, *own;

	if (old->users == 1)
		return 0;
	if (p->task_count > 1)
		return -EINVAL;
	own = files_copy(old);
	if (!own)
		return -ENOMEM;
	spin_lock(&process_lock); /* others may be looking at it */
	p->files = own;
	spin_unlock(&process_lock);
	files_drop(old);
	return 0;
}

i32 call_close_range(u32 first, u32 last, u32 flags);
i32 call_close_range(u32 first, u32 last, u32 flags)
{
	struct files *t;
	i32 r = 0;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) ||
	    first > last)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE)
		r = files_unshare();
	if (r < 0)
		return r;
	t = process_current()->files;
	for (u32 d = first; d <= last && d < t->end; d++)
		if (flags & CLOSE_RANGE_CLOEXEC)
			files_mark(t, d, FILE_CLOSE_ON_EXEC);
		else
			files_close(t, d);
	return 0;
}

i32 call_dup(u32 descriptor);
i32 call_dup(u32 descriptor)
{
	struct file *f = file_get_any(descriptor);
	i32 d;

	if (!f)
		return -EBADF;
	d = files_add(process_current()->files, f, 0, 0);
	if (d < 0)
		file_drop(f);
	return d;
}

static i32 duplicate(u32 descriptor, u32 as, u32 flags)
{
	struct file *f = file_get_any(descriptor);
	i32 d;

	if (!f)
		return -EBADF;
	d = files_put(process_current()->files, f, as, flags);
	if (d < 0)
		file_drop(f);
	return d;
}

i32 call_dup3(u32 descriptor, u32 as, u32 flags);
i32 call_dup3(u32 descriptor, u32 as, u32 flags)
{
	if (flags & ~O_CLOEXEC || descriptor == as)
		return -EINVAL;
	return duplicate(descriptor, as, flags ? FILE_CLOSE_ON_EXEC : 0);
}

i32 call_dup2(u32 descriptor, u32 as);
i32 call_dup2(u32 descriptor, u32 as)
{
	struct file *f;

	if (descriptor != as)
		return duplicate(descriptor, as, 0);
	f = file_get_any(descriptor);
	if (!f)
		return -EBADF;
	file_drop(f);
	return (i32)as;
}
