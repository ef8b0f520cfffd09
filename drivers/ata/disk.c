/*
 * Disks: commands with 28 or 48 bits of sector number. Without the bus master
 * the sectors go through a block of memory, and the drive interrupts for each.
 */
#include "disk.h"
#include "ata.h"
#include "master.h"

/* Of struct command. */
#define READ_SECTORS   0x20
#define WRITE_SECTORS  0x30
#define READ_MULTIPLE  0xC4
#define WRITE_MULTIPLE 0xC5
#define READ_DMA       0xC8
#define WRITE_DMA      0xCA
#define FLUSH_CACHE    0xE7
#define SET_MULTIPLE   0xC6
#define SET_FEATURES   0xEF
#define FEATURE_MODE   3
#define MODE_WORD_DMA  0x20
#define WIDE_READ      0x24
#define WIDE_WRITE     0x34
#define WIDE_MULTIPLE  0x29 /* to read; to write 0x39 */
#define WIDE_WRITES    0x39
#define WIDE_READ_DMA  0x25
#define WIDE_WRITE_DMA 0x35
#define WIDE_FLUSH     0xEA

#define NARROW_SECTORS (1u << 28)
#define NARROW_COUNT   256u

/* Words of IDENTIFY. */
#define WORD_BLOCK     47
#define WORD_ABLE      49
#define ABLE_DMA       0x100
#define ABLE_LBA       0x200
#define WORD_VALID     53
#define VALID_ULTRA    4
#define WORD_SECTORS   60
#define WORD_WORD_DMA  63
#define WORD_SETS      83
#define SETS_KIND      0xC000 /* 0x4000: the word means something */
#define SETS_WIDE      0x400
#define SETS_FLUSH     0x1000
#define SETS_FLUSHWIDE 0x2000
#define WORD_ULTRA     88
#define WORD_WIDE      100
#define WORD_SIZE      106
#define SIZE_OTHER     0x1000

static u8 block[BLOCK_MOST * SECTOR];

/* Whether it can use the bus master; sets a mode where none is set. */
static bool dma_read(struct drive *d, const u16 *words)
{
	u32 able = words[WORD_WORD_DMA] & 7u;
	u32 set = words[WORD_WORD_DMA] >> 8 & 7u;

	if (!(words[WORD_ABLE] & ABLE_DMA))
		return false;
	if (words[WORD_VALID] & VALID_ULTRA)
		set |= words[WORD_ULTRA] >> 8 & 0x7Fu;
	if (!set && able)
		d->mode = (u8)(MODE_WORD_DMA + (able & 4 ? 2 :
						able & 2 ? 1 :
							   0));
	return set || able;
}

static u32 wide_sectors(const u16 *words)
{
	const u16 *w = words + WORD_WIDE;

	return w[2] || w[3] ? 0xFFFFFFFF : (u32)w[1] << 16 | w[0];
}

bool disk_read(struct drive *d, const u16 *words, bool master)
{
	u32 sets = words[WORD_SETS];
	u32 most = words[WORD_BLOCK] & 0xFFu;

	if ((sets & SETS_KIND) != 0x4000)
		sets = 0;
	if (!(words[WORD_ABLE] & ABLE_LBA) ||
	    (words[WORD_SIZE] & (SETS_KIND | SIZE_OTHER)) ==
		    (0x4000 | SIZE_OTHER))
		return false;
	d->sectors = (u32)words[WORD_SECTORS + 1] << 16 | words[WORD_SECTORS];
	d->sectors = min(d->sectors, NARROW_SECTORS);
	d->wide = sets & SETS_WIDE;
	if (d->wide)
		d->sectors = wide_sectors(words);
	d->flushes_wide = d->wide && sets & SETS_FLUSHWIDE;
	d->flushes = d->flushes_wide || sets & SETS_FLUSH;
	for (d->block = BLOCK_MOST; d->block > most;)
		d->block /= 2;
	d->dma = dma_read(d, words) && master;
	return true;
}

