/*
 * Where in a space something new goes: at the top of the highest hole that is
 * large enough, below what is kept for the stack. The search goes on where
 * the last one ended, unless a hole that it passed over would do.
 */
#include "kernel/memory.h"
#include "kernel/space/area.h"

#define STACK_ROOM_LEAST 0x08000000u
#define STACK_ROOM_MOST	 0x80000000u

static u32 place_top(const struct space *s)
{
	u32 room = max(s->limit_stack, STACK_ROOM_LEAST);

	if (s->limit_stack == 0xFFFFFFFFu) /* no limit: as much as usual */
		room = STACK_ROOM_LEAST;
	return USER_END - (min(room, STACK_ROOM_MOST) & -PAGE);
}

/* The highest hole of `bytes` below `top`; its start, or 0. The largest one
 * that was too small is kept in *passed. */
static u32 search(const struct space *s, u32 bytes, u32 top, u32 *passed)
{
	u32 n = area_from(s, top - 1);

	if (n < s->area_count && area_low(s->index[n]) < top)
		top = area_low(s->index[n]);
	for (;;) {
		u32 low = n ? s->index[n - 1]->end : USER_LEAST;

		if (top > low && top - low >= bytes)
			return top - bytes;
		if (top > low)
			*passed = max(*passed, top - low);
		if (!n)
			return 0;
		top = min(top, area_low(s->index[--n]));
	}
}

static int wish_fits(const struct space *s, u32 bytes, u32 wish)
{
	u32 n = area_from(s, wish);

	if (wish < USER_LEAST || wish > USER_END - bytes)
		return 0;
	return n == s->area_count || area_low(s->index[n]) >= wish + bytes;
}

u32 space_place(struct space *s, u32 bytes, u32 wish)
{
	u32 top = place_top(s), found, passed = 0;

	if (!bytes || bytes > USER_END - USER_LEAST)
		return 0;
	bytes = (bytes + PAGE - 1) & -PAGE;
	wish &= -PAGE;
	if (wish && wish_fits(s, bytes, wish))
		return wish;
	if (bytes <= s->hole || !s->place || s->place > top) {
		s->place = top;
		s->hole = 0;
	}
	found = search(s, bytes, s->place, &s->hole);
	if (!found) { /* what was passed over or never mapped, then */
		s->hole = 0;
		found = search(s, bytes, top, &s->hole);
	}
	if (found)
		s->place = found;
	else /* between there and the stack */
		found = search(s, bytes, USER_END, &passed);
	return found;
}
