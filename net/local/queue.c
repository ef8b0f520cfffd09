/*
 * What waits to be received: chunks of a page, from a list of free ones that
 * grows as kept memory does. A stream fills up its last chunk; a record begins
 * a new one. A chunk that becomes free is not touched: the queue that had it
 * is, and the next generation makes its list of what no queue has.
 */
#include "sockets.h"

#define HEADER	offsetof(struct chunk, bytes)
#define GROWTH	8u /* chunks */
#define CHUNKS	2048u /* as local.dom states it */

_Static_assert(sizeof(struct chunk) == 4096, "a page");

static struct chunk *chunks; /* all of them */
static struct chunk *spare;
static u32 spare_count;
static u32 taken[CHUNKS / 32];

static void chunk_give(struct chunk *c)
{
	c->next = spare;
	spare = c;
	spare_count++;
}

static void queue_mark(struct socket *s)
{
	for (const struct chunk *c = s->queue.first; c; c = c->next)
		taken[(c - chunks) / 32] |= 1u << (c - chunks) % 32;
}

void chunks_start(void *first)
{
	u32 end = (u32)memory_kept() + (u32)memory_kept_size();
	u32 count = (end - (u32)first) / sizeof(struct chunk);

	chunks = first;
	sockets_each(queue_mark);
	while (count--)
		if (!(taken[count / 32] & 1u << count % 32))
			chunk_give(&chunks[count]);
}

/* Make sure that so many can be taken. */
static bool chunks_reserve(u32 count)
{
	while (spare_count < count) {
		i32 at = memory_kept_grow(GROWTH * sizeof(struct chunk));

		if (at < 0)
			return false;
		for (u32 i = GROWTH; i-- > 0;)
			chunk_give((struct chunk *)at + i);
	}
	return true;
}

static struct chunk *chunk_take(void)
{
	struct chunk *c;

	if (!chunks_reserve(1))
		return NULL;
	c = spare;
	spare = c->next;
	spare_count--;
	memset(c, 0, HEADER);
	return c;
}

static void queue_append(struct queue *q, struct chunk *c)
{
	if (q->last) {
		q->last->next = c;
		touch(q->last, HEADER);
	} else {
		q->first = c;
	}
	q->last = c;
	q->chunks++;
}

static void queue_drop_first(struct queue *q)
{
	struct chunk *c = q->first;

	q->bytes -= c->end - c->begin;
	q->first = c->next;
	if (!q->first)
		q->last = NULL;
	q->chunks--;
	chunk_give(c);
}

void queue_clear(struct queue *q)
{
	while (q->first) {
		if (q->first->rights)
			notice_lost(q->first->rights);
		queue_drop_first(q);
	}
}

static void chunk_fill(struct queue *q, struct chunk *c, from u8 *data, u32 n)
{
	take(c->bytes + c->end, data, n);
	touch(c, HEADER);
	touch(c->bytes + c->end, n);
	c->end = (u16)(c->end + n);
	q->bytes += n;
}

static bool same_sender(const struct chunk *c, const struct sending *how)
{
	return c->sender.process == how->who.process &&
	       c->sender.uid == how->who.uid;
}

/* How many bytes of a stream's are taken into its last chunk. */
static u32 fill_last(struct socket *to, const struct sending *how,
		     from u8 *data, u32 size)
{
	struct chunk *c = to->queue.last;
	u32 n;

	if (to->kind != STREAM || !c || how->rights || !same_sender(c, how))
		return 0;
	n = min(size, CHUNK_BYTES - c->end);
	if (n)
		chunk_fill(&to->queue, c, data, n);
	return n;
}

static void chunk_label(struct chunk *c, const struct sending *how, u32 whole,
			u32 done)
{
	c->sender = how->who;
	c->source = socket_number(how->source);
	c->source_use = how->source->use;
	c->rights = done ? 0 : how->rights;
	c->first = !done;
	c->whole = whole;
}

static u32 room_left(const struct socket *to)
{
	u32 used = to->queue.bytes;

	return used < to->room && to->queue.chunks < to->room / 1024 ?
		       to->room - used :
		       0;
}

i32 queue_put(struct socket *to, const struct sending *how, from u8 *data,
	      u32 size)
{
	bool record = to->kind != STREAM;
	u32 room = room_left(to), n = size, done;

	if (record && size > to->room)
		return -E_BIG;
	if (record ? (size > room || !room) : (!room && size))
		return -E_AGAIN;
	if (!record)
		n = min(size, room);
	if (record && !chunks_reserve(n / CHUNK_BYTES + 1))
		return -E_MEMORY;
	touch(to, sizeof(*to));
	done = fill_last(to, how, data, n);
	while (done < n || (record && !n)) {
		struct chunk *c = chunk_take();
		u32 part = min(n - done, CHUNK_BYTES);

		if (!c)
			return done ? (i32)done : -E_MEMORY;
		chunk_label(c, how, n, done);
		touch(c, HEADER);
		if (part)
			chunk_fill(&to->queue, c, data + done, part);
		done += part;
		c->last = done == n;
		queue_append(&to->queue, c);
		if (!n)
			break;
	}
	return (i32)n;
}

/* Bytes of one chunk; false when the caller's buffer is full or it ends. */
static u32 chunk_get(struct chunk *c, into u8 *data, u32 room)
{
	u32 n = min((u32)(c->end - c->begin), room);

	if (n)
		give(data, c->bytes + c->begin, n);
	return n;
}

static u32 stream_get(struct queue *q, into u8 *data, u32 room, bool keep)
{
	struct chunk *c = q->first;
	u32 done = 0;

	while (c && done < room && !(done && c->rights)) {
		struct chunk *next = c->next;
		u32 n = chunk_get(c, data + done, room - done);

		done += n;
		if (!keep) {
			c->begin = (u16)(c->begin + n);
			c->rights = 0;
			touch(c, HEADER);
			q->bytes -= n;
			if (c->begin == c->end)
				queue_drop_first(q);
		}
		c = next;
	}
	return done;
}

static u32 record_get(struct queue *q, into u8 *data, u32 room, bool keep)
{
	struct chunk *c = q->first;
	u32 done = 0;
	bool last = false;

	while (c && !last) {
		struct chunk *next = c->next;

		if (done < room)
			done += chunk_get(c, data + done, room - done);
		last = c->last;
		if (!keep)
			queue_drop_first(q);
		c = next;
	}
	return done;
}

u32 queue_get(struct socket *s, into u8 *data, u32 room, bool keep)
{
	if (!keep)
		touch(s, sizeof(*s));
	return s->kind == STREAM ? stream_get(&s->queue, data, room, keep) :
				   record_get(&s->queue, data, room, keep);
}
