/*
 * The boot sector, checked, and the frame around each operation.
 */
#include "volume.h"

#include "chain.h"
#include "folder.h"
#include "kept.h"
#include "table.h"

#define NUMBERS_END 0x80000000u /* inode numbers are below */

struct geometry fs;

void say(const char *format, u32 number)
{
	char line[96];

	log_write(line, print_to(line, sizeof line, format, number));
}

/* ---- bytes ---- */

i32 bytes_read(u64 at, void *to, u32 size)
{
	u8 *next = to;

	while (size) {
		u32 in_block = (u32)at & (fs.block_size - 1);
		u32 n = min(size, fs.block_size - in_block);

		RETURN_IF(volume_read((u32)(at >> fs.block_shift), in_block,
				      next, n));
		next += n;
		at += n;
		size -= n;
	}
	return 0;
}

i32 bytes_write(u64 at, const void *bytes, u32 size)
{
	const u8 *next = bytes;

	while (size) {
		u32 in_block = (u32)at & (fs.block_size - 1);
		u32 n = min(size, fs.block_size - in_block);

		RETURN_IF(volume_write((u32)(at >> fs.block_shift), in_block,
				       next, n));
		next += n;
		at += n;
		size -= n;
	}
	return 0;
}

u32 cluster_blocks(void)
{
	return 1u << (fs.cluster_shift - fs.block_shift);
}

u32 cluster_block(u32 cluster)
{
	u64 at = fs.data_at + ((u64)(cluster - CELL_FIRST) << fs.cluster_shift);

	return (u32)(at >> fs.block_shift);
}

i32 time_now(u32 *seconds)
{
	struct volume_facts facts;

	RETURN_IF(volume_facts(&facts));
	*seconds = facts.seconds;
	return 0;
}

/* ---- the boot sector ---- */

static bool is_power(u32 n)
{
	return n && !(n & (n - 1));
}

static bool boot_ok(const struct boot_sector *b)
{
	u32 cluster = (u32)b->sector_size * b->cluster_sectors;

	if (b->sector_size < 512 || b->sector_size > 4096 ||
	    !is_power(b->sector_size) || !is_power(b->cluster_sectors))
		return false;
	if (cluster > 256u << 10 || !b->reserved || !b->tables)
		return false;
	return b->tables <= 4 && (b->media == 0xF0 || b->media >= 0xF8);
}

/* How many clusters there are, with what that says about the table's cells. */
static bool clusters_count(const struct boot_sector *b, u32 sectors)
{
	u32 most = CLUSTERS_32, cells;
	u32 shift = (u32)__builtin_ctz(b->sector_size);
	u64 data = fs.data_at >> shift;

	if (data >= sectors)
		return false;
	fs.clusters = (sectors - (u32)data) / b->cluster_sectors;
	fs.width = 32;
	if (b->table_sectors_16) {
		fs.width = fs.clusters > CLUSTERS_12 ? 16 : 12;
		most = fs.width == 16 ? CLUSTERS_16 : CLUSTERS_12;
	}
	cells = fs.table_bytes / 4;
	if (fs.width == 16)
		cells *= 2;
	if (fs.width == 12)
		cells = fs.table_bytes / 3 * 2;
	if (!fs.clusters || fs.clusters > most || cells <= CELL_FIRST)
		return false;
	fs.clusters = min(fs.clusters, cells - CELL_FIRST);
	fs.end = fs.clusters + CELL_FIRST;
	return true;
}