void disk_prepare(struct channel *c, u32 drive)
{
	const struct drive *d = &c->drives[drive];

	if (d->mode)
		channel_command(c, drive, SET_FEATURES, FEATURE_MODE, d->mode);
	if (d->block)
		channel_command(c, drive, SET_MULTIPLE, 0, d->block);
}

static u32 command(const struct channel *c, const struct drive *d, bool wide)
{
	bool write = c->how == WRITE;

	if (c->how == FLUSH)
		return d->flushes_wide ? WIDE_FLUSH : FLUSH_CACHE;
	if (d->dma && wide)
		return write ? WIDE_WRITE_DMA : WIDE_READ_DMA;
	if (d->dma)
		return write ? WRITE_DMA : READ_DMA;
	if (d->block && wide)
		return write ? WIDE_WRITES : WIDE_MULTIPLE;
	if (d->block)
		return write ? WRITE_MULTIPLE : READ_MULTIPLE;
	if (wide)
		return write ? WIDE_WRITE : WIDE_READ;
	return write ? WRITE_SECTORS : READ_SECTORS;
}

/* The sector number and count; the upper halves of 48 bits go first. */
static void place_write(const struct channel *c, bool wide)
{
	if (wide) {
		register_write(c, COUNT, c->count >> 8);
		register_write(c, LBA_LOW, c->sector >> 24);
		register_write(c, LBA_MIDDLE, 0);
		register_write(c, LBA_HIGH, 0);
	}
	register_write(c, COUNT, c->count & 0xFF);
	register_write(c, LBA_LOW, c->sector & 0xFF);
	register_write(c, LBA_MIDDLE, c->sector >> 8 & 0xFF);
	register_write(c, LBA_HIGH, c->sector >> 16 & 0xFF);
}

static u32 block_bytes(const struct channel *c)
{
	u32 most = max(1u, (u32)c->drives[c->drive].block) * SECTOR;

	return min(most, c->count * SECTOR - c->moved);
}

/* The drive asks for data, or has some. */
static i32 block_move(struct channel *c)
{
	u32 n = block_bytes(c);
	i32 error;

	if (c->how == READ) {
		port_read_block(c->base + DATA, block, n);
		error = request_put(c->tag, c->moved, block, n);
	} else {
		error = request_get(c->tag, c->moved, block, n);
		if (error >= 0)
			port_write_block(c->base + DATA, block, n);
	}
	c->moved += n;
	return error;
}

i32 disk_begin(struct channel *c)
{
	const struct drive *d = &c->drives[c->drive];
	bool wide = d->wide && (c->count > NARROW_COUNT ||
				c->sector + c->count > NARROW_SECTORS);
	u32 bits = DEVICE_LBA | (wide ? 0 : c->sector >> 24 & 0xF);

	if (channel_select(c, c->drive, bits) < 0)
		return -E_DEVICE;
	if (c->how != FLUSH)
		place_write(c, wide);
	if (c->master_moves) {
		master_ready(c);
		register_write(c, COMMAND, command(c, d, wide));
		master_go(c);
		return 0;
	}
	channel_tell(c, command(c, d, wide));
	if (c->how != WRITE)
		return 0;
	if (channel_expect(c, STATUS_DATA) < 0)
		return -E_DEVICE;
	return block_move(c) < 0 ? -E_DEVICE : 0;
}

i32 disk_step(struct channel *c, u32 state)
{
	u32 left = c->how == FLUSH ? 0 : c->count * SECTOR - c->moved;

	if (state & (STATUS_ERROR | STATUS_FAULT) ||
	    (state & STATUS_DATA) != (left ? STATUS_DATA : 0))
		return -E_DEVICE;
	if (!left)
		return STEP_DONE;
	if (block_move(c) < 0)
		return -E_DEVICE;
	return c->how == READ && c->moved == c->count * SECTOR ? STEP_DONE :
								 STEP_ON;
}
