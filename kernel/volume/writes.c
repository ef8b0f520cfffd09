/* Many blocks on their way to a disk. */
#include "kernel/volume/writes.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/space/cache.h"

struct write {
	struct io io;
	struct io_piece piece;
	struct writes *all;
};

void writes_begin(struct writes *w, struct volume *v)
{
	w->volume = v;
	w->pending = 0;
	w->error = 0;
	wait_queue_init(&w->queue);
}

static void write_done(struct io *io)
{
	struct write *one = LIST_OF(io, struct write, io);
	struct physical p = { one->piece.address };
	struct writes *w = one->all;
	i32 result = io->result;

	heap_give(one);
	frame_drop(p);
	scheduler_lock();
	if (result < 0 && !w->error)
		w->error = result;
	if (!--w->pending)
		wake_all(&w->queue);
	scheduler_unlock();
}

static i32 wait(struct writes *w)
{
	io_go(w->volume->disk);
	scheduler_lock();
	while (w->pending)
		wait_in(&w->queue, WAIT_FOREVER);
	scheduler_unlock();
	return w->error;
}

void writes_add(struct writes *w, u32 block, struct physical p)
{
	u32 size = w->volume->block_size, sectors = size / SECTOR;
	struct write *one = heap_take_now(sizeof(*one));

	if (!one) {
		wait(w); /* what is done gives its memory back */
		one = heap_take_user(sizeof(*one));
	}
	frame_share(p);
	one->all = w;
	one->piece = (struct io_piece){ p.address, size };
	one->io = (struct io){
		.disk = w->volume->disk,
		.how = IO_WRITE,
		.sector = block * sectors,
		.count = sectors,
		.pieces = &one->piece,
		.piece_count = 1,
		.done = write_done,
	};
	scheduler_lock();
	w->pending++;
	scheduler_unlock();
	io_start(&one->io);
}

i32 writes_end(struct writes *w, int flush)
{
	i32 error = wait(w);

	if (!error && flush)
		error = disk_flush(w->volume->disk);
	return error < 0 ? -EIO : 0;
}
