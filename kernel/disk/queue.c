/*
 * Waiting transfers. The list is sorted by sectors; a cursor goes up through
 * it, so that what lies next to each other is found next to each other.
 */
#include "kernel/disk/queue.h"

#include "kernel/linux/errno.h"

#define IO_OF(l) LIST_OF(l, struct io, list)

u32 io_at(const struct io *io)
{
	return io->disk->first + io->sector + io->moved;
}

u32 io_left(const struct io *io)
{
	return io->count - io->moved;
}

void queue_init(struct queue *q)
{
	list_init(&q->sorted);
	list_init(&q->flushes);
	q->next = &q->sorted;
	q->at = 0;
}

int queue_empty(const struct queue *q)
{
	return list_empty(&q->sorted) && list_empty(&q->flushes);
}

void queue_add(struct queue *q, struct io *io)
{
	struct list *before = q->sorted.prev;

	if (io->how == IO_FLUSH) {
		list_add_last(&q->flushes, &io->list);
		return;
	}
	while (before != &q->sorted && io_at(IO_OF(before)) > io_at(io))
		before = before->prev;
	list_add_first(before, &io->list);
	if (io->list.next == q->next && io_at(io) >= q->at)
		q->next = &io->list;
}

/* Physical address of byte `at` of a transfer, and how many lie there. */
static u32 io_memory(const struct io *io, u32 at, u32 *size)
{
	for (u32 i = 0; i < io->piece_count; i++) {
		const struct io_piece *p = &io->pieces[i];

		if (at < p->bytes) {
			*size = p->bytes - at;
			return p->address + at;
		}
		at -= p->bytes;
	}
	*size = 0;
	return 0;
}

/* One more run of memory; false: it would be too many. */
static int piece_add(struct batch *b, const struct limits *limits, u32 address,
		     u32 bytes)
{
	struct io_piece *last = b->pieces + b->piece_count - 1;

	if (b->piece_count && last->address + last->bytes == address) {
		last->bytes += bytes;
		return 1;
	}
	if (b->piece_count == limits->pieces)
		return 0;
	b->pieces[b->piece_count++] = (struct io_piece){ address, bytes };
	return 1;
}

/* Runs of memory are taken back until `bytes` are left. */
static void pieces_cut(struct batch *b, u32 bytes)
{
	u32 i = 0;

	while (i < b->piece_count && bytes) {
		if (b->pieces[i].bytes > bytes)
			b->pieces[i].bytes = bytes;
		bytes -= b->pieces[i++].bytes;
	}
	b->piece_count = i;
}

/* Sectors of what is left of `io` that fit into b besides what is there. */
static u32 io_fit(struct batch *b, const struct limits *limits,
		  const struct io *io)
{
	u32 most = limits->most - b->count, left = io_left(io);
	u32 want = (left < most ? left : most) * SECTOR, done = 0;
	u32 first = io->moved * SECTOR;

	if (!limits->pieces)
		return want / SECTOR;
	while (done < want) {
		u32 size, address = io_memory(io, first + done, &size);

		if (size > want - done)
			size = want - done;
		if (!size || !piece_add(b, limits, address, size))
			break;
		done += size;
	}
	return done / SECTOR;
}

static void io_take(struct queue *q, struct batch *b, struct io *io)
{
	q->next = io->list.next;
	list_remove(&io->list);
	list_add_last(&b->ios, &io->list);
}

/* The first one, or as much of it as will do. */
static i32 first_take(struct queue *q, const struct limits *limits,
		      struct batch *b)
{
	struct io *io = IO_OF(q->next);

	b->how = io->how;
	b->sector = io_at(io);
	b->count = io_fit(b, limits, io);
	b->count -= b->count % limits->align;
	if (limits->pieces)
		pieces_cut(b, b->count * SECTOR);
	io_take(q, b, io);
	q->at = b->sector + b->count;
	return b->count ? 1 : -1;
}

/* Further ones, whole or not at all. */
static void others_take(struct queue *q, const struct limits *limits,
			struct batch *b)
{
	while (q->next != &q->sorted) {
		struct io *io = IO_OF(q->next);
		u32 left = io_left(io);

		if (io->how != b->how || io->alone || io_at(io) != q->at ||
		    left > limits->most - b->count)
			return;
		if (io_fit(b, limits, io) != left) {
			pieces_cut(b, b->count * SECTOR);
			return;
		}
		io_take(q, b, io);
		b->count += left;
		q->at += left;
	}
}

i32 queue_take(struct queue *q, const struct limits *limits, struct batch *b)
{
	struct io *first;
	i32 r;

	list_init(&b->ios);
	b->sector = b->count = b->piece_count = 0;
	if (!list_empty(&q->flushes)) {
		b->how = IO_FLUSH;
		while (!list_empty(&q->flushes)) {
			struct list *l = q->flushes.next;

			list_remove(l);
			list_add_last(&b->ios, l);
		}
		return 1;
	}
	if (list_empty(&q->sorted))
		return 0;
	if (q->next == &q->sorted)
		q->next = q->sorted.next;
	first = IO_OF(q->next);
	r = first_take(q, limits, b);
	if (r > 0 && !first->alone && io_left(first) == b->count)
		others_take(q, limits, b);
	return r;
}

void queue_take_all(struct queue *q, struct list *ios)
{
	struct list *const lists[] = { &q->flushes, &q->sorted };

	for (u32 i = 0; i < 2; i++)
		while (!list_empty(lists[i])) {
			struct list *l = lists[i]->next;

			list_remove(l);
			list_add_last(ios, l);
		}
	q->next = &q->sorted;
}

static void io_end(struct io *io, i32 result, struct list *ended)
{
	io->result = result;
	list_add_last(ended, &io->list);
}

void queue_moved(struct queue *q, struct list *ios, u32 count,
		 struct list *ended)
{
	int several = ios->next != ios->prev;

	while (!list_empty(ios)) {
		struct io *io = IO_OF(ios->next);
		u32 part = io_left(io) < count ? io_left(io) : count;

		list_remove(&io->list);
		io->moved += part;
		count -= part;
		if (part ? !io_left(io) : !several) {
			io_end(io, part ? 0 : -EIO, ended);
			continue;
		}
		io->alone = !part;
		queue_add(q, io);
	}
}

u32 batch_memory(const struct list *ios, u32 at, u32 *size)
{
	for (const struct list *l = ios->next; l != ios; l = l->next) {
		const struct io *io = LIST_OF(l, struct io, list);
		u32 bytes = io_left(io) * SECTOR;

		if (at < bytes)
			return io_memory(io, io->moved * SECTOR + at, size);
		at -= bytes;
	}
	*size = 0;
	return 0;
}
