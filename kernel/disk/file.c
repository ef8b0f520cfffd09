/*
 * Disks as files: /dev/sda and the like. Each read and write goes to the disk
 * at once, by way of a piece of memory here, and returns when it is done;
 * nothing is cached. So one sees what is on the disk, which of a mounted one
 * may be older than what its file system has; and cannot write there.
 */
#include "kernel/disk/unit.h"

#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"

#define ORDER 4u /* of the memory that bytes go by way of, if there is some */

enum request_number {
	HDIO_GETGEO = 0x301,
	BLKROGET = 0x125E,
	BLKRRPART = 0x125F,
	BLKGETSIZE = 0x1260,
	BLKFLSBUF = 0x1261,
	BLKRAGET = 0x1263,
	BLKSSZGET = 0x1268,
	BLKIOMIN = 0x1278,
	BLKIOOPT = 0x1279,
	BLKALIGNOFF = 0x127A,
	BLKPBSZGET = 0x127B,
	BLKDISCARDZEROES = 0x127C,
};

#define BLKBSZGET    0x80041270u
#define BLKGETSIZE64 0x80041272u

/* HDIO_GETGEO's answer. */
struct geometry {
	u8 heads, sectors;
	u16 cylinders;
	u32 start;
};

/* Memory that bytes go by way of. */
struct way {
	struct physical at;
	u32 order;
	u8 *bytes;
	u32 size;
};

static struct disk *disk_in(struct file *f)
{
	return f->data;
}

u64 disk_bytes(u32 device)
{
	struct disk *d = disk_of(device);

	return d ? (u64)d->sectors * SECTOR : 0;
}

static i32 way_make(struct way *w, const struct disk *d)
{
	w->order = ORDER;
	w->at = frame_take_now(w->order, 0);
	if (!frame_ok(w->at)) {
		w->order = 0;
		w->at = frame_take_now(0, 0);
	}
	w->size = PAGE << w->order;
	if (frame_ok(w->at) && w->size >= d->unit->is.align * SECTOR) {
		w->bytes = direct(w->at);
		return 0;
	}
	if (frame_ok(w->at))
		frame_give(w->at, w->order);
	return -ENOMEM;
}

/* The whole sectors around bytes of a disk that fit into `size`. */
struct stretch {
	u32 first, count; /* sectors */
	u32 at, bytes; /* in them: what is asked for */
};

static struct stretch stretch_around(const struct disk *d, u64 at, u32 bytes,
				     u32 size)
{
	u32 align = d->unit->is.align;
	struct stretch s;

	s.first = (u32)(at / SECTOR);
	s.first -= s.first % align;
	s.at = (u32)(at - (u64)s.first * SECTOR);
	s.bytes = min(bytes, size - s.at);
	s.count = (s.at + s.bytes + SECTOR - 1) / SECTOR;
	s.count += (align - s.count % align) % align;
	return s;
}

/* Nothing is written beneath a file system. */
static int lies_mounted(const struct disk *d, u32 sector, u32 count)
{
	u32 first = d->first + sector;

	for (struct list *l = disks.next; l != &disks; l = l->next) {
		const struct disk *other = LIST_OF(l, struct disk, list);

		if (other->unit == d->unit && (other->users & DISK_MOUNTED) &&
		    first < other->first + other->sectors &&
		    other->first < first + count)
			return 1;
	}
	return 0;
}

static i32 stretch_read(struct disk *d, struct transfer *t,
			const struct stretch *s, u8 *bytes)
{
	i32 r = disk_read(d, s->first, s->count, bytes);

	return r < 0 ? r : transfer_out(t, bytes + s->at, s->bytes);
}

static i32 stretch_write(struct disk *d, struct transfer *t,
			 const struct stretch *s, u8 *bytes)
{
	i32 r = 0;

	if (lies_mounted(d, s->first, s->count))
		return -EBUSY;
	if (s->at || s->bytes != s->count * SECTOR)
		r = disk_read(d, s->first, s->count, bytes);
	if (r == 0)
		r = transfer_in(t, bytes + s->at, s->bytes);
	return r < 0 ? r : disk_write(d, s->first, s->count, bytes);
}

typedef i32 stretch_move(struct disk *d, struct transfer *t,
			 const struct stretch *s, u8 *bytes);

/* Stretch by stretch up to the disk's end: bytes, or an error before any. */
static i32 move(struct disk *d, struct transfer *t, u64 *at, stretch_move *one)
{
	u64 size = (u64)d->sectors * SECTOR;
	u32 done = 0;
	struct way w;
	i32 r = way_make(&w, d);

	if (r < 0)
		return r;
	while (t->left && *at < size && r == 0) {
		u32 most = (u32)min((u64)t->left, size - *at);
		struct stretch s = stretch_around(d, *at, most, w.size);

		r = one(d, t, &s, w.bytes);
		if (r < 0)
			break;
		*at += s.bytes;
		done += s.bytes;
		if (thread_current()->attention & ATTENTION_LEAVE)
			break;
	}
	frame_give(w.at, w.order);
	return done ? (i32)done : r;
}

