/*
 * Free blocks: found near a goal, in one piece where there is one. What the
 * bitmap says is checked against what can be: it may lie.
 */
#include "allocate.h"

#include "cache.h"

#define WINDOW	  64u /* bytes of a bitmap around the goal, read first */
#define SKIP_MOST 64u

/* A piece of a group's bitmap, and what is to be found in it. */
struct search {
	u32 group, size; /* blocks in the group */
	u32 start; /* the bit to begin at */
	u32 want;
	u32 bit, count; /* what was found; 0: nothing */
	u32 skip; /* bits to skip where one may not be used; 0: none so far */
};

/* Bytes of a group's bitmap, at their place in `bitmap`. */
static i32 bitmap_read(u32 group, u32 at, u32 size)
{
	const struct place *p;

	RETURN_IF(group_place(group, &p));
	return cache_read(p->block_map, at, bitmap + at, size);
}

static i32 bitmap_write(u32 group, u32 bit, u32 count)
{
	u32 at = bit / 8, end = (bit + count + 7) / 8;
	const struct place *p;

	RETURN_IF(group_place(group, &p));
	return cache_write(p->block_map, at, bitmap + at, end - at);
}

static void bits_set(u32 bit, u32 count)
{
	for (u32 i = bit; i < bit + count; i++)
		bitmap[i / 8] |= (u8)(1 << i % 8);
}

/*
 * May what was found be given away already? If not, it counts as used for as
 * long as this search goes on; what is held is held in long pieces.
 */
static i32 search_usable(struct search *s)
{
	u32 block = group_start(s->group) + s->bit;
	i32 usable = volume_usable(block, s->count);

	RETURN_IF(usable);
	if (usable) {
		s->count = min(s->count, (u32)usable);
		return 0;
	}
	s->skip = min(s->skip * 2 + 1, SKIP_MOST);
	bits_set(s->bit, min(s->skip, s->count));
	s->count = 0;
	return 0;
}

/* The bits from the goal on, if the goal itself is free. */
static i32 search_goal(struct search *s)
{
	u32 at = s->start / 8 & ~3u;
	u32 size = min(max(WINDOW, s->want / 8 + 8), fs.block_size - at);
	u32 end = min((at + size) * 8, s->size);

	RETURN_IF(bitmap_read(s->group, at, size));
	if (bits_find(s->start, end, false) != s->start)
		return 0;
	s->bit = s->start;
	s->count = min(bits_find(s->start, end, true) - s->start, s->want);
	return search_usable(s);
}

/* The first piece between two bits that is long enough, else the longest. */
static void search_piece(struct search *s, u32 from_here, u32 end)
{
	while (from_here < end && s->count < s->want) {
		u32 bit = bits_find(from_here, end, false);
		u32 stop = bits_find(bit, end, true);

		if (stop - bit > s->count) {
			s->bit = bit;
			s->count = stop - bit;
		}
		from_here = stop;
	}
}

/* All of the group: from the start on, then what is before it. */
static i32 search_group(struct search *s)
{
	RETURN_IF(bitmap_read(s->group, 0, fs.block_size));
	do {
		s->count = 0;
		search_piece(s, s->start, s->size);
		if (s->count < s->want)
			search_piece(s, 0, s->start);
		if (!s->count)
			return 0;
		s->count = min(s->count, s->want);
		RETURN_IF(search_usable(s));
	} while (!s->count);
	return 0;
}

/* What was found is taken. */
static i32 search_take(struct search *s, u32 *block, u32 *count)
{
	*block = group_start(s->group) + s->bit;
	*count = s->count;
	if (blocks_check(*block, *count) < 0) {
		say("ext2: bitmap of group %u is wrong", s->group);
		return -E_FORM;
	}
	if (s->skip) /* bits are set that do not say so on the volume */
		RETURN_IF(
			bitmap_read(s->group, s->bit / 8,
				    (s->bit + s->count + 7) / 8 - s->bit / 8));
	bits_set(s->bit, s->count);
	RETURN_IF(bitmap_write(s->group, s->bit, s->count));
	return counts_change(s->group, -(i32)s->count, 0, 0);
}

static i32 search_one(struct search *s, u32 goal, bool at_goal)
{
	u32 most;

	s->count = 0;
	s->size = group_size(s->group);
	s->start = at_goal ? goal - group_start(s->group) : 0;
	RETURN_IF(blocks_free_of(s->group, &most));
	if (!most)
		return 0;
	s->want = min(s->want, most);
	if (at_goal)
		RETURN_IF(search_goal(s));
	return s->count ? 0 : search_group(s);
}

/* Blocks that the one who asks may take, where so many are wanted. */
static i32 blocks_allowed(u32 want, u32 *most)
{
	i32 privileged;

	RETURN_IF(blocks_free(most));
	if (*most >= fs.kept && *most - fs.kept >= want)
		return 0;
	privileged = volume_privileged();
	if (!privileged)
		*most -= min(*most, fs.kept);
	return privileged;
}

i32 blocks_take(u32 goal, u32 want, u32 *block, u32 *count)
{
	u32 first, most;

	RETURN_IF(blocks_allowed(want, &most));
	if (!most)
		return -E_FULL;
	if (goal < fs.first_block || goal >= fs.blocks)
		goal = fs.first_block;
	first = (goal - fs.first_block) / fs.group_blocks;
	for (u32 n = 0; n < fs.groups; n++) {
		struct search s = { .want = min(want, most) };

		s.group = first + n < fs.groups ? first + n :
						  first + n - fs.groups;
		RETURN_IF(search_one(&s, goal, n == 0));
		if (s.count)
			return search_take(&s, block, count);
	}
	return -E_FULL;
}

/* Blocks of one group. */
static i32 give_in_group(u32 group, u32 bit, u32 count)
{
	u32 at = bit / 8, end = (bit + count + 7) / 8, set = 0;

	RETURN_IF(bitmap_read(group, at, end - at));
	for (u32 i = bit; i < bit + count; i++) {
		set += bitmap[i / 8] >> i % 8 & 1;
		bitmap[i / 8] &= (u8) ~(1 << i % 8);
	}
	if (set < count)
		say("ext2: free blocks of group %u were in use", group);
	RETURN_IF(bitmap_write(group, bit, count));
	return counts_change(group, (i32)set, 0, 0);
}

i32 blocks_give(u32 block, u32 count)
{
	RETURN_IF(blocks_check(block, count));
	RETURN_IF(cache_release(block, count));
	while (count) {
		u32 group = (block - fs.first_block) / fs.group_blocks;
		u32 bit = block - group_start(group);
		u32 part = min(count, group_size(group) - bit);

		RETURN_IF(give_in_group(group, bit, part));
		block += part;
		count -= part;
	}
	return 0;
}
