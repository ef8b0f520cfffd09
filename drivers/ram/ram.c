/*
 * A disk in memory. Its sectors are kept memory: a write is done when what it
 * wrote is committed, so the driver may die at any moment and the disk holds
 * what it should. Everything is done by the time that `start` returns.
 */
#include "ram.h"

#define SECTOR	512u
#define SECTORS (16u * 1024 * 1024 / SECTOR)
#define MOST	1024u /* sectors of a request */

enum how { READ = 1, WRITE = 2, FLUSH = 3 };

static u8 *sectors;

/* Kept memory grows once, in the first generation. */
static i32 sectors_open(void)
{
	i32 kept = memory_kept();
	u32 wanted = SECTORS * SECTOR, there = (u32)memory_kept_size();

	if (kept < 0)
		return kept;
	if (there < wanted && memory_kept_grow(wanted - there) < 0)
		return -E_MEMORY;
	sectors = (u8 *)kept;
	return 0;
}

i32 life_start(u32 generation)
{
	char text[32];
	i32 error = sectors_open();

	if (error < 0)
		return error;
	log_write(text,
		  print_to(text, sizeof text, "ram: start %u", generation));
	return 0;
}

i32 block_identify(u32 unit, into struct block_disk *found)
{
	struct block_disk disk = {
		.sectors = SECTORS,
		.most = MOST,
		.pieces = 1,
		.depth = 1,
		.align = 1,
		.model = "memory",
	};

	if (unit)
		return -E_NAME;
	give(found, &disk, sizeof disk);
	return 0;
}

static i32 disk_write(u32 tag, u8 *at, u32 size)
{
	struct {
		u32 offset, bytes;
	} part = { (u32)at, size };
	i32 error = request_get(tag, 0, at, size);

	if (error < 0)
		return error;
	return memory_commit_parts((u8 *)&part, sizeof part);
}

i32 block_start(u32 unit, u32 tag, u32 how, u32 sector, u32 count,
		from u8 *pieces, u32 size)
{
	u8 *at = sectors + sector * SECTOR;
	i32 result = 0;

	(void)pieces;
	(void)size;
	if (unit)
		return -E_DEVICE;
	if (sector > SECTORS || count > SECTORS - sector || count > MOST)
		return -E_RANGE;
	if (how == READ)
		result = request_put(tag, 0, at, count * SECTOR);
	else if (how == WRITE)
		result = disk_write(tag, at, count * SECTOR);
	return request_done(tag, result < 0 ? -E_DEVICE : 0);
}

i32 block_reset(u32 unit)
{
	return unit ? -E_DEVICE : 0;
}
