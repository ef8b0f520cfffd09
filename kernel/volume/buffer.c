/* Blocks in memory: finding, reading and letting go of them. */
#include "kernel/volume/buffer.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/page.h"
#include "kernel/panic.h"

static u32 frames; /* of all volumes; atomic */

u32 volumes_frames(void)
{
	return frames;
}

static struct list *bucket(struct volume *v, u32 block)
{
	return &v->buckets[(block ^ block >> 11) % BUCKETS];
}

struct buffer *buffer_find(struct volume *v, u32 block)
{
	struct list *head = bucket(v, block);

	for (struct list *l = head->next; l != head; l = l->next) {
		struct buffer *b = LIST_OF(l, struct buffer, hash);

		if (b->block != block)
			continue;
		list_remove(&b->used);
		list_add_last(&v->used, &b->used);
		return b;
	}
	return 0;
}

struct buffer *buffer_make(struct volume *v, u32 block)
{
	struct buffer *b = buffer_find(v, block);

	if (b)
		return b;
	b = heap_take_now(sizeof(*b));
	if (!b)
		return 0;
	b->volume = v;
	b->block = block;
	b->now = b->staged = b->before = FRAME_NONE;
	list_add_last(bucket(v, block), &b->hash);
	list_add_last(&v->used, &b->used);
	list_init(&b->stage);
	list_init(&b->running);
	list_init(&b->committing);
	list_init(&b->home);
	v->buffers++;
	__atomic_add_fetch(&frames, 1, __ATOMIC_RELAXED);
	return b;
}

static void frame_let_go(struct physical *p)
{
	if (frame_ok(*p))
		frame_drop(*p);
	*p = FRAME_NONE;
}

void buffer_free(struct buffer *b)
{
	assert(!b->flags && !b->pins && b->state != BUFFER_READING);
	frame_let_go(&b->now);
	frame_let_go(&b->before);
	frame_let_go(&b->staged);
	list_remove(&b->hash);
	list_remove(&b->used);
	b->volume->buffers--;
	__atomic_sub_fetch(&frames, 1, __ATOMIC_RELAXED);
	heap_give(b);
}

/* ---- reading ---- */

struct reading {
	struct io io;
	struct io_piece piece;
};

static void read_done(struct io *io)
{
	struct buffer *b = io->context;
	struct volume *v = b->volume;
	i32 result = io->result;

	heap_give(io);
	scheduler_lock();
	b->state = result < 0 ? BUFFER_FAILED : BUFFER_VALID;
	wake_all(&v->reads);
	scheduler_unlock();
}

i32 buffer_read(struct buffer *b)
{
	struct volume *v = b->volume;
	u32 sectors = v->block_size / SECTOR;
	struct reading *r;

	/* what is staged takes the place of `now`, perhaps before it is read */
	if (b->state != BUFFER_EMPTY || frame_ok(b->staged))
		return 0;
	if (!frame_ok(b->now))
		b->now = frame_take_shared(0);
	r = frame_ok(b->now) ? heap_take_now(sizeof(*r)) : 0;
	if (!r)
		return -ENOMEM;
	r->piece = (struct io_piece){ b->now.address, v->block_size };
	r->io = (struct io){
		.disk = v->disk,
		.how = IO_READ,
		.sector = b->block * sectors,
		.count = sectors,
		.pieces = &r->piece,
		.piece_count = 1,
		.done = read_done,
		.context = b,
	};
	b->state = BUFFER_READING;
	v->reading = 1;
	io_start(&r->io);
	return 0;
}

void buffer_wait(struct buffer *b)
{
	io_go(b->volume->disk);
	scheduler_lock();
	while (b->state == BUFFER_READING)
		wait_in(&b->volume->reads, WAIT_FOREVER);
	scheduler_unlock();
}

/* ---- letting go ---- */

static int is_idle(const struct buffer *b)
{
	return !b->flags && !b->pins && b->state != BUFFER_READING &&
	       !frame_ok(b->staged);
}

u32 volume_trim(struct volume *v, u32 most)
{
	struct list *l = v->used.next, *next;
	u32 gone = 0, looked = 0;

	for (; l != &v->used && gone < most && looked < 4 * most + 64;
	     l = next, looked++) {
		struct buffer *b = LIST_OF(l, struct buffer, used);

		next = l->next;
		if (is_idle(b)) {
			buffer_free(b);
			gone++;
		}
	}
	return gone;
}

void buffers_drop(struct volume *v)
{
	for (struct list *l = v->used.next, *next; l != &v->used; l = next) {
		struct buffer *b = LIST_OF(l, struct buffer, used);

		next = l->next;
		buffer_wait(b);
		buffer_free(b);
	}
}
