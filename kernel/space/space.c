/*
 * Making and ending address spaces, mapping and unmapping, and what a mapping
 * may cost.
 */
#include "kernel/space/space.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/space/area.h"
#include "kernel/space/cache.h"
#include "kernel/space/flush.h"
#include "kernel/space/table.h"

#define USER_SLOTS (USER_END >> 22)
#define NO_LIMIT   0xFFFFFFFFu

static struct lock_class space_class = { .name = "space" };

struct space *space_make(void)
{
	struct space *s = heap_take_now(sizeof(*s));
	const u32 *core = direct((struct physical){ page_directory() });

	if (!s)
		return 0;
	s->directory = frame_take_evict(1);
	if (!frame_ok(s->directory)) {
		heap_give(s);
		return 0;
	}
	s->entries = direct(s->directory);
	memory_copy(s->entries + USER_SLOTS, core + USER_SLOTS,
		    (1024 - USER_SLOTS) * sizeof(u32));
	mutex_init(&s->lock, &space_class);
	list_init(&s->areas);
	wait_queue_init(&s->unpinned);
	s->users = 1;
	s->limit_space = s->limit_stack = s->limit_data = NO_LIMIT;
	return s;
}

void space_hold(struct space *s)
{
	__atomic_add_fetch(&s->users, 1, __ATOMIC_RELAXED);
}

/* Areas off the lists that others find them by. */
static void forget_areas(struct space *s)
{
	for (u32 n = 0; n < s->area_count; n++)
		mapping_remove(s->index[n]);
	mapping_settle(s);
}

void space_drop(struct space *s)
{
	if (__atomic_sub_fetch(&s->users, 1, __ATOMIC_ACQ_REL))
		return;
	assert(!s->pinned);
	forget_areas(s);
	flush_unload(s);
	table_end(s);
	areas_free(&s->areas);
	memory_fill(s->entries + USER_SLOTS, 0,
		    (1024 - USER_SLOTS) * sizeof(u32));
	frame_end_zero(s->directory);
	heap_give(s->index);
	heap_give(s);
}

void space_lock_unpinned(struct space *s)
{
	for (;;) {
		mutex_lock(&s->lock);
		if (!s->pinned)
			return;
		mutex_unlock(&s->lock);
		scheduler_lock();
		__atomic_add_fetch(&s->unpin_waiters, 1, __ATOMIC_SEQ_CST);
		while (__atomic_load_n(&s->pinned, __ATOMIC_SEQ_CST))
			wait_in(&s->unpinned, WAIT_FOREVER);
		__atomic_sub_fetch(&s->unpin_waiters, 1, __ATOMIC_SEQ_CST);
		scheduler_unlock();
	}
}

/* Counted by RLIMIT_DATA. */
static int is_data(u32 flags)
{
	return (flags & (AREA_WRITE | AREA_SHARED | AREA_STACK)) == AREA_WRITE;
}

static u32 data_pages(const struct space *s)
{
	u32 pages = 0;

	for (u32 n = 0; n < s->area_count; n++)
		if (is_data(s->index[n]->flags))
			pages += (s->index[n]->end - s->index[n]->start) / PAGE;
	return pages;
}

/*
 * Memory is promised freely, but for what could never be had: one area that is
 * larger than all memory, unless the program says it will not fill it.
 */
int space_allows(const struct space *s, u32 pages, u32 flags)
{
	if (is_data(flags) && !(flags & AREA_NO_RESERVE) &&
	    pages > frame_total())
		return 0;
	if (s->mapped + pages > s->limit_space / PAGE)
		return 0;
	return !is_data(flags) || s->limit_data == NO_LIMIT ||
	       data_pages(s) + pages <= s->limit_data / PAGE;
}

i32 space_clear(struct space *s, u32 start, u32 end, struct list *removed)
{
	u32 n, count = 0;

	if (area_none(s, start, end))
		return 0;
	if (area_cut(s, start) < 0 || area_cut(s, end) < 0) {
		area_join(s, start, end);
		return -ENOMEM;
	}
	table_clear(s, start, end);
	n = area_from(s, start);
	while (n + count < s->area_count && s->index[n + count]->start < end)
		count++;
	area_remove(s, n, count, removed);
	return 0;
}

