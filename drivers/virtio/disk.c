/* The device itself: bringing it up, asking, and hearing its answers. */
#include "disk.h"
#include "virtio.h"

/* Ports. */
#define DEVICE_FEATURES	 0
#define DRIVER_FEATURES	 4
#define REGISTER_ADDRESS 8 /* in pages */
#define REGISTER_SIZE	 12
#define REGISTER_SELECT	 14
#define REGISTER_NOTIFY	 16
#define STATUS		 18
#define INTERRUPTED	 19 /* reading it takes the interrupt away */
#define CONFIG		 20
#define CONFIG_SECTORS	 (CONFIG + 0)
#define CONFIG_RUN	 (CONFIG + 8) /* most bytes of one run */
#define CONFIG_RUNS	 (CONFIG + 12)
#define CONFIG_BLOCK	 (CONFIG + 20)

#define STATUS_FOUND  1u
#define STATUS_DRIVER 2u
#define STATUS_GO     4u

#define FEATURE_RUN    (1u << 1)
#define FEATURE_RUNS   (1u << 2)
#define FEATURE_FIXED  (1u << 5) /* read only */
#define FEATURE_BLOCK  (1u << 6)
#define FEATURE_FLUSH  (1u << 9)
#define FEATURE_TABLES (1u << 28)
#define FEATURES \
	(FEATURE_RUN | FEATURE_RUNS | FEATURE_FIXED | FEATURE_BLOCK | \
	 FEATURE_FLUSH | FEATURE_TABLES)

/* `how` of a request, and its kind as the device knows it. */
enum { READ = 1, WRITE = 2, FLUSH = 3, FOLLOWED = 4 };
enum { KIND_READ = 0, KIND_WRITE = 1, KIND_FLUSH = 4 };

#define SECTOR	   512u
#define MOST	   1024u /* sectors of a request: 512 KiB */
#define ALIGN_MOST 128u
#define PAGE	   4096u
#define RESETS	   10000 /* reads of its status until it must be set back */

static u32 get(const struct disk *d, u32 port)
{
	u32 value = 0;

	port_read32(d->ports + port, &value);
	return value;
}

void disk_end(const struct disk *d)
{
	u32 reads = 0;

	port_write8(d->ports + STATUS, 0);
	while (port_read8(d->ports + STATUS) > 0 && reads < RESETS)
		reads++;
}

/* What the device says of itself, made to fit. */
static i32 features_read(struct disk *d, u32 features)
{
	u32 high = get(d, CONFIG_SECTORS + 4);

	d->sectors = high ? 0xFFFFFFFF : get(d, CONFIG_SECTORS);
	d->read_only = features & FEATURE_FIXED;
	d->flushes = features & FEATURE_FLUSH;
	d->most = MOST;
	if (features & FEATURE_RUN)
		d->most = min(d->most, get(d, CONFIG_RUN) / SECTOR);
	d->pieces = queue_pieces(&d->queue);
	if (features & FEATURE_RUNS)
		d->pieces = min(d->pieces, get(d, CONFIG_RUNS));
	d->align = features & FEATURE_BLOCK ? get(d, CONFIG_BLOCK) / SECTOR : 1;
	if (!d->align || d->align > ALIGN_MOST || d->align & (d->align - 1) ||
	    d->most < d->align || !d->pieces)
		return -E_DEVICE;
	d->most -= d->most % d->align;
	return 0;
}

i32 disk_begin(struct disk *d)
{
	u32 features, size;
	i32 error;

	disk_end(d);
	port_write8(d->ports + STATUS, STATUS_FOUND);
	port_write8(d->ports + STATUS, STATUS_FOUND | STATUS_DRIVER);
	features = get(d, DEVICE_FEATURES) & FEATURES;
	port_write32(d->ports + DRIVER_FEATURES, features);
	port_write16(d->ports + REGISTER_SELECT, 0);
	size = (u32)port_read16(d->ports + REGISTER_SIZE);
	if (size < QUEUE_LEAST || size > QUEUE_MOST || size & (size - 1))
		return -E_DEVICE;
	if (queue_bytes(size) > d->memory_bytes)
		return -E_MEMORY;
	memset(d->memory, 0, queue_bytes(size));
	queue_make(&d->queue, size, features & FEATURE_TABLES, d->memory,
		   d->memory_address);
	error = features_read(d, features);
	if (error < 0)
		return error;
	port_write32(d->ports + REGISTER_ADDRESS, d->memory_address / PAGE);
	port_write8(d->ports + STATUS,
		    STATUS_FOUND | STATUS_DRIVER | STATUS_GO);
	return 0;
}

/* Whether that can be asked of the disk. */
static i32 ask_check(const struct disk *d, u32 how, u32 sector, u32 count)
{
	if (how == FLUSH)
		return d->flushes ? 0 : -E_RANGE;
	if (how != READ && (how != WRITE || d->read_only))
		return -E_DENIED;
	if (!count || count > d->most || sector >= d->sectors ||
	    count > d->sectors - sector || (sector | count) % d->align)
		return -E_RANGE;
	return 0;
}

/* Put it into the queue. */
static i32 put(struct disk *d, u32 tag, u32 how, u32 sector, u32 count,
	       from u8 *pieces, u32 size)
{
	static const u8 kinds[] = {
		[READ] = KIND_READ,
		[WRITE] = KIND_WRITE,
		[FLUSH] = KIND_FLUSH,
	};
	i32 error = ask_check(d, how, sector, count);

	if (error < 0)
		return error;
	if (how == FLUSH)
		sector = count = size = 0;
	if (size > d->pieces * sizeof(struct block_piece))
		return -E_BIG;
	return queue_put(&d->queue, tag, kinds[how], sector, how == READ,
			 pieces, size, count * SECTOR);
}

i32 disk_ask(struct disk *d, u32 tag, u32 how, u32 sector, u32 count,
	     from u8 *pieces, u32 size)
{
	i32 error =
		put(d, tag, how & ~(u32)FOLLOWED, sector, count, pieces, size);

	d->untold |= error >= 0;
	if (!d->untold || (error >= 0 && how & FOLLOWED))
		return error;
	d->untold = false;
	if (queue_tell(&d->queue))
		port_write16(d->ports + REGISTER_NOTIFY, 0);
	return error;
}

/* It answers what cannot be: whatever it was asked, it has not done. */
static void disk_broken(struct disk *d)
{
	u32 busy = ~d->queue.free & ~0u >> (SLOTS - d->queue.depth);
	u32 tags[SLOTS], n = 0;

	for (u32 i = 0; i < d->queue.depth; i++)
		if (busy >> i & 1)
			tags[n++] = d->queue.tags[i];
	log_write("virtio: a disk answered wrongly", 31);
	if (disk_begin(d) < 0)
		disk_end(d);
	while (n)
		request_done(tags[--n], -E_DEVICE);
}

i32 disk_interrupt(struct disk *d)
{
	i32 was = port_read8(d->ports + INTERRUPTED), more;
	u32 tag;
	u8 status;

	while ((more = queue_next(&d->queue, &tag, &status)) > 0)
		request_done(tag, status ? -E_DEVICE : 0);
	if (more < 0)
		disk_broken(d);
	return was & 1;
}
