/* CD and DVD drives: reading, with or without the bus master. */
#include "packet.h"
#include "ata.h"
#include "master.h"

#define PACKET		  12u /* bytes of a command */
#define PACKET_ATA	  0xA0
#define FEATURE_BY_MASTER 1u
#define CHUNK		  0x8000u /* bytes for one interrupt, without the master */

#define REQUEST_SENSE 0x03
#define READ_CAPACITY 0x25
#define READ_10	      0x28
#define SENSE_BYTES   18u
#define SENSE_NOTHING 0
#define SENSE_READY   2 /* it is not, or not yet */
#define SENSE_CHANGED 6 /* the disc, or the drive was reset */
#define ASK_TRIES     4
#define AGAIN_MOST    3
#define DISC_SECTOR   2048u
#define DISC_MOST     0x3FFFFFFFu

/* IDENTIFY PACKET's words. */
#define WORD_KIND 0
#define KIND_MASK 0xDF03 /* packets, what it is, and their size */
#define KIND_CD	  0x8500 /* a CD, with packets of 12 bytes */
#define WORD_ABLE 49
#define ABLE_DMA  0x100

static u8 block[BLOCK_MOST * SECTOR];

bool packet_read(struct drive *d, const u16 *words, bool master)
{
	d->dma = master && words[WORD_ABLE] & ABLE_DMA;
	return (words[WORD_KIND] & KIND_MASK) == KIND_CD;
}

/* Tell the drive a command; then data move, or an interrupt tells the end. */
static i32 packet_send(struct channel *c, u32 drive, const u8 *packet,
		       u32 features)
{
	if (channel_select(c, drive, 0) < 0)
		return -E_DEVICE;
	register_write(c, FEATURES, features);
	register_write(c, LBA_MIDDLE, CHUNK & 0xFF);
	register_write(c, LBA_HIGH, CHUNK >> 8);
	channel_tell(c, PACKET_ATA);
	if (channel_expect(c, STATUS_DATA) < 0)
		return -E_DEVICE;
	port_write_block(c->base + DATA, packet, PACKET);
	return 0;
}

static u32 bytes_offered(const struct channel *c)
{
	return register_read(c, LBA_MIDDLE) | register_read(c, LBA_HIGH) << 8;
}

/* A command that answers `n` bytes, waited for. Bytes, or -E_DEVICE. */
static i32 packet_ask(struct channel *c, u32 drive, const u8 *packet, u8 *to,
		      u32 n)
{
	u32 state, have;

	if (packet_send(c, drive, packet, 0) < 0)
		return -E_DEVICE;
	channel_state(c);
	state = channel_settle(c);
	register_read(c, STATUS); /* its interrupt is nobody's */
	if (state & (STATUS_BUSY | STATUS_ERROR) || !(state & STATUS_DATA))
		return -E_DEVICE;
	have = bytes_offered(c);
	if (have > n || have % 2)
		return -E_DEVICE;
	port_read_block(c->base + DATA, to, have);
	channel_state(c);
	state = channel_expect(c, 0) < 0;
	register_read(c, STATUS);
	return state ? -E_DEVICE : (i32)have;
}

/* Why the last command failed. */
static u32 sense(struct channel *c, u32 drive)
{
	static const u8 packet[PACKET] = { REQUEST_SENSE, [4] = SENSE_BYTES };
	u8 answer[SENSE_BYTES];

	if (packet_ask(c, drive, packet, answer, sizeof answer) < 3)
		return SENSE_NOTHING;
	return answer[2] & 0xF;
}

static u32 big_endian(const u8 *bytes)
{
	return (u32)bytes[0] << 24 | (u32)bytes[1] << 16 | (u32)bytes[2] << 8 |
	       bytes[3];
}

u32 packet_sectors(struct channel *c, u32 drive)
{
	static const u8 packet[PACKET] = { READ_CAPACITY };
	u8 answer[8];

	for (u32 i = 0; i < ASK_TRIES; i++) {
		i32 n = packet_ask(c, drive, packet, answer, sizeof answer);

		if (n == sizeof answer) {
			u32 last = big_endian(answer);

			if (big_endian(answer + 4) != DISC_SECTOR)
				return 0;
			return min(last, DISC_MOST - 1) * PACKET_SECTORS +
			       PACKET_SECTORS;
		}
		if (sense(c, drive) != SENSE_CHANGED)
			break;
	}
	return 0;
}

i32 packet_begin(struct channel *c)
{
	u32 sector = c->sector / PACKET_SECTORS;
	u32 count = c->count / PACKET_SECTORS;
	u8 packet[PACKET] = {
		READ_10,
		[2] = (u8)(sector >> 24),
		[3] = (u8)(sector >> 16),
		[4] = (u8)(sector >> 8),
		[5] = (u8)sector,
		[7] = (u8)(count >> 8),
		[8] = (u8)count,
	};

	c->moved = 0;
	if (c->master_moves)
		master_ready(c);
	if (packet_send(c, c->drive, packet,
			c->master_moves ? FEATURE_BY_MASTER : 0) < 0)
		return -E_DEVICE;
	if (c->master_moves)
		master_go(c);
	return 0;
}

i32 packet_step(struct channel *c, u32 state)
{
	u32 left = c->count * SECTOR - c->moved, have;

	if (state & (STATUS_ERROR | STATUS_FAULT))
		return -E_DEVICE;
	if (!(state & STATUS_DATA))
		return left ? -E_DEVICE : STEP_DONE;
	have = bytes_offered(c);
	if (!have || have % 2 || have > left)
		return -E_DEVICE;
	while (have) {
		u32 n = min(have, (u32)sizeof block);

		port_read_block(c->base + DATA, block, n);
		if (request_put(c->tag, c->moved, block, n) < 0)
			return -E_DEVICE;
		c->moved += n;
		have -= n;
	}
	return STEP_ON;
}

bool packet_again(struct channel *c)
{
	u32 why = sense(c, c->drive);

	return why == SENSE_CHANGED && c->tries++ < AGAIN_MOST;
}
