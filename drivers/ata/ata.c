/*
 * The gate `block` over two IDE channels: unit 2 * channel + drive. A channel
 * does one request at a time, so two drives of one take turns. Nothing here
 * outlives a generation: each begins by setting its drives back.
 */
#include "ata.h"
#include "channel.h"
#include "disk.h"
#include "master.h"
#include "packet.h"

#define LINE_SECOND 15
#define PAUSE_MS    2
#define FIND_TRIES  3

#define IDENTIFY	0xEC
#define IDENTIFY_PACKET 0xA1
#define SIGN_DISK	0x0000 /* in LBA_MIDDLE and LBA_HIGH after a reset */
#define SIGN_PACKET	0xEB14

#define WORD_MODEL 27

#define MOST_NARROW 256u
#define MOST_WIDE   2048u /* 1 MiB */
#define PIECES	    256u

enum flag { FLAG_READ_ONLY = 1, FLAG_KEEPS = 2, FLAG_REACHES = 4, FLAG_CD = 8 };

static struct channel channels[CHANNELS] = {
	{ .base = 0x1F0, .control = 0x3F6 },
	{ .base = 0x170, .control = 0x376 },
};

static struct drive *drive_of(u32 unit, struct channel **c)
{
	if (unit >= CHANNELS * DRIVES)
		return NULL;
	*c = &channels[unit / DRIVES];
	return &(*c)->drives[unit % DRIVES];
}

/* Two letters a word, the first in its upper half; blanks at the end. */
static void model_read(char *model, const u16 *words)
{
	u32 n = MODEL;

	for (u32 i = 0; i < MODEL; i++)
		model[i] = (char)(words[i / 2] >> (i % 2 ? 0 : 8));
	while (n && (model[n - 1] == ' ' || !model[n - 1]))
		model[--n] = 0;
}

static bool words_get(struct channel *c, u32 drive, u32 command, u16 *words)
{
	if (channel_select(c, drive, 0) < 0)
		return false;
	channel_tell(c, command);
	if (channel_expect(c, STATUS_DATA) < 0)
		return false;
	port_read_block(c->base + DATA, (u8 *)words, WORDS * 2);
	register_read(c, STATUS);
	return true;
}

/* False: something may be there, but did not answer as it must. */
static bool drive_find(struct channel *c, u32 drive)
{
	static u16 words[WORDS];
	struct drive *d = &c->drives[drive];
	u32 sign;

	memset(d, 0, sizeof *d);
	if (channel_select(c, drive, 0) < 0)
		return false;
	sign = register_read(c, LBA_MIDDLE) | register_read(c, LBA_HIGH) << 8;
	if (sign == SIGN_PACKET) {
		if (words_get(c, drive, IDENTIFY_PACKET, words) &&
		    packet_read(d, words, c->master))
			d->kind = DRIVE_PACKET;
	} else if (sign == SIGN_DISK && channel_state(c)) {
		if (words_get(c, drive, IDENTIFY, words) &&
		    disk_read(d, words, c->master))
			d->kind = DRIVE_DISK;
	} else {
		return true;
	}
	if (d->kind)
		model_read(d->model, words + WORD_MODEL);
	return d->kind;
}

static void channel_prepare(struct channel *c)
{
	for (u32 i = 0; i < DRIVES; i++)
		if (c->drives[i].kind == DRIVE_DISK)
			disk_prepare(c, i);
}

/* Set back what a request has left in disorder. */
static void channel_recover(struct channel *c)
{
	master_stop(c);
	channel_reset(c);
	channel_prepare(c);
}

static u32 drive_say(char *text, u32 size, const struct drive *d, u32 unit)
{
	char model[MODEL + 1] = { 0 };

	memcpy(model, d->model, MODEL);
	return print_to(text, size, "ata: unit %u: %s, %s bus master", unit,
			model, d->dma ? "by" : "without");
}

static void channel_find(struct channel *c)
{
	char text[96];

	for (u32 t = 0; channel_state(c) & STATUS_BUSY; t += PAUSE_MS) {
		if (t >= START_MS)
			return;
		waits_time_sleep(PAUSE_MS);
	}
	for (u32 i = 0; i < DRIVES; i++)
		for (u32 n = 0; n < FIND_TRIES && !drive_find(c, i); n++)
			channel_reset(c);
	channel_prepare(c);
	for (u32 i = 0; i < DRIVES; i++)
		if (c->drives[i].kind)
			log_write(text,
				  drive_say(text, sizeof text, &c->drives[i],
					    c == channels ? i : DRIVES + i));
}

