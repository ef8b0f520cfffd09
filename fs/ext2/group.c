/*
 * Groups of blocks, and the counts of what is free. An operation's changes to
 * the counts are collected and written where it moves on to another group and
 * where it ends.
 */
#include "cache.h"

#define PLACES 128u

/* Places of groups: they never move. */
static struct place places[PLACES];

/* What this operation changed and has not written yet. */
static struct {
	u32 group;
	i32 blocks, inodes, folders;
	i32 all_blocks, all_inodes;
	struct volume_facts facts;
} pending;

static bool ended; /* the last operation, well */

void folder_begin(bool changes, bool ended);
void map_begin(void);

i32 operation_begin(bool changes)
{
	memset(&pending, 0, sizeof pending);
	cache_begin(ended);
	folder_begin(changes, ended);
	map_begin();
	ended = false;
	if (!fs.ready) {
		memset(places, 0, sizeof places);
		cache_forget();
		RETURN_IF(super_load());
	}
	return changes && fs.read_only ? -E_DENIED : 0;
}

i32 time_now(u32 *seconds, u32 *nanoseconds)
{
	if (!pending.facts.seconds)
		RETURN_IF(volume_facts(&pending.facts));
	*seconds = pending.facts.seconds;
	*nanoseconds = pending.facts.nanoseconds;
	return 0;
}

u32 group_start(u32 group)
{
	return fs.first_block + group * fs.group_blocks;
}

u32 group_size(u32 group)
{
	return min(fs.group_blocks, fs.blocks - group_start(group));
}

static bool power_of(u32 n, u32 base)
{
	while (n % base == 0)
		n /= base;
	return n == 1;
}

bool group_has_super(u32 group)
{
	if (group == 0)
		return true;
	if (fs.sparse2)
		return group == fs.backups[0] || group == fs.backups[1];
	if (!fs.sparse || group == 1)
		return true;
	return (group & 1) &&
	       (power_of(group, 3) || power_of(group, 5) || power_of(group, 7));
}

u32 group_overhead(u32 group)
{
	if (!group_has_super(group))
		return 0;
	return 1 + fs.descriptor_blocks + fs.reserved_descriptors;
}

/* Where a group's descriptor is. */
static u32 descriptor_block(u32 group)
{
	return fs.first_block + 1 + (group >> (fs.block_shift - 5));
}

static u32 descriptor_at(u32 group)
{
	return group * DESCRIPTOR_SIZE & (fs.block_size - 1);
}

static bool within(u32 block, u32 start, u32 count)
{
	return block >= start && block - start < count;
}

static i32 place_check(u32 group, const struct place *p)
{
	u32 first = group_start(group) + p->overhead;
	u32 count = group_size(group) - p->overhead;

	if (!within(p->block_map, first, count) ||
	    !within(p->inode_map, first, count) ||
	    !within(p->table, first, count) ||
	    fs.table_blocks > first + count - p->table ||
	    p->block_map == p->inode_map ||
	    within(p->block_map, p->table, fs.table_blocks) ||
	    within(p->inode_map, p->table, fs.table_blocks)) {
		say("ext2: descriptor of group %u makes no sense", group);
		return -E_FORM;
	}
	return 0;
}

i32 group_place(u32 group, const struct place **found)
{
	struct place *p = &places[group % PLACES];
	u32 list[3];

	*found = p;
	if (p->group == group + 1)
		return 0;
	p->group = 0;
	RETURN_IF(cache_read(descriptor_block(group), descriptor_at(group),
			     list, sizeof list));
	p->block_map = list[0];
	p->inode_map = list[1];
	p->table = list[2];
	p->overhead = group_overhead(group);
	RETURN_IF(place_check(group, p));
	p->group = group + 1;
	return 0;
}

static bool apart(u32 block, u32 count, u32 other, u32 size)
{
	return block + count <= other || other + size <= block;
}

i32 blocks_check(u32 block, u32 count)
{
	if (block < fs.first_block || block >= fs.blocks ||
	    count > fs.blocks - block)
		return -E_FORM;
	while (count) {
		u32 group = (block - fs.first_block) / fs.group_blocks;
		u32 start = group_start(group);
		u32 part = min(count, start + group_size(group) - block);
		const struct place *p;

		RETURN_IF(group_place(group, &p));
		if (block - start < p->overhead ||
		    !apart(block, part, p->table, fs.table_blocks) ||
		    !apart(block, part, p->block_map, 1) ||
		    !apart(block, part, p->inode_map, 1))
			return -E_FORM;
		block += part;
		count -= part;
	}
	return 0;
}

/* A count of what is free, changed; it stays one that can be. */
static u32 count_add(u32 count, i32 change, u32 most)
{
	if (change < 0)
		return count - min(count, (u32)-change);
	return min(count + (u32)change, max(most, count));
}

static void descriptor_add(struct descriptor *d)
{
	d->blocks_free =
		(u16)count_add(d->blocks_free, pending.blocks, fs.group_blocks);
	d->inodes_free =
		(u16)count_add(d->inodes_free, pending.inodes, fs.group_inodes);
	d->folders =
		(u16)count_add(d->folders, pending.folders, fs.group_inodes);
}

i32 descriptor_read(u32 group, struct descriptor *d)
{
	RETURN_IF(cache_read(descriptor_block(group), descriptor_at(group), d,
			     DESCRIPTOR_SIZE));
	if (group == pending.group)
		descriptor_add(d);
	return 0;
}

i32 blocks_free_of(u32 group, u32 *count)
{
	struct descriptor d;

	RETURN_IF(descriptor_read(group, &d));
	*count = d.blocks_free;
	return 0;
}

/* The group's counts, as they are pending, are written. */
static i32 counts_flush(void)
{
	struct descriptor d;

	if (pending.blocks || pending.inodes || pending.folders) {
		RETURN_IF(descriptor_read(pending.group, &d));
		RETURN_IF(cache_write(
			descriptor_block(pending.group),
			descriptor_at(pending.group) +
				offsetof(struct descriptor, blocks_free),
			&d.blocks_free, 3 * sizeof(u16)));
	}
	pending.blocks = pending.inodes = pending.folders = 0;
	return 0;
}

i32 counts_change(u32 group, i32 blocks, i32 inodes, i32 folders)
{
	if (group != pending.group)
		RETURN_IF(counts_flush());
	pending.group = group;
	pending.blocks += blocks;
	pending.inodes += inodes;
	pending.folders += folders;
	pending.all_blocks += blocks;
	pending.all_inodes += inodes;
	return 0;
}

/* Free blocks and free inodes, as the operation leaves them. */
static i32 totals_read(u32 counts[2])
{
	RETURN_IF(super_read(offsetof(struct super_block, blocks_free), counts,
			     8));
	counts[0] = count_add(counts[0], pending.all_blocks, fs.blocks);
	counts[1] = count_add(counts[1], pending.all_inodes, fs.inodes);
	return 0;
}

i32 blocks_free(u32 *count)
{
	u32 counts[2];

	RETURN_IF(totals_read(counts));
	*count = counts[0];
	return 0;
}

i32 inodes_free(u32 *count)
{
	u32 counts[2];

	RETURN_IF(totals_read(counts));
	*count = counts[1];
	return 0;
}

i32 operation_end(i32 answer)
{
	u32 counts[2];

	if (answer < 0)
		return answer;
	RETURN_IF(counts_flush());
	if (pending.all_blocks || pending.all_inodes) {
		RETURN_IF(totals_read(counts));
		RETURN_IF(super_write(offsetof(struct super_block, blocks_free),
				      counts, 8));
	}
	ended = true;
	return answer;
}
