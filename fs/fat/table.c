/*
 * Cells of 12, 16 or 32 bits, read through one block, written to all copies
 * of the table; and the count of free ones.
 */
#include "table.h"

#include "kept.h"

#define UNKNOWN	    INFO_UNKNOWN
#define BLOCKS_MOST 200u /* of the table, changed in one operation */
#define CELLS_MOST  8192u

#define NONE 0xFFFFFFFFu

/* A block of the table in use. */
static u8 table_bytes[4096];
static u32 table_block = NONE;

/* What this operation did. */
static u32 last_changed, blocks_changed, cells_changed;
static i32 free_change;
static u32 last_taken;

/* Hints: where to look for a free cluster, how many there are, and how far
 * they were counted. */
static u32 goal, free_known = UNKNOWN, counted_to, counted;

void table_begin(void)
{
	table_block = last_changed = NONE;
	blocks_changed = cells_changed = 0;
	free_change = 0;
	last_taken = 0;
}

void table_hints_drop(void)
{
	goal = counted_to = counted = 0;
	free_known = UNKNOWN;
}

/* ---- cells ---- */

static u64 table_start(u32 table)
{
	return fs.table_at + (u64)table * fs.table_bytes;
}

static i32 byte_at(u32 at, u8 **found)
{
	u64 place = table_start(fs.table) + at;
	u32 block = (u32)(place >> fs.block_shift);

	if (block != table_block) {
		table_block = NONE;
		RETURN_IF(volume_read(block, 0, table_bytes, fs.block_size));
		table_block = block;
	}
	*found = table_bytes + ((u32)place & (fs.block_size - 1));
	return 0;
}

static u32 cell_place(u32 cluster)
{
	if (fs.width == 12)
		return cluster + cluster / 2;
	return fs.width == 16 ? cluster * 2 : cluster * 4;
}

/* The bytes of a cell: 2, or 4 of FAT32. */
static i32 cell_load(u32 cluster, u32 *value)
{
	u32 at = cell_place(cluster);
	u8 *low, *high;

	RETURN_IF(byte_at(at, &low));
	*value = *low;
	if (fs.width != 12) {
		memcpy(value, low, fs.width / 8u);
		return 0;
	}
	RETURN_IF(byte_at(at + 1, &high));
	*value |= (u32)*high << 8;
	return 0;
}

i32 cell_get(u32 cluster, u32 *value)
{
	u32 most = fs.width == 12 ? 0xFFF : 0xFFFF;

	*value = 0;
	RETURN_IF(cell_load(cluster, value));
	if (fs.width == 12)
		*value = cluster & 1 ? *value >> 4 : *value & 0xFFF;
	if (fs.width == 32)
		*value &= 0x0FFFFFFF;
	else if (*value >= most - 8)
		*value |= 0x0FFFFFFF & ~most;
	if (*value >= CELL_BAD + 1)
		*value = CELL_END;
	return 0;
}

static i32 cell_store(u32 at, u32 value)
{
	u32 size = fs.width == 32 ? 4 : 2;
	u32 block = (u32)((fs.table_at + at) >> fs.block_shift);

	for (u32 table = fs.table; table < fs.tables; table++)
		RETURN_IF(bytes_write(table_start(table) + at, &value, size));
	table_block = NONE;
	cells_changed++;
	if (block != last_changed)
		blocks_changed += 2 * fs.tables;
	last_changed = block;
	return 0;
}

i32 cell_set(u32 cluster, u32 value)
{
	u32 old = 0;

	if (fs.width != 16)
		RETURN_IF(cell_load(cluster, &old));
	if (fs.width == 32)
		value |= old & 0xF0000000;
	else if (fs.width == 12 && cluster & 1)
		value = (old & 0x00F) | (value & 0xFFF) << 4;
	else if (fs.width == 12)
		value = (old & 0xF000) | (value & 0xFFF);
	return cell_store(cell_place(cluster), value);
}

bool cells_may_change(void)
{
	return blocks_changed + 4 * fs.tables < BLOCKS_MOST &&
	       cells_changed < CELLS_MOST;
}

/* ---- counting ---- */

static i32 info_read(struct info_sector *info)
{
	RETURN_IF(bytes_read(fs.info_at, info, sizeof *info));
	return info->begin == INFO_BEGIN && info->middle == INFO_MIDDLE &&
	       info->end == INFO_END;
}

static i32 info_free(u32 *count)
{
	struct info_sector info;
	i32 there = fs.info_at ? info_read(&info) : 0;

	RETURN_IF(there);
	*count = UNKNOWN;
	if (there && options.was_clean && info.free <= fs.clusters)
		*count = info.free;
	return 0;
}

