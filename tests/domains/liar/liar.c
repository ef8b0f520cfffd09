/*
 * A disk driver that lies. Its unit 0 works, but: one request is never
 * answered, one is answered without being done in a way that is refused, tags
 * and bounds are tried that are not its own, and one sector is bad. What its
 * other units say of themselves makes no sense.
 */
#include "liar.h"

#define SECTOR	512u
#define SECTORS 5120u
#define BAD	2300u /* a sector that cannot be moved */
#define SILENT	40u /* a request that is never answered */
#define CHATTY	8u /* each so many requests, what is not its own is tried */

enum how { READ = 1, WRITE = 2, FLUSH = 3 };

static u8 *sectors;
static u32 requests, refused, accepted, resets;

i32 life_start(u32 generation)
{
	i32 at = memory_grow(SECTORS * SECTOR);

	(void)generation;
	if (at < 0)
		return at;
	sectors = (u8 *)at;
	return 0;
}

i32 block_identify(u32 unit, into struct block_disk *found)
{
	struct block_disk disk = {
		.sectors = SECTORS,
		.most = 64,
		.pieces = 1,
		.depth = 1,
		.align = 1,
		.model = "it says",
	};

	switch (unit) {
	case 0:
		break;
	case 1:
		disk.align = 3;
		break;
	case 2:
		disk.align = 0;
		break;
	case 3:
		disk.depth = 0;
		break;
	case 4:
		disk.most = 4;
		disk.align = 8;
		break;
	case 5:
		disk.sectors = 0;
		break;
	case 6:
		return 77;
	default:
		return -E_NAME;
	}
	if (unit)
		memset(disk.model, 0xFF, sizeof disk.model);
	give(found, &disk, sizeof disk);
	return 0;
}

static void judge(i32 answer)
{
	if (answer < 0)
		refused++;
	else
		accepted++;
}

/* All of these must be refused. */
static void chat(u32 tag, u32 how, u32 count)
{
	static u8 bytes[SECTOR];

	judge(request_done(0, 0));
	judge(request_done(tag + 1, 0));
	judge(request_done(tag - 512, 0));
	judge(request_done(~tag, 0));
	judge(request_put(tag, count * SECTOR, bytes, 1));
	judge(request_put(tag, count * SECTOR - 1, bytes, 2));
	judge(request_put(tag, 0xFFFFFFFF, bytes, SECTOR));
	judge(request_get(tag, 0xFFFFFE00, bytes, SECTOR));
	if (how == READ)
		judge(request_get(tag, 0, bytes, 1));
	else
		judge(request_put(tag, 0, bytes, 1));
}

i32 block_start(u32 unit, u32 tag, u32 how, u32 sector, u32 count,
		from u8 *pieces, u32 size)
{
	u8 *at = sectors + sector * SECTOR;
	i32 result = 0;

	(void)pieces;
	(void)size;
	if (unit || sector > SECTORS || count > SECTORS - sector)
		return -E_RANGE;
	if (++requests == SILENT)
		return 0;
	if (requests % CHATTY == 0)
		chat(tag, how, count);
	if (sector <= BAD && BAD < sector + count)
		result = -E_DEVICE;
	else if (how == READ)
		result = request_put(tag, 0, at, count * SECTOR);
	else if (how == WRITE)
		result = request_get(tag, 0, at, count * SECTOR);
	result = request_done(tag, result < 0 ? result : 0);
	judge(request_done(tag, 0)); /* once more */
	return result;
}

i32 block_reset(u32 unit)
{
	char text[64];

	(void)unit;
	resets++;
	log_write(text, print_to(text, sizeof text,
				 "liar: reset %u, %u lies refused, %u believed",
				 resets, refused, accepted));
	return 0;
}
