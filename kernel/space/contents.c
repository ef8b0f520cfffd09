/*
 * Contents of files, to and from volumes: in runs of pages, and of each run as
 * many blocks at once as lie together on the disk.
 */
#include "kernel/space/contents.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/print.h"
#include "kernel/space/area.h"
#include "kernel/vfs/inode_table.h"
#include "kernel/vfs/store.h"
#include "kernel/volume/transaction.h"
#include "kernel/volume/volume.h"

#define RUNS 16u

/* Pages of one inode on their way to the disk. */
struct writing {
	struct inode *inode; /* counted */
	u32 index, count, turn;
	u32 parts; /* transfers that are not done */
	i32 error;
	struct batch *batch;
	struct physical frames[CONTENTS_RUN];
};

/* One transfer of blocks that lie together. */
struct part {
	struct io io;
	struct batch *batch; /* of a read */
	struct writing *writing; /* of a write */
	struct io_piece pieces[CONTENTS_RUN];
};

/* ---- one transfer ---- */

static u32 block_size_of(const struct inode *i)
{
	return volume_block_sectors(inode_volume(i)) * SECTOR;
}

/* A transfer of `count` blocks from block `at` of the contents on, which lie
 * from block `block` of the volume on; frames[0] is page `index`. */
static struct part *part_make(const struct inode *i, u32 index,
			      const struct physical *frames, u32 at, u32 count,
			      u32 block)
{
	u32 size = block_size_of(i), sectors = size / SECTOR;
	u32 offset = at * size - index * PAGE, left = count * size;
	struct part *p = heap_take_user(sizeof(*p));
	u32 n = 0;

	while (left) {
		u32 bytes = min(left, PAGE - offset % PAGE);

		p->pieces[n++] = (struct io_piece){
			frames[offset / PAGE].address + offset % PAGE, bytes
		};
		offset += bytes;
		left -= bytes;
	}
	p->io.disk = volume_disk(inode_volume(i));
	p->io.sector = block * sectors;
	p->io.count = count * sectors;
	p->io.pieces = p->pieces;
	p->io.piece_count = n;
	return p;
}

/* ---- reading ---- */

static void read_done(struct io *io)
{
	struct part *p = LIST_OF(io, struct part, io);
	struct batch *b = p->batch;
	i32 error = io->result;

	heap_give(p);
	batch_done(b, error);
}

static void run_read(struct inode *i, u32 index, const struct physical *frames,
		     const struct filesystem_run *r, struct batch *b)
{
	struct part *p = part_make(i, index, frames, r->at, r->count, r->block);

	p->io.how = IO_READ;
	p->io.done = read_done;
	p->batch = b;
	batch_count(b);
	io_start(&p->io);
}

/* A hole: its pages are not wholly on the volume, and zeros. Returns which of
 * the `placed` ones are. */
static u32 hole_fill(const struct inode *i, u32 index,
		     const struct physical *frames, u32 placed,
		     const struct filesystem_run *r)
{
	u32 size = block_size_of(i), at = r->at * size - index * PAGE;
	u32 left = r->count * size;

	while (left) {
		u32 n = min(left, PAGE - at % PAGE);

		memory_fill((u8 *)direct(frames[at / PAGE]) + at % PAGE, 0, n);
		placed &= ~(1u << at / PAGE);
		at += n;
		left -= n;
	}
	return placed;
}

i32 contents_begin(struct inode *i, u32 index, const struct physical *frames,
		   u32 count, u32 *placed, struct batch *b)
{
	u32 per_page = PAGE / block_size_of(i), at = index * per_page;
	u32 end = (index + count) * per_page;
	struct filesystem_run runs[RUNS];

	*placed = count == 32 ? 0xFFFFFFFFu : (1u << count) - 1;
	while (at < end) {
		i32 n = store_map(i, at, end - at, runs, RUNS);

		if (n <= 0)
			return n < 0 ? n : -EIO;
		for (i32 k = 0; k < n; k++) {
			at += runs[k].count;
			if (runs[k].block != RUN_HOLE)
				run_read(i, index, frames, &runs[k], b);
			else
				*placed = hole_fill(i, index, frames, *placed,
						    &runs[k]);
		}
	}
	return 0;
}

void contents_end(const struct inode *i, u32 index,
		  const struct physical *frames, u32 count)
{
	for (u32 k = 0; k < count; k++) {
		u64 start = (u64)(index + k) * PAGE, size = i->size;
		u32 kept = size > start ? (u32)min(size - start, (u64)PAGE) : 0;

		memory_fill((u8 *)direct(frames[k]) + kept, 0, PAGE - kept);
	}
}

i32 contents_read(struct inode *i, u32 index, const struct physical *frames,
		  u32 count, u32 *placed)
{
	struct batch b;
	i32 error, read;

	batch_begin(&b, 0);
	error = contents_begin(i, index, frames, count, placed, &b);
	io_go(volume_disk(inode_volume(i)));
	read = batch_wait(&b);
	contents_end(i, index, frames, count);
	return error < 0 ? error : read;
}

/* ---- placing ---- */

