/*
 * Inodes as they lie in the tables: found, read, written; their times and
 * sizes.
 */
#include "inode.h"

#include "cache.h"

#define TABLE_AHEAD 32u /* blocks of a table that are read together */

bool inode_number_ok(u32 number)
{
	return number == INODE_ROOT ||
	       (number >= fs.first_inode && number <= fs.inodes);
}

i32 inode_locate(u32 number, struct inode *i)
{
	u32 group = (number - 1) / fs.group_inodes;
	u32 index = (number - 1) % fs.group_inodes;
	u32 in_block = fs.block_size / fs.inode_size;
	const struct place *p;

	RETURN_IF(group_place(group, &p));
	i->number = number;
	i->block = p->table + index / in_block;
	i->at = index % in_block * fs.inode_size;
	return 0;
}

static u32 bytes_kept(void)
{
	return min(fs.inode_size, (u32)sizeof(struct disk_inode));
}

/* Its block is not in memory: it is read with those around it, for a name that
 * is near is often asked for next. */
static i32 table_ahead(const struct inode *i)
{
	u32 group = (i->number - 1) / fs.group_inodes, first;
	const struct place *p;

	RETURN_IF(group_place(group, &p));
	first = (i->block - p->table) & ~(TABLE_AHEAD - 1);
	return volume_ahead(p->table + first,
			    min(TABLE_AHEAD, fs.table_blocks - first));
}

static i32 raw_read(struct inode *i)
{
	return cache_read(i->block, i->at, &i->raw, bytes_kept());
}

static i32 inode_read(u32 number, struct inode *i)
{
	i32 error;

	RETURN_IF(inode_locate(number, i));
	i->raw.extra_size = 0;
	error = raw_read(i);
	if (error == -E_AGAIN) {
		RETURN_IF(table_ahead(i));
		error = raw_read(i);
	}
	RETURN_IF(error);
	if (i->raw.extra_size > fs.inode_size - INODE_SIZE_OLD)
		i->raw.extra_size = 0;
	return 0;
}

i32 inode_get_journal(struct inode *i)
{
	return inode_read(INODE_JOURNAL, i);
}

i32 inode_get(u32 number, struct inode *i)
{
	if (!inode_number_ok(number))
		return -E_NAME;
	RETURN_IF(inode_read(number, i));
	switch (inode_kind(i)) {
	case MODE_FILE:
	case MODE_FOLDER:
	case MODE_LINK:
	case MODE_SOCKET:
	case MODE_BLOCK:
	case MODE_CHARACTER:
	case MODE_FIFO:
		return 0;
	}
	return i->raw.mode ? -E_FORM : -E_NAME;
}

i32 inode_put(const struct inode *i)
{
	return cache_write(i->block, i->at, &i->raw, bytes_kept());
}

i32 inode_peek(u32 number, u32 at, void *to, u32 size)
{
	struct inode i;

	RETURN_IF(inode_locate(number, &i));
	return cache_read(i.block, i.at + at, to, size);
}

i32 inode_poke(u32 number, u32 at, const void *bytes, u32 size)
{
	struct inode i;

	RETURN_IF(inode_locate(number, &i));
	return cache_write(i.block, i.at + at, bytes, size);
}

i32 inode_put_new(const struct inode *i)
{
	static u8 bytes[4096];

	memset(bytes, 0, fs.inode_size);
	memcpy(bytes, &i->raw, bytes_kept());
	return cache_write(i->block, i->at, bytes, fs.inode_size);
}

i32 folder_get(u32 number, struct inode *i)
{
	RETURN_IF(inode_get(number, i));
	return is_folder(i) ? 0 : -E_KIND;
}

/* ---- sizes ---- */

u64 size_most(void)
{
	u32 shift = fs.pointer_shift;
	u64 blocks = DIRECT + (1ull << shift) + (1ull << 2 * shift) +
		     (1ull << 3 * shift);

	/* its blocks are counted in sectors, in 32 bits */
	blocks = min(blocks, (0xFFFFFFFFull >> (fs.block_shift - 9)) -
				     (1u << shift) * 2);
	return blocks << fs.block_shift;
}

