/* Transfers: beginning them, and waiting for them. */
#include "kernel/disk/unit.h"

#include "kernel/linux/errno.h"
#include "kernel/page.h"
#include "kernel/panic.h"

#define MANY	64u /* transfers that do not wait for an io_go */
#define AT_ONCE 16u /* frames of a transfer to or from the core's memory */

/* 0, or what is wrong with it. */
static i32 io_check(const struct io *io)
{
	const struct disk *d = io->disk;
	u32 align = d->unit->is.align;

	if (d->unit->changed)
		return -ENXIO;
	if (io->how == IO_FLUSH)
		return 0;
	if (io->how == IO_WRITE && (d->flags & DISK_READ_ONLY))
		return -EROFS;
	if (io->sector > d->sectors || io->count > d->sectors - io->sector)
		return -ENXIO;
	if ((d->first + io->sector) % align || io->count % align || !io->count)
		return -EIO;
	return 0;
}

/* Queue it; what is wrong, if it is not queued. */
static i32 io_queue(struct io *io)
{
	struct unit *u = io->disk->unit;
	i32 error = io_check(io);

	io->moved = io->alone = 0;
	io->result = 0;
	if (error < 0)
		return error;
	spin_lock(&u->lock);
	queue_add(&u->queue, io);
	spin_unlock(&u->lock);
	return 0;
}

void io_start(struct io *io)
{
	struct unit *u = io->disk->unit;
	i32 error = io_queue(io);

	if (error < 0) {
		io->result = error;
		spin_lock(&u->lock);
		list_add_last(&u->refused, &io->list);
		spin_unlock(&u->lock);
	}
	if (error < 0 || !(++u->started % MANY))
		unit_go(u);
}

void io_go(struct disk *d)
{
	struct unit *u = d->unit;

	if (u->given < u->is.depth)
		unit_run(u);
}

struct waiter {
	struct wait_queue queue;
	u32 done;
};

static void waiter_done(struct io *io)
{
	struct waiter *w = io->context;

	scheduler_lock();
	w->done = 1;
	wake_all(&w->queue);
	scheduler_unlock();
}

i32 io_wait(struct io *io)
{
	struct waiter w = { .done = 0 };
	i32 error;

	wait_queue_init(&w.queue);
	io->done = waiter_done;
	io->context = &w;
	error = io_queue(io);
	if (error < 0)
		return error;
	unit_run(io->disk->unit);
	scheduler_lock();
	while (!w.done)
		wait_in(&w.queue, WAIT_FOREVER);
	scheduler_unlock();
	return io->result;
}

/* As much as one transfer takes: sectors, or -errno. */
static i32 move(struct disk *d, u32 how, u32 sector, u32 count, u32 memory)
{
	struct io_piece pieces[AT_ONCE];
	struct io io = {
		.disk = d, .how = how, .sector = sector, .pieces = pieces
	};
	i32 error;

	while (io.count < count && io.piece_count < AT_ONCE) {
		u32 at = memory + io.count * SECTOR;
		u32 bytes = PAGE - at % PAGE;

		if (bytes > (count - io.count) * SECTOR)
			bytes = (count - io.count) * SECTOR;
		pieces[io.piece_count++] =
			(struct io_piece){ direct_physical((void *)at).address,
					   bytes };
		io.count += bytes / SECTOR;
	}
	error = io_wait(&io);
	return error < 0 ? error : (i32)io.count;
}

static i32 move_all(struct disk *d, u32 how, u32 sector, u32 count, u32 memory)
{
	assert(memory % SECTOR == 0);
	while (count) {
		i32 n = move(d, how, sector, count, memory);

		if (n < 0)
			return n;
		sector += (u32)n;
		count -= (u32)n;
		memory += (u32)n * SECTOR;
	}
	return 0;
}

i32 disk_read(struct disk *d, u32 sector, u32 count, void *to)
{
	return move_all(d, IO_READ, sector, count, (u32)to);
}

i32 disk_write(struct disk *d, u32 sector, u32 count, const void *bytes)
{
	return move_all(d, IO_WRITE, sector, count, (u32)bytes);
}

i32 disk_flush(struct disk *d)
{
	struct io io = { .disk = d, .how = IO_FLUSH };

	return io_wait(&io);
}
