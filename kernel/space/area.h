/*
 * The areas of a space: finding them, cutting and joining them, and the list
 * of those that map one inode. All with the space's lock held but for what is
 * marked; nothing here touches page tables.
 */
#ifndef KERNEL_SPACE_AREA_H
#define KERNEL_SPACE_AREA_H

#include "kernel/space/space.h"

#define GUARD_GAP 0x100000u /* kept free below what grows down */

/* An area in no space; counts inode and file. NULL without memory. */
struct area *area_make(u32 start, u32 end, u32 flags, struct inode *inode,
		       struct file *file, u32 page);

/* Let go of the areas in a list, that are in no space; no lock held. */
void areas_free(struct list *areas);

/* The number of the first area that ends after `address`; area_count: none. */
u32 area_from(const struct space *s, u32 address);

/* Is there nothing in [start, end)? */
int area_none(const struct space *s, u32 start, u32 end);

/* Room in the index for `more` areas: 0 or -ENOMEM. */
i32 area_room(struct space *s, u32 more);

/* Put an area in; there is room, and nothing where it lies. */
void area_insert(struct space *s, struct area *a);

/* Take `count` areas from number n on out of the space, to the end of a list.
 */
void area_remove(struct space *s, u32 n, u32 count, struct list *removed);

/* Make `address` a border between areas, if it lies in one. 0 or -ENOMEM. */
i32 area_cut(struct space *s, u32 address);

/* Join the areas that touch in [start, end], where they are alike. */
void area_join(struct space *s, u32 start, u32 end);

/* Are [start, end) areas without a hole between? */
int area_whole(const struct space *s, u32 start, u32 end);

/* Wait until nothing is pinned; the lock is held on return. */
void space_lock_unpinned(struct space *s);

/* Take what is in [start, end) out, and its pages. Areas go to `removed`.
 * 0, or -ENOMEM with nothing done. Lock held, nothing pinned. */
i32 space_clear(struct space *s, u32 start, u32 end, struct list *removed);

/* Map what `wanted` (whole pages) says: at its start, over what is there, or
 * (not `fixed`) in a free place, near there if may be, which becomes its start
 * and end. 0 or -errno. No lock held. */
i32 space_map_area(struct space *s, struct area *wanted, int fixed);

/* The same at a fixed place with the lock held, nothing pinned. */
i32 space_map_locked(struct space *s, struct area *wanted,
		     struct list *removed);

/* Touch every page of [start, end), as far as it goes. No lock held. */
void space_populate(struct space *s, u32 start, u32 end);

/* Whether `pages` more pages of such an area are within the limits. */
int space_allows(const struct space *s, u32 pages, u32 flags);

/* The lowest address that is not kept free below this area. */
static inline u32 area_low(const struct area *a)
{
	if (!(a->flags & AREA_STACK))
		return a->start;
	return a->start > GUARD_GAP ? a->start - GUARD_GAP : 0;
}

/* ---- mapping.c: who maps an inode ---- */

void mapping_add(struct area *a);
void mapping_remove(struct area *a);

/* Take the pages of inode i from number `page` on out of every space. */
void mapping_truncate(struct inode *i, u32 page);

/* Make what is shared of `count` pages read-only in every space. */
void mapping_protect(struct inode *i, u32 page, u32 count);

/* Wait until no mapping_truncate works in s, of which no area is mapped. */
void mapping_settle(struct space *s);

#endif