/* Where the parts are, in bytes. Sectors are at most 2^32, of 4096 bytes. */
static bool places_find(const struct boot_sector *b)
{
	u32 sector = b->sector_size;
	u32 table =
		b->table_sectors_16 ? b->table_sectors_16 : b->table_sectors_32;

	if (!table || table > 0xFFFFFFFFu / sector)
		return false;
	fs.table_bytes = table * sector;
	fs.table_at = b->reserved * sector;
	fs.root_at = fs.table_at + (u64)b->tables * fs.table_bytes;
	fs.root_slots = b->root_entries;
	fs.root_cluster = 0;
	fs.table = 0;
	fs.tables = b->tables;
	fs.info_at = 0;
	fs.state_at = offsetof(struct boot_sector, tail_16.state);
	if (!b->table_sectors_16) {
		fs.root_slots = 0;
		fs.root_cluster = b->root_cluster;
		fs.state_at = offsetof(struct boot_sector, tail_32.state);
		if (b->info_sector && b->info_sector < b->reserved)
			fs.info_at = b->info_sector * sector;
		if (b->flags & 0x80) {
			fs.table = b->flags & 15;
			fs.tables = fs.table + 1;
		}
	}
	fs.data_at = (fs.root_at + fs.root_slots * SLOT + sector - 1) &
		     ~(u64)(sector - 1);
	return fs.table < b->tables && (fs.root_slots || fs.root_cluster);
}

/* The largest blocks that divide clusters, and where these begin. */
static void block_size_choose(const struct boot_sector *b)
{
	u32 size = b->sector_size * b->cluster_sectors | 4096;

	size |= (u32)fs.data_at;
	fs.block_shift = (u8)__builtin_ctz(size);
	fs.block_size = 1u << fs.block_shift;
	fs.cluster_shift =
		(u8)__builtin_ctz((u32)b->sector_size * b->cluster_sectors);
	fs.slot_shift = (u8)(fs.cluster_shift - 5);
}

/* Directory entries are numbered from the volume's beginning. */
static void folder_end_find(void)
{
	u64 room = ((u64)NUMBERS_END * SLOT - fs.data_at) >> fs.cluster_shift;

	fs.folder_end = (u32)min(room, (u64)fs.clusters) + CELL_FIRST;
}

static i32 geometry_check(const struct boot_sector *b, u32 volume)
{
	u32 sectors = b->sectors_16 ? b->sectors_16 : b->sectors_32;

	if (!boot_ok(b) || !places_find(b) || !clusters_count(b, sectors)) {
		say("fat: no FAT volume (media %x)", b->media);
		return -E_FORM;
	}
	if (!b->table_sectors_16 &&
	    (b->version || !cluster_ok(b->root_cluster))) {
		say("fat: unknown version %x, or no root", b->version);
		return -E_FORM;
	}
	block_size_choose(b);
	folder_end_find();
	if (sectors > volume / (b->sector_size / 512)) {
		say("fat: %u sectors are more than there are", sectors);
		return -E_FORM;
	}
	return 0;
}

i32 geometry_load(void)
{
	struct boot_sector boot;
	struct volume_facts facts;

	fs.ready = false;
	RETURN_IF(volume_facts(&facts));
	if (!fs.block_size)
		fs.block_size = options.block_size ? options.block_size : 512;
	RETURN_IF(volume_open(fs.block_size));
	RETURN_IF(volume_read(0, 0, (u8 *)&boot, sizeof boot));
	RETURN_IF(geometry_check(&boot, facts.sectors));
	RETURN_IF(volume_open(fs.block_size));
	fs.ready = true;
	return 0;
}

/* ---- operations ---- */

/* Did the last one that changed something end well? Else what it left in
 * memory may say what is not so. */
static bool ended = true;

i32 operation_begin(bool changes)
{
	struct volume_facts facts;

	table_begin();
	folder_begin();
	kept_begin();
	if (!ended)
		hints_drop();
	ended = true;
	if (!fs.ready)
		RETURN_IF(geometry_load());
	RETURN_IF(volume_facts(&facts));
	fs.read_only = facts.read_only;
	if (changes && fs.read_only)
		return -E_DENIED;
	ended = !changes;
	return 0;
}

i32 operation_end(i32 answer)
{
	RETURN_IF(answer);
	RETURN_IF(table_end());
	if (kept_end(answer) < 0) {
		table_hints_drop();
		return -E_GONE;
	}
	ended = true;
	return answer;
}