i32 life_start(u32 generation)
{
	(void)generation;
	master_find(channels);
	for (u32 i = 0; i < CHANNELS; i++)
		if (channel_state(&channels[i]) != STATUS_NONE)
			channel_strobe(&channels[i]);
	channel_strobed();
	for (u32 i = 0; i < CHANNELS; i++)
		if (channel_state(&channels[i]) != STATUS_NONE)
			channel_find(&channels[i]);
	return 0;
}

i32 life_stop(void)
{
	for (u32 i = 0; i < CHANNELS; i++)
		if (channels[i].busy)
			channel_recover(&channels[i]);
	return 0;
}

static void request_end(struct channel *c, i32 step)
{
	bool packet = c->drives[c->drive].kind == DRIVE_PACKET;

	if (step == -E_DEVICE) {
		master_stop(c);
		if (channel_state(c) & (STATUS_BUSY | STATUS_DATA))
			channel_recover(c);
		else if (packet && packet_again(c) && packet_begin(c) == 0)
			return;
	}
	c->busy = false;
	request_done(c->tag, step < 0 ? step : 0);
}

i32 life_interrupt(u32 line)
{
	struct channel *c = &channels[line == LINE_SECOND];
	u32 state;
	i32 step = STEP_DONE;

	if (c->busy && c->master_moves) {
		step = master_end(c, &state);
		if (step == 0)
			return 0;
		if (state & (STATUS_ERROR | STATUS_FAULT | STATUS_DATA))
			step = -E_DEVICE;
	} else {
		state = register_read(c, STATUS);
		if (!c->busy || state & STATUS_BUSY)
			return 0;
		step = c->drives[c->drive].kind == DRIVE_PACKET ?
			       packet_step(c, state) :
			       disk_step(c, state);
	}
	if (step != STEP_ON)
		request_end(c, step);
	return 1;
}

i32 block_identify(u32 unit, into struct block_disk *found)
{
	struct block_disk disk = { .pieces = PIECES, .depth = 1, .align = 1 };
	struct channel *c;
	struct drive *d = drive_of(unit, &c);

	if (!d)
		return -E_NAME;
	if (!d->kind)
		return -E_DEVICE;
	disk.most = d->dma && d->wide ? MOST_WIDE : MOST_NARROW;
	disk.flags =
		(d->dma ? FLAG_REACHES : 0u) | (d->flushes ? FLAG_KEEPS : 0u);
	if (d->kind == DRIVE_PACKET) {
		if (!c->busy)
			d->sectors = packet_sectors(c, unit % DRIVES);
		disk.flags |= FLAG_READ_ONLY | FLAG_CD;
		disk.align = PACKET_SECTORS;
		disk.most = MOST_NARROW;
	}
	disk.sectors = d->sectors;
	memcpy(disk.model, d->model, sizeof disk.model);
	give(found, &disk, sizeof disk);
	return 0;
}

/* Whether that can be asked of the drive. */
static i32 request_check(const struct drive *d, u32 how, u32 sector, u32 count)
{
	u32 most = d->wide && d->dma ? MOST_WIDE : MOST_NARROW;
	bool packet = d->kind == DRIVE_PACKET;

	if (how == FLUSH)
		return d->flushes ? 0 : -E_RANGE;
	if (how != READ && (how != WRITE || packet))
		return -E_DENIED;
	if (!count || count > most || sector >= d->sectors ||
	    count > d->sectors - sector)
		return -E_RANGE;
	if (packet && (sector | count) % PACKET_SECTORS)
		return -E_RANGE;
	return 0;
}

i32 block_start(u32 unit, u32 tag, u32 how, u32 sector, u32 count,
		from u8 *pieces, u32 size)
{
	struct channel *c;
	struct drive *d = drive_of(unit, &c);
	i32 error;

	if (!d || !d->kind)
		return -E_NAME;
	error = request_check(d, how, sector, count);
	if (error < 0)
		return error;
	if (c->busy)
		return -E_AGAIN;
	c->master_moves = d->dma && how != FLUSH;
	if (c->master_moves) {
		error = master_fill(c, pieces, size, count * SECTOR);
		if (error < 0)
			return error;
	}
	c->drive = unit % DRIVES;
	c->tag = tag;
	c->how = how;
	c->sector = sector;
	c->count = count;
	c->moved = c->tries = 0;
	error = d->kind == DRIVE_PACKET ? packet_begin(c) : disk_begin(c);
	if (error < 0)
		channel_recover(c);
	else
		c->busy = true;
	return error;
}

i32 block_reset(u32 unit)
{
	struct channel *c;
	struct drive *d = drive_of(unit, &c);

	if (!d || !d->kind)
		return -E_NAME;
	if (c->busy && c->drive != unit % DRIVES)
		return 0; /* nothing of this one's is under way */
	c->busy = false;
	channel_recover(c);
	return 0;
}
