/*
 * The superblock: read, checked field by field, and what follows from it. Of
 * features that are not known here the incompatible ones are refused, and
 * those that stand in the way of writing make the volume read-only.
 */
#include "cache.h"

struct geometry fs;

static u32 block_now; /* block size that the superblock is sought with */

void say(const char *format, u32 number)
{
	char text[80];

	log_write(text, print_to(text, sizeof text, format, number));
}

static i32 refuse(const char *why, u32 number)
{
	say(why, number);
	return -E_FORM;
}

i32 super_read(u32 at, void *to, u32 size)
{
	u32 place = SUPER_OFFSET + at;

	return cache_read(place / block_now, place % block_now, to, size);
}

i32 super_write(u32 at, const void *bytes, u32 size)
{
	u32 place = SUPER_OFFSET + at;

	return cache_write(place / block_now, place % block_now, bytes, size);
}

i32 errors_mark(void)
{
	u32 at = offsetof(struct super_block, state);
	u16 state;

	RETURN_IF(super_read(at, &state, sizeof state));
	if (state & STATE_ERRORS)
		return 0;
	state |= STATE_ERRORS;
	return super_write(at, &state, sizeof state);
}

/* The volume's block size, by asking how far a block goes. */
static u32 block_size_find(void)
{
	u8 byte;

	for (u32 size = 4096; size > 1024; size /= 2)
		if (volume_read(0, size - 1, &byte, 1) != -E_RANGE)
			return size;
	return volume_read(0, 1023, &byte, 1) == -E_RANGE ? 512 : 1024;
}

static i32 sizes_check(const struct super_block *s)
{
	u32 bits = fs.block_size * 8;

	if (s->revision > 1)
		return refuse("ext2: unknown revision %u", s->revision);
	if (s->first_block != (fs.block_size == 1024))
		return refuse("ext2: first block is %u", s->first_block);
	if (s->blocks <= s->first_block)
		return refuse("ext2: only %u blocks", s->blocks);
	if (!s->group_blocks || s->group_blocks > bits || s->group_blocks % 8)
		return refuse("ext2: %u blocks a group", s->group_blocks);
	if (!s->group_inodes || s->group_inodes > bits || s->group_inodes % 8)
		return refuse("ext2: %u inodes a group", s->group_inodes);
	if (s->revision &&
	    (s->inode_size < INODE_SIZE_OLD || s->inode_size > fs.block_size ||
	     (s->inode_size & (s->inode_size - 1))))
		return refuse("ext2: inodes of %u bytes", s->inode_size);
	return 0;
}

static i32 features_check(const struct super_block *s)
{
	u32 unknown = s->incompatible & ~(u32)INCOMPATIBLE_KNOWN;

	fs.extended = s->revision > 0;
	if (!fs.extended)
		return 0;
	if (unknown)
		return refuse("ext2: unknown features %x: not mounted",
			      unknown);
	unknown = s->read_compatible & ~(u32)READ_COMPATIBLE_KNOWN;
	if (unknown) {
		say("ext2: unknown features %x: read-only", unknown);
		fs.read_only = true;
	}
	fs.types = s->incompatible & FILE_TYPE;
	fs.sparse = s->read_compatible & SPARSE_SUPER;
	fs.sparse2 = s->compatible & SPARSE_SUPER2;
	fs.journal = s->compatible & HAS_JOURNAL;
	fs.journal_inode = s->journal_inode;
	if (fs.journal && fs.journal_inode != INODE_JOURNAL)
		return refuse("ext2: the journal is not inode %u",
			      INODE_JOURNAL);
	return 0;
}