i32 inode_size_set(struct inode *i, u64 size)
{
	u32 features, at = offsetof(struct super_block, read_compatible);

	if (size > size_most())
		return -E_BIG;
	if (size >> 31) {
		if (!fs.extended)
			return -E_BIG;
		RETURN_IF(super_read(at, &features, 4));
		if (!(features & LARGE_FILE)) {
			features |= LARGE_FILE;
			RETURN_IF(super_write(at, &features, 4));
		}
	}
	i->raw.size = (u32)size;
	i->raw.size_high = (u32)(size >> 32);
	return 0;
}

/* ---- times ---- */

/* What there is of a time: its extra word if the inode has room for it. */
struct time {
	u32 *seconds, *extra;
};

static struct time time_of(struct inode *i, u32 which)
{
	struct disk_inode *r = &i->raw;
	struct time t;
	u32 end;

	if (which == STAMP_ACCESSED)
		t = (struct time){ &r->accessed, &r->accessed_extra };
	else if (which == STAMP_MODIFIED)
		t = (struct time){ &r->modified, &r->modified_extra };
	else
		t = (struct time){ &r->changed, &r->changed_extra };
	end = (u32)((u8 *)(t.extra + 1) - (u8 *)r) - INODE_SIZE_OLD;
	if (fs.inode_size < sizeof *r || r->extra_size < end)
		t.extra = NULL;
	return t;
}

void inode_time_set(struct inode *i, u32 which, u32 seconds, u32 nanoseconds)
{
	struct time t = time_of(i, which);

	if (!t.extra) {
		*t.seconds = min(seconds, 0x7FFFFFFFu);
		return;
	}
	*t.seconds = seconds;
	*t.extra = nanoseconds << 2 | seconds >> 31;
}

/* Seconds are signed, two bits of the extra word go on top of them. */
static void time_get(const struct inode *i, u32 which, u32 *seconds,
		     u32 *nanoseconds)
{
	struct time t = time_of((struct inode *)(size_t)i, which);
	u32 extra = t.extra ? *t.extra : 0, high;

	*seconds = *t.seconds;
	*nanoseconds = min(extra >> 2, 999999999u);
	high = (extra & 3) - (*t.seconds >> 31);
	if (high == 0xFFFFFFFFu)
		*seconds = *nanoseconds = 0;
	else if (high)
		*seconds = 0xFFFFFFFFu;
}

i32 inode_stamp(struct inode *i, u32 which)
{
	u32 seconds, nanoseconds;

	RETURN_IF(time_now(&seconds, &nanoseconds));
	for (u32 bit = STAMP_ACCESSED; bit <= STAMP_CHANGED; bit *= 2)
		if (which & bit)
			inode_time_set(i, bit, seconds, nanoseconds);
	return 0;
}

/* ---- attributes ---- */

bool inode_is_fast_link(const struct inode *i)
{
	u32 own = i->raw.attributes ? fs.sectors : 0;

	return inode_kind(i) == MODE_LINK && i->raw.sectors <= own &&
	       i->raw.size < sizeof i->raw.block;
}

u32 device_get(const struct inode *i)
{
	u32 new = i->raw.block[1];

	if (i->raw.block[0])
		return i->raw.block[0] & 0xFFFF;
	return (new & 0xFFF00) | (new & 0xFF);
}

void device_set(struct inode *i, u32 device)
{
	if (device < 0x10000)
		i->raw.block[0] = device;
	else
		i->raw.block[1] = device & 0xFFFFF;
}

void inode_attributes(const struct inode *i, struct filesystem_attributes *a)
{
	const struct disk_inode *r = &i->raw;
	u64 size = inode_size(i);

	*a = (struct filesystem_attributes){
		.inode = i->number,
		.mode = r->mode,
		.links = r->links,
		.uid = r->uid | (u32)r->uid_high << 16,
		.gid = r->gid | (u32)r->gid_high << 16,
		.size = (u32)size,
		.size_high = (u32)(size >> 32),
		.blocks = r->sectors,
	};
	time_get(i, STAMP_ACCESSED, &a->accessed, &a->accessed_ns);
	time_get(i, STAMP_MODIFIED, &a->modified, &a->modified_ns);
	time_get(i, STAMP_CHANGED, &a->changed, &a->changed_ns);
	if (inode_kind(i) == MODE_BLOCK || inode_kind(i) == MODE_CHARACTER)
		a->device = device_get(i);
}
