/*
 * The calls msync, mincore, and mlock with its kin. No page of a process's own
 * ever leaves memory, so locking is touching.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/area.h"
#include "kernel/space/table.h"
#include "kernel/space/user.h"

#define MS_ASYNC      1u
#define MS_INVALIDATE 2u
#define MS_SYNC	      4u
#define MCL_CURRENT   1u
#define MCL_ALL	      7u
#define MLOCK_ONFAULT 1u
#define VECTOR	      128u /* pages looked at with the lock held */

i32 call_msync(u32 start, u32 bytes, u32 flags);
i32 call_mincore(u32 start, u32 bytes, u32 user_vector);
i32 call_mlock(u32 start, u32 bytes);
i32 call_mlock2(u32 start, u32 bytes, u32 flags);
i32 call_munlock(u32 start, u32 bytes);
i32 call_mlockall(u32 flags);
i32 call_munlockall(void);

/* Is [start, start + bytes) mapped? Its end in *end; 0 or -ENOMEM. */
static i32 whole(u32 start, u32 bytes, u32 *end)
{
	struct space *s = process_current()->space;
	i32 error = 0;

	*end = start;
	if (bytes > USER_END || start > USER_END)
		return -ENOMEM;
	*end = start + ((bytes + PAGE - 1) & -PAGE);
	mutex_lock(&s->lock);
	if (*end < start || !area_whole(s, start, *end))
		error = -ENOMEM;
	mutex_unlock(&s->lock);
	return error;
}

/* The file on a volume that the area at *at shares, counted, or NULL; *at moves
 * behind the area. */
static struct inode *shared_file(u32 *at)
{
	struct space *s = process_current()->space;
	struct inode *i = 0;

	mutex_lock(&s->lock);
	const struct area *a = space_area(s, *at);

	if (a && a->flags & AREA_SHARED && a->inode && inode_volume(a->inode)) {
		i = a->inode;
		inode_hold(i);
	}
	*at = a ? a->end : *at + PAGE;
	mutex_unlock(&s->lock);
	return i;
}

i32 call_msync(u32 start, u32 bytes, u32 flags)
{
	u32 end;
	i32 error;

	if (start % PAGE || (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	error = whole(start, bytes, &end);
	for (u32 at = start; error == 0 && flags & MS_SYNC && at < end;) {
		struct inode *i = shared_file(&at);

		if (!i)
			continue;
		error = inode_flush(i);
		inode_drop(i);
	}
	return error;
}

/* Is the page at `at` in memory? Lock held. */
static u8 in_core(struct space *s, u32 at)
{
	const u32 *entry = table_entry(s, at);
	const struct area *a = space_area(s, at);
	struct physical p;

	if (entry && *entry)
		return 1;
	if (!a || !a->inode)
		return 0;
	p = cache_look(a->inode, a->page + (at - a->start) / PAGE);
	if (!frame_ok(p))
		return 0;
	frame_drop(p);
	return 1;
}

i32 call_mincore(u32 start, u32 bytes, u32 user_vector)
{
	struct space *s = process_current()->space;
	u8 vector[VECTOR];
	u32 end;

	if (start % PAGE)
		return -EINVAL;
	if (whole(start, bytes, &end) < 0)
		return -ENOMEM;
	while (start < end) {
		u32 n = min((end - start) / PAGE, VECTOR);

		mutex_lock(&s->lock);
		for (u32 i = 0; i < n; i++)
			vector[i] = in_core(s, start + i * PAGE);
		mutex_unlock(&s->lock);
		if (user_write(user_vector, vector, n) < 0)
			return -EFAULT;
		user_vector += n;
		start += n * PAGE;
	}
	return 0;
}

i32 call_mlock2(u32 start, u32 bytes, u32 flags)
{
	u32 offset = start % PAGE, end;

	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	if (bytes + offset < bytes)
		return -EINVAL;
	if (whole(start - offset, bytes + offset, &end) < 0)
		return -ENOMEM;
	if (!(flags & MLOCK_ONFAULT))
		space_populate(process_current()->space, start - offset, end);
	return 0;
}

i32 call_mlock(u32 start, u32 bytes)
{
	return call_mlock2(start, bytes, 0);
}

i32 call_munlock(u32 start, u32 bytes)
{
	return call_mlock2(start, bytes, MLOCK_ONFAULT);
}

i32 call_mlockall(u32 flags)
{
	struct space *s = process_current()->space;
	u32 at = 0;

	if (!flags || (flags & ~MCL_ALL))
		return -EINVAL;
	while (flags & MCL_CURRENT) {
		u32 n, start = 0, end = 0;

		mutex_lock(&s->lock);
		n = area_from(s, at);
		if (n < s->area_count) {
			start = s->index[n]->start;
			end = s->index[n]->end;
		}
		mutex_unlock(&s->lock);
		if (!end)
			break;
		space_populate(s, start, end);
		at = end;
	}
	return 0;
}

i32 call_munlockall(void)
{
	return 0;
}
