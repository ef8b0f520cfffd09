/*
 * Areas, kept in a list in order of addresses and in an array for searching.
 */
#include "kernel/space/area.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/vfs/file.h"

#define ROOM_FIRST 32u
#define AREAS_MOST 65536u

/* Is its inode counted by itself, not through the file? */
static int counts_inode(const struct area *a)
{
	return a->inode && !(a->file && a->file->inode == a->inode);
}

struct area *area_make(u32 start, u32 end, u32 flags, struct inode *inode,
		       struct file *file, u32 page)
{
	struct area *a = heap_take_now(sizeof(*a));

	if (!a)
		return 0;
	a->start = start;
	a->end = end;
	a->flags = flags;
	a->inode = inode;
	a->file = file;
	a->page = page;
	list_init(&a->list);
	list_init(&a->mapping);
	if (counts_inode(a))
		inode_hold(inode);
	if (file)
		file_hold(file);
	return a;
}

static void area_free(struct area *a)
{
	if (counts_inode(a))
		inode_drop(a->inode);
	if (a->file)
		file_drop(a->file);
	heap_give(a);
}

void areas_free(struct list *areas)
{
	while (!list_empty(areas)) {
		struct area *a = LIST_OF(areas->next, struct area, list);

		list_remove(&a->list);
		area_free(a);
	}
}

u32 area_from(const struct space *s, u32 address)
{
	u32 low = 0, high = s->area_count;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (s->index[middle]->end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct area *space_area(struct space *s, u32 address)
{
	u32 n = s->last;

	if (n >= s->area_count || s->index[n]->start > address ||
	    s->index[n]->end <= address) {
		n = area_from(s, address);
		if (n == s->area_count || s->index[n]->start > address)
			return 0;
		s->last = n;
	}
	return s->index[n];
}

int area_none(const struct space *s, u32 start, u32 end)
{
	u32 n = area_from(s, start);

	return n == s->area_count || s->index[n]->start >= end;
}

int area_whole(const struct space *s, u32 start, u32 end)
{
	for (u32 n = area_from(s, start); start < end; n++) {
		if (n == s->area_count || s->index[n]->start > start)
			return 0;
		start = s->index[n]->end;
	}
	return 1;
}

i32 area_room(struct space *s, u32 more)
{
	u32 wanted = s->area_count + more,
	    room = max(s->index_room, ROOM_FIRST);
	struct area **index;

	if (wanted <= s->index_room)
		return 0;
	while (room < wanted)
		room *= 2;
	if (room > AREAS_MOST)
		return -ENOMEM;
	index = heap_take_now(room * sizeof(*index));
	if (!index)
		return -ENOMEM;
	memory_copy(index, s->index, s->area_count * sizeof(*index));
	heap_give(s->index);
	s->index = index;
	s->index_room = room;
	return 0;
}

/* Move `count` pointers one place up. */
static void move_up(struct area **first, u32 count)
{
	struct area **of = first + count - 1, **to = first + count;

	__asm__ volatile("std\n\trep movsl\n\tcld"
			 : "+S"(of), "+D"(to), "+c"(count)
			 :
			 : "memory", "cc");
}

void area_insert(struct space *s, struct area *a)
{
	u32 n = area_from(s, a->start);
	struct list *before = n ? &s->index[n - 1]->list : &s->areas;

	move_up(s->index + n, s->area_count - n);
	s->index[n] = a;
	s->area_count++;
	list_add_last(before->next, &a->list); /* behind `before` */
	a->space = s;
	s->mapped += (a->end - a->start) / PAGE;
	mapping_add(a);
}

/* What lay below area n has come free. */
static void place_freed(struct space *s, u32 n)
{
	u32 high = n < s->area_count ? area_low(s->index[n]) : USER_END;

	if (high > s->place)
		s->place = high;
}

void area_remove(struct space *s, u32 n, u32 count, struct list *removed)
{
	for (u32 i = n; i < n + count; i++) {
		struct area *a = s->index[i];

		list_remove(&a->list);
		list_add_last(removed, &a->list);
		s->mapped -= (a->end - a->start) / PAGE;
		mapping_remove(a);
		a->space = 0;
	}
	s->area_count -= count;
	memory_copy(s->index + n, s->index + n + count,
		    (s->area_count - n) * sizeof(*s->index));
	place_freed(s, n);
}

i32 area_cut(struct space *s, u32 address)
{
	struct area *a = space_area(s, address), *b;

	if (!a || a->start == address)
		return 0;
	if (area_room(s, 1) < 0)
		return -ENOMEM;
	b = area_make(address, a->end, a->flags, a->inode, a->file,
		      a->page + (address - a->start) / PAGE);
	if (!b)
		return -ENOMEM;
	s->mapped -= (b->end - b->start) / PAGE;
	a->end = address;
	area_insert(s, b);
	return 0;
}

static int alike(const struct area *a, const struct area *b)
{
	return a->end == b->start && a->flags == b->flags &&
	       a->inode == b->inode && a->file == b->file &&
	       (!a->inode || a->page + (a->end - a->start) / PAGE == b->page);
}

void area_join(struct space *s, u32 start, u32 end)
{
	u32 n = area_from(s, start ? start - 1 : 0);

	while (n + 1 < s->area_count && s->index[n + 1]->start <= end) {
		struct area *a = s->index[n], *b = s->index[n + 1];
		struct list joined;

		if (!alike(a, b)) {
			n++;
			continue;
		}
		list_init(&joined);
		area_remove(s, n + 1, 1, &joined);
		s->mapped += (b->end - b->start) / PAGE;
		a->end = b->end;
		areas_free(&joined); /* `a` counts the same file and inode */
	}
}