i32 contents_place(struct inode *i, u64 from_byte, u64 end_byte, u64 size)
{
	u32 bytes = block_size_of(i), shift = (u32)__builtin_ctz(bytes);
	u32 at = (u32)(from_byte >> shift);
	u32 end = (u32)((end_byte + bytes - 1) >> shift);
	struct filesystem_run runs[RUNS];
	i32 n = 1;

	while (at < end && n > 0) {
		n = store_allocate(i, at, end - at, size, runs, RUNS);
		for (i32 k = 0; k < n; k++) {
			if (runs[k].block == RUN_HOLE)
				return -EIO;
			at += runs[k].count;
		}
	}
	i->blocks_old = 1;
	return n < 0 ? n : 0;
}

/* ---- writing ---- */

/* The last transfer of these pages is done, or there was none. */
static void writing_end(struct writing *w)
{
	struct inode *i = w->inode;
	struct batch *b = w->batch;
	i32 error = w->error;

	for (u32 n = 0; n < w->count; n++)
		frame_drop(w->frames[n]);
	if (error < 0)
		i->failed = 1;
	cache_written(i, w->index, w->count, w->turn);
	heap_give(w);
	inode_drop(i);
	batch_done(b, error);
}

static void writing_part_done(struct writing *w, i32 error)
{
	if (error < 0)
		w->error = error;
	if (!__atomic_sub_fetch(&w->parts, 1, __ATOMIC_SEQ_CST))
		writing_end(w);
}

static void write_done(struct io *io)
{
	struct part *p = LIST_OF(io, struct part, io);
	struct writing *w = p->writing;
	i32 error = io->result;

	heap_give(p);
	writing_part_done(w, error);
}

static void run_write(struct writing *w, const struct filesystem_run *r)
{
	struct part *p = part_make(w->inode, w->index, w->frames, r->at,
				   r->count, r->block);

	p->io.how = IO_WRITE;
	p->io.done = write_done;
	p->writing = w;
	__atomic_add_fetch(&w->parts, 1, __ATOMIC_SEQ_CST);
	io_start(&p->io);
}

/* Where the pages of w go; what has no blocks (it lies behind the end) goes
 * nowhere. */
static i32 runs_write(struct writing *w)
{
	u32 per_page = PAGE / block_size_of(w->inode);
	u32 at = w->index * per_page, end = at + w->count * per_page;
	struct filesystem_run runs[RUNS];

	while (at < end) {
		i32 n = store_map(w->inode, at, end - at, runs, RUNS);

		if (n <= 0)
			return n < 0 ? n : -EIO;
		for (i32 k = 0; k < n; k++) {
			at += runs[k].count;
			if (runs[k].block != RUN_HOLE)
				run_write(w, &runs[k]);
		}
	}
	return 0;
}

/* Begin to write all dirty pages of i. */
static void inode_write(struct inode *i, struct batch *b)
{
	u32 index = 0, count;

	for (;;) {
		struct writing *w = heap_take_user(sizeof(*w));
		i32 error;

		count = cache_dirty_take(i, &index, &w->turn, w->frames);
		if (!count) {
			heap_give(w);
			return;
		}
		inode_hold(i);
		mapping_protect(i, index, count);
		w->inode = i;
		w->index = index;
		w->count = count;
		w->batch = b;
		w->parts = 1;
		batch_count(b);
		error = runs_write(w);
		writing_part_done(w, error);
		index += count;
	}
}

i32 contents_flush(struct inode *i)
{
	struct volume *v = inode_volume(i);
	struct batch b;
	i32 error = 0;

	do {
		cache_written_wait(i);
		batch_begin(&b, 0);
		inode_write(i, &b);
		io_go(volume_disk(v));
		if (batch_wait(&b) < 0)
			error = -EIO;
	} while (i->writing_pages);
	if (i->failed) {
		i->failed = 0;
		error = -EIO;
	}
	return error;
}

/* The first inode of a mount that has dirty pages, counted. */
static struct inode *dirty_next(struct list *dirty)
{
	struct inode *i = 0;

	spin_lock(&inode_lock);
	if (!list_empty(dirty)) {
		i = LIST_OF(dirty->next, struct inode, dirty_list);
		list_remove(&i->dirty_list);
		inode_hold_locked(i);
	}
	spin_unlock(&inode_lock);
	return i;
}

static void list_move(struct list *to, struct list *of)
{
	spin_lock(&inode_lock);
	while (!list_empty(of)) {
		struct list *l = of->next;

		list_remove(l);
		list_add_last(to, l);
	}
	spin_unlock(&inode_lock);
}

/* All dirty pages of a volume's files, and those that others are writing; by
 * its own thread, before a commit. */
static i32 volume_write(struct volume *v)
{
	struct mount *m = volume_mount(v);
	struct list now;
	struct inode *i;
	struct batch b;

	if (!m)
		return 0;
	list_init(&now);
	list_move(&now, &m->dirty);
	batch_begin(&b, 0);
	while ((i = dirty_next(&now))) {
		cache_written_wait(i);
		inode_write(i, &b);
		inode_drop(i);
	}
	io_go(volume_disk(v));
	batch_wait(&b); /* who asks for durability of a file hears of errors */
	cache_written_turn(m);
	return 0;
}

void contents_throttle(struct inode *i)
{
	if (cache_dirty_frames() > frame_total() / 4)
		contents_flush(i);
}

void contents_start(void)
{
	transaction_contents = volume_write;
}