static i32 inodes_set(const struct super_block *s)
{
	u32 in_block, size = s->revision ? s->inode_size : INODE_SIZE_OLD;

	in_block = fs.block_size / size;
	fs.inode_size = size;
	fs.first_inode = s->revision ? s->first_inode : INODE_FIRST;
	fs.inodes = s->inodes;
	fs.group_inodes = s->group_inodes;
	fs.table_blocks = (fs.group_inodes + in_block - 1) / in_block;
	fs.extra_size = 0;
	if (size >= sizeof(struct disk_inode))
		fs.extra_size = sizeof(struct disk_inode) - INODE_SIZE_OLD;
	if (fs.inodes / fs.groups != fs.group_inodes || fs.inodes % fs.groups)
		return refuse("ext2: %u inodes", fs.inodes);
	if (fs.first_inode < INODE_FIRST || fs.first_inode > fs.inodes)
		return refuse("ext2: first inode is %u", fs.first_inode);
	return 0;
}

/* Does each group have room for what it must hold? */
static i32 groups_check(void)
{
	u32 last = fs.groups - 1;
	u32 most = 1 + fs.descriptor_blocks + fs.reserved_descriptors + 2;

	if (fs.descriptor_blocks > fs.group_blocks ||
	    fs.table_blocks > fs.group_blocks ||
	    most + fs.table_blocks > fs.group_blocks)
		return refuse("ext2: %u groups do not fit", fs.groups);
	if (group_size(last) < group_overhead(last) + 2 + fs.table_blocks)
		return refuse("ext2: group %u does not fit", last);
	return 0;
}

static void overhead_count(void)
{
	fs.overhead = fs.first_block + fs.groups * (2 + fs.table_blocks);
	for (u32 g = 0; g < fs.groups; g++)
		fs.overhead += group_overhead(g);
}

static i32 geometry_set(const struct super_block *s)
{
	u32 rest;

	RETURN_IF(sizes_check(s));
	fs.pointers = fs.block_size / 4;
	fs.pointer_shift = (u8)(fs.block_shift - 2);
	fs.sectors = fs.block_size / 512;
	fs.blocks = s->blocks;
	fs.kept = min(s->reserved, s->blocks);
	fs.first_block = s->first_block;
	fs.group_blocks = s->group_blocks;
	rest = fs.blocks - fs.first_block - 1;
	fs.groups = rest / fs.group_blocks + 1;
	RETURN_IF(features_check(s));
	RETURN_IF(inodes_set(s));
	fs.descriptor_blocks = ((fs.groups - 1) >> (fs.block_shift - 5)) + 1;
	fs.reserved_descriptors = s->revision ? s->reserved_descriptors : 0;
	if (fs.reserved_descriptors > fs.pointers)
		return refuse("ext2: %u descriptor blocks reserved",
			      fs.reserved_descriptors);
	RETURN_IF(groups_check());
	overhead_count();
	return 0;
}

i32 super_load(void)
{
	struct super_block s;
	i32 blocks;

	fs = (struct geometry){ 0 };
	block_now = block_size_find();
	if (block_now < 1024) {
		RETURN_IF(volume_open(1024));
		block_now = 1024;
	}
	RETURN_IF(super_read(0, &s, sizeof s));
	if (s.magic != SUPER_MAGIC)
		return refuse("ext2: there is none here (%x)", s.magic);
	if (s.block_shift > 2)
		return refuse("ext2: block size 1024 << %u", s.block_shift);
	fs.block_shift = (u8)(10 + s.block_shift);
	fs.block_size = 1u << fs.block_shift;
	blocks = volume_open(fs.block_size);
	RETURN_IF(blocks);
	block_now = fs.block_size;
	RETURN_IF(super_read(0, &s, sizeof s));
	RETURN_IF(super_read(SUPER_BACKUPS, fs.backups, sizeof fs.backups));
	if (s.magic != SUPER_MAGIC || s.block_shift + 10 != fs.block_shift)
		return -E_FORM;
	if (s.blocks > (u32)blocks)
		return refuse("ext2: %u blocks, the volume has less", s.blocks);
	RETURN_IF(geometry_set(&s));
	fs.ready = true;
	return 0;
}
