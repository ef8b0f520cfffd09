/*
 * The call mremap: larger, smaller or elsewhere with the same contents; from
 * length 0, what is shared is mapped once more.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/area.h"
#include "kernel/space/table.h"

#define MREMAP_MAYMOVE 1u
#define MREMAP_FIXED   2u

/* What is asked, in whole pages. */
struct move {
	u32 old, old_bytes, bytes, flags, to;
};

i32 call_mremap(u32 old, u32 old_bytes, u32 bytes, u32 flags, u32 to);

static i32 check(struct move *m)
{
	if (m->old % PAGE || !m->bytes ||
	    (m->flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) ||
	    m->old_bytes > USER_END || m->bytes > USER_END ||
	    m->old > USER_END - m->old_bytes)
		return -EINVAL;
	m->old_bytes = (m->old_bytes + PAGE - 1) & -PAGE;
	m->bytes = (m->bytes + PAGE - 1) & -PAGE;
	if (!(m->flags & MREMAP_FIXED))
		return 0;
	if (!(m->flags & MREMAP_MAYMOVE) || m->to % PAGE ||
	    m->to < USER_LEAST || m->to > USER_END - m->bytes)
		return -EINVAL;
	if (m->to < m->old + m->old_bytes && m->old < m->to + m->bytes)
		return -EINVAL;
	return 0;
}

/* Make area n longer where it is; 0: there is no room. */
static int grow_there(struct space *s, u32 n, const struct move *m)
{
	struct area *a = s->index[n];
	u32 end = m->old + m->bytes;

	if (a->end != m->old + m->old_bytes || end > USER_END || end < m->old)
		return 0;
	if (n + 1 < s->area_count && area_low(s->index[n + 1]) < end)
		return 0;
	s->mapped += (end - a->end) / PAGE;
	a->end = end;
	area_join(s, m->old, end);
	return 1;
}

/* The area at the old place, alone, moves to m->to, which is free. */
static i32 move(struct space *s, const struct move *m, struct list *removed)
{
	struct area *a, *moved;

	if (area_cut(s, m->old) < 0 || area_cut(s, m->old + m->old_bytes) < 0 ||
	    area_room(s, 1) < 0)
		return -ENOMEM;
	a = space_area(s, m->old);
	moved = area_make(m->to, m->to + m->bytes, a->flags, a->inode, a->file,
			  a->page);
	if (!moved)
		return -ENOMEM;
	if (table_move(s, m->old, min(m->old_bytes, m->bytes), m->to) < 0) {
		list_add_last(removed, &moved->list);
		return -ENOMEM;
	}
	if (m->bytes < m->old_bytes)
		table_clear(s, m->old + m->bytes, m->old + m->old_bytes);
	area_remove(s, area_from(s, m->old), 1, removed);
	area_insert(s, moved);
	area_join(s, m->to, m->to + m->bytes);
	return 0;
}

static i32 remap_elsewhere(struct space *s, struct move *m,
			   struct list *removed)
{
	i32 error;

	if (m->flags & MREMAP_FIXED) {
		error = space_clear(s, m->to, m->to + m->bytes, removed);
		if (error < 0)
			return error;
	} else {
		m->to = space_place(s, m->bytes, 0);
		if (!m->to)
			return -ENOMEM;
	}
	error = move(s, m, removed);
	if (error < 0)
		area_join(s, m->old, m->old + m->old_bytes);
	return error < 0 ? error : (i32)m->to;
}

/* The same contents at a second place. */
static i32 map_again(struct space *s, struct move *m, struct list *removed)
{
	const struct area *a = space_area(s, m->old);
	struct area again = {
		.flags = a->flags,
		.inode = a->inode,
		.file = a->file,
		.page = a->page + (m->old - a->start) / PAGE,
	};
	i32 error;

	if (!(a->flags & AREA_SHARED) || !(m->flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if (!(m->flags & MREMAP_FIXED))
		m->to = space_place(s, m->bytes, 0);
	if (!m->to)
		return -ENOMEM;
	again.start = m->to;
	again.end = m->to + m->bytes;
	error = space_map_locked(s, &again, removed);
	return error < 0 ? error : (i32)m->to;
}

static i32 remap(struct space *s, struct move *m, struct list *removed)
{
	struct area *a = space_area(s, m->old);
	u32 more =
		m->bytes > m->old_bytes ? (m->bytes - m->old_bytes) / PAGE : 0;

	if (!a || m->old + m->old_bytes > a->end)
		return -EFAULT;
	if (!m->old_bytes)
		return map_again(s, m, removed);
	if (more && !space_allows(s, more, a->flags))
		return -ENOMEM;
	if (m->flags & MREMAP_FIXED)
		return remap_elsewhere(s, m, removed);
	if (m->bytes <= m->old_bytes) {
		i32 error = space_clear(s, m->old + m->bytes,
					m->old + m->old_bytes, removed);

		return error < 0 ? error : (i32)m->old;
	}
	if (grow_there(s, area_from(s, m->old), m))
		return (i32)m->old;
	if (!(m->flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	return remap_elsewhere(s, m, removed);
}

i32 call_mremap(u32 old, u32 old_bytes, u32 bytes, u32 flags, u32 to)
{
	struct move m = { old, old_bytes, bytes, flags, to };
	struct space *s = process_current()->space;
	struct list removed;
	i32 result = check(&m);

	if (result < 0)
		return result;
	list_init(&removed);
	space_lock_unpinned(s);
	result = remap(s, &m, &removed);
	mutex_unlock(&s->lock);
	areas_free(&removed);
	return result;
}