static i32 cells_count(void)
{
	u32 cell;

	if (counted_to < CELL_FIRST) {
		counted_to = CELL_FIRST;
		counted = 0;
	}
	for (; counted_to < fs.end; counted_to++) {
		if (counted_to % 4096 == 0) {
			u64 at = table_start(fs.table) + cell_place(counted_to);

			volume_ahead((u32)(at >> fs.block_shift), 32);
		}
		RETURN_IF(cell_get(counted_to, &cell));
		counted += cell == CELL_FREE;
	}
	free_known = counted;
	return 0;
}

i32 clusters_free(u32 *count)
{
	if (free_known == UNKNOWN && !counted_to)
		RETURN_IF(info_free(&free_known));
	if (free_known == UNKNOWN)
		RETURN_IF(cells_count());
	*count = free_known + (u32)free_change;
	return 0;
}

/* So many are free, if that is known. */
static i32 info_write(u32 known)
{
	struct info_sector info;
	i32 there = fs.info_at ? info_read(&info) : 0;

	if (there <= 0)
		return there;
	if (known != UNKNOWN)
		info.free = known;
	else if (options.was_clean && info.free <= fs.clusters)
		info.free += (u32)free_change;
	if (info.free > fs.clusters)
		info.free = UNKNOWN;
	if (last_taken)
		info.next = last_taken;
	return bytes_write(fs.info_at + offsetof(struct info_sector, free),
			   &info.free, 8);
}

i32 table_end(void)
{
	u32 known = free_known;

	if (!free_change && !last_taken)
		return 0;
	counted_to = counted = 0;
	if (known != UNKNOWN)
		known += (u32)free_change;
	RETURN_IF(info_write(known));
	free_known = known;
	return 0;
}

i32 clusters_count_write(void)
{
	u32 count;

	RETURN_IF(clusters_free(&count));
	return info_write(count);
}

/* ---- taking and giving ---- */

/* The first free one of [first, end): *cluster, 0 if there is none. */
static i32 free_find(u32 first, u32 end, u32 *cluster)
{
	u32 cell;

	for (*cluster = first; *cluster < end; ++*cluster) {
		RETURN_IF(cell_get(*cluster, &cell));
		if (cell == CELL_FREE)
			return 0;
	}
	*cluster = 0;
	return 0;
}

/* Where looking begins: behind the chain's end, else behind what was taken
 * last. */
static i32 first_look(u32 near, u32 end, u32 *first)
{
	struct info_sector info;
	i32 there = 0;

	if (!goal && fs.info_at) {
		there = info_read(&info);
		RETURN_IF(there);
		goal = there ? info.next : 0;
	}
	*first = near ? near + 1 : goal;
	if (*first < CELL_FIRST || *first >= end)
		*first = CELL_FIRST;
	return 0;
}

i32 cluster_take(u32 near, u32 end, u32 *cluster)
{
	u32 first;

	if (free_known != UNKNOWN && free_known + (u32)free_change == 0)
		return -E_FULL;
	RETURN_IF(first_look(near, end, &first));
	RETURN_IF(free_find(first, end, cluster));
	if (!*cluster)
		RETURN_IF(free_find(CELL_FIRST, first, cluster));
	if (!*cluster)
		return -E_FULL;
	RETURN_IF(cell_set(*cluster, CELL_END));
	goal = last_taken = *cluster;
	free_change--;
	return 0;
}

i32 cluster_give(u32 cluster)
{
	RETURN_IF(cell_set(cluster, CELL_FREE));
	free_change++;
	return 0;
}

/* ---- in order or not ---- */

static i32 cell_1(u32 *value, u32 *bit)
{
	*bit = fs.width == 16 ? CLEAN_16 : fs.width == 32 ? CLEAN_32 : 0;
	*value = 0;
	return cell_load(1, value);
}

i32 clean_get(void)
{
	u32 cell, bit;
	u8 state;

	RETURN_IF(bytes_read(fs.state_at, &state, 1));
	RETURN_IF(cell_1(&cell, &bit));
	return !(state & STATE_DIRTY) && (cell & bit) == bit;
}

i32 clean_set(bool clean)
{
	u32 cell, bit;
	u8 state;

	RETURN_IF(bytes_read(fs.state_at, &state, 1));
	state = (u8)(clean ? state & ~STATE_DIRTY : state | STATE_DIRTY);
	RETURN_IF(bytes_write(fs.state_at, &state, 1));
	RETURN_IF(cell_1(&cell, &bit));
	if (!bit)
		return 0;
	return cell_store(cell_place(1), clean ? cell | bit : cell & ~bit);
}
