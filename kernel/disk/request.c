/*
 * Requests and the gate `request`: what drivers tell of those they were given.
 * A driver is not trusted with the core's memory: tags name one giving of one
 * request, are good for the driver that has it, and bounds are the request's.
 */
#include "kernel/disk/unit.h"

#include "gates/bytes.h"
#include "gates/unwind.h"
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/tsc.h"

#define TIME_OUT 10000000000ull /* ns until a request takes too long */

/* A tag: the request, its unit, and a number that no other giving has soon. */
#define TAG_UNIT(tag)	 ((tag) / REQUESTS % UNITS)
#define TAG_REQUEST(tag) ((tag) % REQUESTS)
#define SEQUENCES	 (0xFFFFFFFFu / (REQUESTS * UNITS) - 1)

static void list_move(struct list *from_list, struct list *to)
{
	while (!list_empty(from_list)) {
		struct list *l = from_list->next;

		list_remove(l);
		list_add_last(to, l);
	}
}

i32 requests_make(struct unit *u)
{
	for (u32 i = 0; i < REQUESTS; i++) {
		struct request *r = &u->requests[i];

		r->unit = u;
		list_init(&r->ios);
		if (i >= u->is.depth || !u->limits.pieces)
			continue;
		r->pieces =
			heap_take_now(u->limits.pieces * sizeof(*r->pieces));
		if (!r->pieces)
			return -E_MEMORY;
	}
	return 0;
}

void given_change(struct unit *u, i32 change)
{
	u->given += (u32)change;
	thread_expect(change);
}

static void request_give(struct request *r)
{
	struct unit *u = r->unit;

	u->sequence = (u->sequence + 1) % SEQUENCES;
	r->tag = (u->sequence + 1) * (REQUESTS * UNITS) + u->index * REQUESTS +
		 (u32)(r - u->requests);
	r->state = REQUEST_GIVEN;
	r->deadline = tsc_now() + TIME_OUT;
	given_change(u, 1);
}

static void request_take(struct request *r)
{
	if (r->state == REQUEST_GIVEN)
		given_change(r->unit, -1);
	r->tag = 0;
}

/* Make a request of what waits. */
static int request_fill(struct request *r, struct list *ended)
{
	struct batch b = { .pieces = r->pieces };
	struct unit *u = r->unit;
	i32 n;

	while ((n = queue_take(&u->queue, &u->limits, &b)) < 0)
		queue_moved(&u->queue, &b.ios, 0, ended);
	if (!n)
		return 0;
	list_move(&b.ios, &r->ios);
	r->how = (u8)b.how;
	r->sector = b.sector;
	r->count = b.count;
	r->piece_count = b.piece_count;
	r->tries = 0;
	return 1;
}

struct request *request_next(struct unit *u, struct list *ended)
{
	struct request *r, *room = 0;

	list_move(&u->refused, ended);
	for (u32 i = 0; i < u->is.depth; i++) {
		r = &u->requests[i];
		if (r->state == REQUEST_LOST && !r->copying) {
			request_give(r);
			return r;
		}
		if (r->state == REQUEST_FREE && !r->copying && !room)
			room = r;
	}
	while (room && request_fill(room, ended)) {
		request_give(room);
		if (room->how != IO_FLUSH || (u->is.flags & DISK_CACHES))
			return room;
		request_end(room, 0, ended);
	}
	return 0;
}

void request_end(struct request *r, i32 result, struct list *ended)
{
	request_take(r);
	r->state = REQUEST_FREE;
	if (r->how != IO_FLUSH) {
		queue_moved(&r->unit->queue, &r->ios, result ? 0 : r->count,
			    ended);
		return;
	}
	while (!list_empty(&r->ios)) {
		struct io *io = LIST_OF(r->ios.next, struct io, list);

		list_remove(&io->list);
		io->result = result ? -EIO : 0;
		list_add_last(ended, &io->list);
	}
}

int unit_hungry(const struct unit *u)
{
	return !(u->is.flags & DISK_ROWS) || u->given <= u->is.depth / 2;
}

void request_lose(struct request *r)
{
	request_take(r);
	r->state = REQUEST_LOST;
}

void requests_lose(struct unit *u)
{
	for (u32 i = 0; i < REQUESTS; i++)
		if (u->requests[i].state == REQUEST_GIVEN)
			request_lose(&u->requests[i]);
	u->full = 0;
}

