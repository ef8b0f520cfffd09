/* The calls mprotect, madvise and brk: areas that change where they are. */
#include "kernel/linux/errno.h"
#include "kernel/process/process.h"
#include "kernel/space/area.h"
#include "kernel/space/table.h"

#define PROT_GROWSDOWN 0x01000000u
#define PROT_GROWSUP   0x02000000u
#define PROT_SEM       8u

enum advice { /* as madvise(2) has it */
	      MADV_DONTNEED = 4,
	      MADV_FREE = 8,
	      MADV_REMOVE = 9,
	      MADV_DONTFORK = 10,
	      MADV_DOFORK = 11,
	      MADV_WIPEONFORK = 18,
	      MADV_KEEPONFORK = 19,
	      MADV_PAGEOUT = 21,
	      MADV_POPULATE_READ = 22,
	      MADV_POPULATE_WRITE = 23,
};

i32 call_mprotect(u32 start, u32 bytes, u32 protection);
i32 call_madvise(u32 start, u32 bytes, u32 advice);
i32 call_brk(u32 end);

/* Change flags of [start, end), all of it mapped, in whole areas. Lock held. */
static i32 change_flags(struct space *s, u32 start, u32 end, u32 gone, u32 come)
{
	if (area_cut(s, start) < 0 || area_cut(s, end) < 0) {
		area_join(s, start, end);
		return -ENOMEM;
	}
	for (u32 n = area_from(s, start);
	     n < s->area_count && s->index[n]->start < end; n++)
		s->index[n]->flags = (s->index[n]->flags & ~gone) | come;
	area_join(s, start, end);
	return 0;
}

/* May every area in [start, end) get those rights? */
static int may_have(const struct space *s, u32 start, u32 end, u32 rights)
{
	for (u32 n = area_from(s, start);
	     n < s->area_count && s->index[n]->start < end; n++)
		if ((rights & AREA_WRITE) &&
		    !(s->index[n]->flags & (AREA_WRITE | AREA_MAY_WRITE)))
			return 0;
	return 1;
}

/* The rights that any, and that all of them have now. */
static void rights_now(const struct space *s, u32 start, u32 end, u32 *any,
		       u32 *all)
{
	*any = 0;
	*all = AREA_ACCESS;
	for (u32 n = area_from(s, start);
	     n < s->area_count && s->index[n]->start < end; n++) {
		*any |= s->index[n]->flags & AREA_ACCESS;
		*all &= s->index[n]->flags;
	}
}

/* Rights that grow come with the next fault; what shrinks is taken now. */
static i32 protect(struct space *s, u32 start, u32 end, u32 rights)
{
	u32 any, all;
	i32 error;

	if (!area_whole(s, start, end))
		return -ENOMEM;
	if (!may_have(s, start, end, rights))
		return -EACCES;
	rights_now(s, start, end, &any, &all);
	if (any == rights && all == rights)
		return 0;
	error = change_flags(s, start, end, AREA_ACCESS, rights);
	if (error < 0)
		return error;
	if ((any && !rights) || (any & ~rights & AREA_WRITE))
		table_protect(s, start, end, !rights);
	return 0;
}

/* [start, start + bytes) in whole pages; 0: it is no such range. */
static int range_of(u32 start, u32 bytes, u32 *end)
{
	if (start % PAGE || bytes > USER_END || start > USER_END)
		return 0;
	*end = start + ((bytes + PAGE - 1) & -PAGE);
	return *end >= start;
}

i32 call_mprotect(u32 start, u32 bytes, u32 protection)
{
	struct space *s = process_current()->space;
	u32 grows = protection & (PROT_GROWSDOWN | PROT_GROWSUP), end;
	i32 error;

	protection &= ~(PROT_SEM | grows);
	if (start % PAGE || (protection & ~(u32)AREA_ACCESS) ||
	    (grows & PROT_GROWSUP))
		return -EINVAL;
	if (!range_of(start, bytes, &end))
		return -ENOMEM;
	if (start == end)
		return 0;
	space_lock_unpinned(s);
	if (grows) {
		struct area *a = space_area(s, start);

		if (!a || !(a->flags & AREA_STACK)) {
			mutex_unlock(&s->lock);
			return a ? -EINVAL : -ENOMEM;
		}
		start = a->start;
	}
	error = protect(s, start, end, protection);
	mutex_unlock(&s->lock);
	return error;
}

/* Forget contents: of MADV_FREE only what is the process's alone. */
static i32 forget(struct space *s, u32 start, u32 end, u32 advice)
{
	for (u32 n = area_from(s, start);
	     advice == MADV_FREE && n < s->area_count &&
	     s->index[n]->start < end;
	     n++)
		if (s->index[n]->inode)
			return -EINVAL;
	table_clear(s, start, end);
	return 0;
}

static i32 advise(struct space *s, u32 start, u32 end, u32 advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_FREE:
		return forget(s, start, end, advice);
	case MADV_DONTFORK:
		return change_flags(s, start, end, 0, AREA_NO_FORK);
	case MADV_DOFORK:
		return change_flags(s, start, end, AREA_NO_FORK, 0);
	case MADV_REMOVE:
	case MADV_WIPEONFORK:
	case MADV_KEEPONFORK:
		return -EINVAL;
	default: /* what makes no difference here */
		return 0;
	}
}

i32 call_madvise(u32 start, u32 bytes, u32 advice)
{
	struct space *s = process_current()->space;
	i32 error;
	u32 end;

	if (!range_of(start, bytes, &end) || advice > MADV_POPULATE_WRITE ||
	    (advice > 4 && advice < 8))
		return -EINVAL;
	if (start == end)
		return 0;
	space_lock_unpinned(s);
	error = advise(s, start, end, advice);
	if (error == 0 && !area_whole(s, start, end))
		error = -ENOMEM;
	mutex_unlock(&s->lock);
	if (error == 0 && advice >= MADV_POPULATE_READ)
		space_populate(s, start, end);
	return error;
}

/* Is there room for the heap up to `end`? Lock held. */
static int heap_fits(const struct space *s, u32 start, u32 end)
{
	u32 n = area_from(s, start);

	return n == s->area_count ? end <= USER_END :
				    area_low(s->index[n]) >= end;
}

static i32 heap_set(struct space *s, u32 old, u32 new, struct list *removed)
{
	struct area grown = {
		.start = old,
		.end = new,
		.flags = AREA_READ | AREA_WRITE | AREA_MAY_WRITE | AREA_HEAP,
	};

	if (new < old)
		return space_clear(s, new, old, removed);
	if (new == old)
		return 0;
	if (!heap_fits(s, old, new))
		return -ENOMEM;
	return space_map_locked(s, &grown, removed);
}

/* Answers where the heap ends now, whether that is what was asked or not. */
i32 call_brk(u32 end)
{
	struct space *s = process_current()->space;
	struct list removed;
	u32 old, new;

	list_init(&removed);
	space_lock_unpinned(s);
	old = (s->heap_end + PAGE - 1) & -PAGE;
	new = (end + PAGE - 1) & -PAGE;
	if (end >= s->heap_start && end < USER_END &&
	    heap_set(s, old, new, &removed) == 0)
		s->heap_end = end;
	end = s->heap_end;
	mutex_unlock(&s->lock);
	areas_free(&removed);
	return (i32)end;
}