static i32 range_check(u32 start, u32 *bytes)
{
	if (!*bytes || start % PAGE)
		return -EINVAL;
	if (*bytes > USER_END ||
	    start > USER_END - ((*bytes + PAGE - 1) & -PAGE))
		return -ENOMEM;
	*bytes = (*bytes + PAGE - 1) & -PAGE;
	return 0;
}

/* Make the area below, or above, larger: 1 if there is one that fits. */
static int extend(struct space *s, u32 start, u32 end, u32 flags)
{
	struct area *a = start ? space_area(s, start - 1) : 0;

	if (!a || a->inode || a->file || a->flags != flags)
		return 0;
	s->mapped += (end - start) / PAGE;
	a->end = end;
	area_join(s, end, end);
	return 1;
}

i32 space_map_locked(struct space *s, struct area *a, struct list *removed)
{
	u32 overlap = 0;

	if ((a->flags & AREA_KEEP) && !area_none(s, a->start, a->end))
		return -EEXIST;
	for (u32 n = area_from(s, a->start);
	     n < s->area_count && s->index[n]->start < a->end; n++)
		overlap += (min(s->index[n]->end, a->end) -
			    max(s->index[n]->start, a->start)) /
			   PAGE;
	if (!space_allows(s, (a->end - a->start) / PAGE - overlap, a->flags))
		return -ENOMEM;
	a->flags &= ~(u32)(AREA_KEEP | AREA_POPULATE | AREA_NO_RESERVE);
	if (area_room(s, 3) < 0)
		return -ENOMEM;
	if (overlap && space_clear(s, a->start, a->end, removed) < 0)
		return -ENOMEM;
	if (!a->inode && !a->file && extend(s, a->start, a->end, a->flags))
		return 0;
	struct area *copy = area_make(a->start, a->end, a->flags, a->inode,
				      a->file, a->page);
	if (!copy)
		return -ENOMEM;
	area_insert(s, copy);
	area_join(s, a->start, a->end);
	return 0;
}

i32 space_map_area(struct space *s, struct area *wanted, int fixed)
{
	u32 bytes = wanted->end - wanted->start, flags = wanted->flags;
	struct list removed;
	i32 error = 0;

	list_init(&removed);
	if (fixed) {
		space_lock_unpinned(s);
	} else {
		mutex_lock(&s->lock);
		wanted->start = space_place(s, bytes, wanted->start);
		wanted->end = wanted->start + bytes;
		error = wanted->start ? 0 : -ENOMEM;
	}
	if (error == 0)
		error = space_map_locked(s, wanted, &removed);
	mutex_unlock(&s->lock);
	areas_free(&removed);
	if (error == 0 && (flags & AREA_POPULATE) && (flags & AREA_ACCESS))
		space_populate(s, wanted->start, wanted->end);
	return error;
}

i32 space_map(struct space *s, u32 start, u32 bytes, u32 flags,
	      struct inode *inode, struct file *file, u32 page)
{
	struct area wanted = {
		.flags = flags,
		.inode = inode,
		.file = file,
		.page = page,
	};
	i32 error = range_check(start, &bytes);

	if (error < 0)
		return error;
	wanted.start = start;
	wanted.end = start + bytes;
	return space_map_area(s, &wanted, 1);
}

i32 space_unmap(struct space *s, u32 start, u32 bytes)
{
	struct list removed;
	i32 error = range_check(start, &bytes);

	if (error < 0)
		return -EINVAL;
	list_init(&removed);
	space_lock_unpinned(s);
	error = space_clear(s, start, start + bytes, &removed);
	mutex_unlock(&s->lock);
	areas_free(&removed);
	return error;
}

u32 space_frames(void)
{
	return frame_shared_count() - cache_frames();
}
