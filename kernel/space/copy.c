/*
 * fork's copy of a space: all areas, and every page that is there, which both
 * then have read-only until one of them writes to it. What is lent to a domain
 * stays writable: a copy that there is no memory for would be its fault.
 */
#include "kernel/space/area.h"
#include "kernel/space/table.h"

static i32 copy_areas(struct space *to, struct space *of)
{
	if (area_room(to, of->area_count) < 0)
		return -ENOMEM;
	for (u32 n = 0; n < of->area_count; n++) {
		const struct area *a = of->index[n];
		struct area *copy;

		if (a->flags & AREA_NO_FORK)
			continue;
		copy = area_make(a->start, a->end, a->flags, a->inode, a->file,
				 a->page);
		if (!copy)
			return -ENOMEM;
		area_insert(to, copy);
	}
	return 0;
}

static void copy_places(struct space *to, const struct space *of)
{
	to->code_start = of->code_start;
	to->code_end = of->code_end;
	to->data_start = of->data_start;
	to->data_end = of->data_end;
	to->heap_start = of->heap_start;
	to->heap_end = of->heap_end;
	to->stack_top = of->stack_top;
	to->args_start = of->args_start;
	to->auxiliary = of->auxiliary;
	to->args_end = of->args_end;
	to->environment_start = of->environment_start;
	to->environment_end = of->environment_end;
	to->vdso = of->vdso;
	to->limit_space = of->limit_space;
	to->limit_stack = of->limit_stack;
	to->limit_data = of->limit_data;
	to->place = of->place;
	to->hole = of->hole;
}

struct space *space_copy(struct space *s)
{
	struct space *copy = space_make();
	i32 error;

	if (!copy)
		return 0;
	space_lock_unpinned(s);
	copy_places(copy, s);
	error = copy_areas(copy, s);
	if (error == 0)
		error = table_copy(copy, s);
	for (u32 n = 0; error == 0 && n < s->area_count; n++)
		if (s->index[n]->flags & AREA_NO_FORK)
			table_clear(copy, s->index[n]->start, s->index[n]->end);
	copy->peak = copy->resident;
	mutex_unlock(&s->lock);
	if (error < 0) {
		space_drop(copy);
		return 0;
	}
	return copy;
}
