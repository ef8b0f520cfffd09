/*
 * The list of orphans: the superblock has the first one, each inode the next
 * in the place of its time of deletion.
 */
#include "truncate.h"

#define NEXT_AT	     offsetof(struct disk_inode, deleted)
#define FIRST_AT     offsetof(struct super_block, orphan)
#define ORPHANS_MOST 65536u /* looked at, before it counts as a ring */

i32 orphan_first(u32 *number)
{
	return super_read(FIRST_AT, number, sizeof *number);
}

/* The orphan before that one, 0 if it is the first. Returns 1 if it is on the
 * list at all. */
static i32 orphan_find(u32 number, u32 *before)
{
	u32 at;

	*before = 0;
	RETURN_IF(orphan_first(&at));
	for (u32 n = 0; at; n++) {
		if (at == number)
			return 1;
		if (n == ORPHANS_MOST || !inode_number_ok(at))
			return -E_FORM;
		*before = at;
		RETURN_IF(inode_peek(at, NEXT_AT, &at, sizeof at));
	}
	return 0;
}

i32 orphan_is(u32 number)
{
	u32 before;

	return orphan_find(number, &before);
}

i32 orphan_add(struct inode *i)
{
	i32 there = orphan_is(i->number);

	RETURN_IF(there);
	if (there)
		return 0;
	RETURN_IF(orphan_first(&i->raw.deleted));
	return super_write(FIRST_AT, &i->number, sizeof i->number);
}

i32 orphan_remove(struct inode *i)
{
	u32 before, next = i->raw.deleted;
	i32 there = orphan_find(i->number, &before);

	RETURN_IF(there);
	if (!there)
		return 0;
	i->raw.deleted = 0;
	if (before)
		return inode_poke(before, NEXT_AT, &next, sizeof next);
	return super_write(FIRST_AT, &next, sizeof next);
}

i32 orphans_drop(void)
{
	u32 none = 0;

	say("ext2: the list of orphans is no list: dropped", 0);
	return super_write(FIRST_AT, &none, sizeof none);
}