/* Nobody gives requests meanwhile, nor moves bytes of those that are lost. */
static int lost_take(struct unit *u, struct list *ios)
{
	int busy = 0;

	for (u32 i = 0; i < REQUESTS; i++) {
		struct request *r = &u->requests[i];

		busy |= r->copying || r->state == REQUEST_GIVEN;
		if (r->state != REQUEST_LOST || r->copying)
			continue;
		r->state = REQUEST_FREE;
		list_move(&r->ios, ios);
	}
	return busy;
}

void unit_fail(struct unit *u)
{
	struct list ended;
	int busy;

	list_init(&ended);
	do {
		spin_lock(&u->lock);
		requests_lose(u);
		busy = lost_take(u, &ended);
		if (!busy)
			queue_take_all(&u->queue, &ended);
		spin_unlock(&u->lock);
		if (busy)
			thread_sleep(tsc_now() + 1000000);
	} while (busy);
	for (struct list *l = ended.next; l != &ended; l = l->next)
		LIST_OF(l, struct io, list)->result = -EIO;
	ios_end(&ended);
}

void ios_end(struct list *ended)
{
	while (!list_empty(ended)) {
		struct io *io = LIST_OF(ended->next, struct io, list);

		list_remove(&io->list);
		io->done(io);
	}
}

/* ---- what drivers tell ---- */

/* The request of that tag, if the caller has it: its unit is locked then. */
static struct request *request_of(u32 tag)
{
	struct generation *g = generation_asking();
	struct unit *u = units[TAG_UNIT(tag)];
	struct request *r;

	if (!u || !g || u->driver->block.domain != g->domain)
		return 0;
	r = &u->requests[TAG_REQUEST(tag)];
	spin_lock(&u->lock);
	if (tag && r->tag == tag && r->state == REQUEST_GIVEN && !g->dead)
		return r;
	spin_unlock(&u->lock);
	return 0;
}

/* While a thread of the driver still moves bytes, it is not done. */
i32 up_request_done(u32 tag, i32 result)
{
	struct request *r = request_of(tag);
	struct list ended;
	struct unit *u;
	int more;

	if (!r)
		return -E_NAME;
	u = r->unit;
	if (r->copying) {
		spin_unlock(&u->lock);
		return -E_BUSY;
	}
	list_init(&ended);
	request_end(r, result, &ended);
	u->full = 0;
	u->fruitless = 0;
	more = !queue_empty(&u->queue);
	for (u32 i = 0; i < u->is.depth; i++)
		more |= u->requests[i].state == REQUEST_LOST;
	more = more && unit_hungry(u);
	spin_unlock(&u->lock);
	ios_end(&ended);
	if (more)
		unit_go(u);
	return 0;
}

/*
 * The request's memory at `at`, to be moved without the lock: until copy_end
 * the request is not given again, and does not end. 0 or an error.
 */
static i32 copy_begin(u32 tag, u32 how, u32 at, u32 left, u32 *size,
		      u8 **memory)
{
	struct request *r = request_of(tag);
	i32 result = -E_RANGE;
	u32 bytes;

	if (!r)
		return -E_NAME;
	bytes = r->count * SECTOR;
	if (r->how == how && at <= bytes && left <= bytes - at &&
	    r->copying < 0xFF) {
		*memory = direct(
			(struct physical){ batch_memory(&r->ios, at, size) });
		*size = min(*size, left);
		if (*size) {
			r->copying++;
			result = 0;
		}
	}
	spin_unlock(&r->unit->lock);
	return result;
}

static void copy_end(u32 tag)
{
	struct unit *u = units[TAG_UNIT(tag)];
	struct request *r = &u->requests[TAG_REQUEST(tag)];
	int lost;

	spin_lock(&u->lock);
	r->copying--;
	lost = !r->copying && r->state == REQUEST_LOST;
	spin_unlock(&u->lock);
	if (lost)
		unit_go(u);
}

i32 up_request_put(u32 tag, u32 at, from u8 *data, u32 size)
{
	for (u32 done = 0, n = 0; done < size; done += n) {
		u8 *memory;
		i32 error = copy_begin(tag, IO_READ, at + done, size - done, &n,
				       &memory);

		if (error < 0)
			return error;
		error = lend_take(memory, data + done, n);
		copy_end(tag);
		if (error < 0)
			return error;
	}
	return (i32)size;
}

i32 up_request_get(u32 tag, u32 at, into u8 *data, u32 size)
{
	for (u32 done = 0, n = 0; done < size; done += n) {
		u8 *memory;
		i32 error = copy_begin(tag, IO_WRITE, at + done, size - done,
				       &n, &memory);

		if (error < 0)
			return error;
		error = lend_give(data + done, memory, n);
		copy_end(tag);
		if (error < 0)
			return error;
	}
	return (i32)size;
}