static i32 position_move(struct file *f, struct transfer *t, u64 *at,
			 stretch_move *one)
{
	i32 r;

	if (at == &f->at)
		mutex_lock(&f->lock);
	r = move(disk_in(f), t, at, one);
	if (at == &f->at)
		mutex_unlock(&f->lock);
	return r;
}

static i32 block_read(struct file *f, struct transfer *t, u64 *at)
{
	return position_move(f, t, at, stretch_read);
}

/* A write may change parts of sectors: one at a time on a disk. */
static i32 block_write(struct file *f, struct transfer *t, u64 *at)
{
	struct disk *d = disk_in(f);
	i32 r;

	if (t->left && *at >= (u64)d->sectors * SECTOR)
		return -ENOSPC;
	mutex_lock(&d->unit->writing);
	r = position_move(f, t, at, stretch_write);
	mutex_unlock(&d->unit->writing);
	if (r > 0 && (f->flags & O_DSYNC))
		return disk_flush(d) < 0 ? -EIO : r;
	return r;
}

static i32 geometry_tell(const struct disk *d, u32 user)
{
	struct geometry g = { .heads = 255, .sectors = 63, .start = d->first };

	g.cylinders = (u16)min(d->sectors / (255 * 63), 0xFFFFu);
	return user_write(user, &g, sizeof(g));
}

/* Those that answer a word; 0: it is no such request. */
static int word_of(const struct disk *d, u32 request, u32 *word)
{
	switch (request) {
	case BLKROGET:
		*word = (d->flags & DISK_READ_ONLY) != 0;
		return 1;
	case BLKGETSIZE:
		*word = d->sectors;
		return 1;
	case BLKSSZGET:
	case BLKPBSZGET:
	case BLKIOMIN:
		*word = d->unit->is.align * SECTOR;
		return 1;
	case BLKBSZGET:
		*word = PAGE;
		return 1;
	case BLKRAGET:
	case BLKIOOPT:
	case BLKALIGNOFF:
	case BLKDISCARDZEROES:
		*word = 0;
		return 1;
	}
	return 0;
}

static i32 read_again(struct disk *d)
{
	return d == d->unit->whole ? partitions_read_again(d->unit) : -EINVAL;
}

static i32 block_control(struct file *f, u32 request, u32 argument)
{
	struct disk *d = disk_in(f);
	u64 bytes = (u64)d->sectors * SECTOR;
	u32 word;

	if (word_of(d, request, &word))
		return user_write32(argument, word);
	switch (request) {
	case BLKGETSIZE64:
		return user_write(argument, &bytes, sizeof(bytes));
	case HDIO_GETGEO:
		return geometry_tell(d, argument);
	case BLKFLSBUF:
		return process_privileged() ? disk_flush(d) : -EACCES;
	case BLKRRPART:
		return process_privileged() ? read_again(d) : -EACCES;
	}
	return -ENOTTY;
}

static void block_ended(struct file *f)
{
	struct disk *d = disk_in(f);

	if ((f->flags & O_ACCMODE) == O_RDONLY)
		return;
	disk_flush(d);
	__atomic_sub_fetch(&d->users, DISK_WRITER, __ATOMIC_SEQ_CST);
}

static const struct file_kind block_kind = {
	.name = "disk",
	.read = block_read,
	.write = block_write,
	.control = block_control,
	.seek = file_seek,
	.ended = block_ended,
};

i32 disk_file_sync(struct file *f)
{
	return f->kind == &block_kind ? disk_flush(disk_in(f)) : -EINVAL;
}

/* One that writes counts itself, unless there is a file system. */
static i32 writer_add(struct disk *d)
{
	u32 users = __atomic_load_n(&d->users, __ATOMIC_SEQ_CST);

	if (d->flags & DISK_READ_ONLY)
		return -EROFS;
	do
		if (users & DISK_MOUNTED)
			return -EBUSY;
	while (!__atomic_compare_exchange_n(
		&d->users, &users, users + DISK_WRITER, 0, __ATOMIC_SEQ_CST,
		__ATOMIC_SEQ_CST));
	return 0;
}

i32 disk_open(struct file *f)
{
	struct disk *d = disk_of(f->inode->device);
	i32 r = 0;

	if (!d) {
		disks_find();
		d = disk_of(f->inode->device);
	}
	if (!d || !d->sectors)
		return -ENXIO;
	if ((f->flags & O_EXCL) && (d->users & DISK_MOUNTED))
		return -EBUSY;
	if ((f->flags & O_ACCMODE) != O_RDONLY)
		r = writer_add(d);
	if (r < 0)
		return r;
	f->data = d;
	f->kind = &block_kind;
	return 0;
}
