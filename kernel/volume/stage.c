/*
 * Staging: an operation's writes go to copies of its blocks. When it returned
 * well they replace the blocks, and these belong to the running transaction.
 * A few bytes of a block that is the running transaction's already are written
 * in place, and what was there is noted, to be put back.
 */
#include "kernel/volume/buffer.h"

#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/volume/transaction.h"

/* What was at byte `at` of a block before the operation. */
struct undo {
	struct buffer *buffer;
	u32 at, size;
	u8 bytes[];
};

static u32 undo_bytes(u32 size)
{
	return ((u32)sizeof(struct undo) + size + 7) & ~3u; /* and its size */
}

/* Note what will be overwritten: is there room for it, and is the block no
 * longer what somebody else reads? */
static int undo_note(struct buffer *b, u32 at, u32 size)
{
	struct volume *v = b->volume;
	u32 bytes = undo_bytes(size);
	struct undo *u = (struct undo *)(v->undo + v->undo_used);

	if (!(b->flags & BUFFER_RUNNING) || b->state != BUFFER_VALID ||
	    size > UNDO_SIZE || bytes > UNDO_BYTES - v->undo_used ||
	    frame_shares(b->now) != 1)
		return 0;
	u->buffer = b;
	u->at = at;
	u->size = size;
	memory_copy(u->bytes, (u8 *)direct(b->now) + at, size);
	v->undo_used += bytes;
	*(u32 *)(v->undo + v->undo_used - 4) = bytes;
	return 1;
}

/* The last note first: what was there before all of them is there again. */
static void undo_all(struct volume *v)
{
	while (v->undo_used) {
		u32 bytes = *(u32 *)(v->undo + v->undo_used - 4);
		struct undo *u;

		v->undo_used -= bytes;
		u = (struct undo *)(v->undo + v->undo_used);
		memory_copy((u8 *)direct(u->buffer->now) + u->at, u->bytes,
			    u->size);
	}
}

/* What the copy begins with. 0, or -E_...; misses and hunger are noted. */
static i32 stage_fill(struct buffer *b, int whole)
{
	struct volume *v = b->volume;

	if (b->state == BUFFER_VALID || whole) {
		b->staged = frame_take_shared(0);
		v->starved |= !frame_ok(b->staged);
		if (v->starved)
			return -E_AGAIN;
		if (!whole)
			memory_copy(direct(b->staged), direct(b->now),
				    v->block_size);
		return 0;
	}
	if (b->state == BUFFER_FAILED) {
		b->state = BUFFER_EMPTY;
		return -E_DEVICE;
	}
	v->starved |= buffer_read(b) < 0;
	if (!v->missed)
		v->missed = b;
	return -E_AGAIN;
}

static i32 may_stage(const struct volume *v, u32 block)
{
	if (v->failed)
		return -E_DEVICE;
	if (v->read_only || !v->changes)
		return -E_DENIED;
	return block < v->blocks ? 0 : -E_RANGE;
}

u8 *stage_block(struct volume *v, u32 block, u32 at, u32 size, i32 *error)
{
	int whole = size == v->block_size;
	struct buffer *b = 0;

	*error = may_stage(v, block);
	if (*error < 0)
		return 0;
	b = buffer_make(v, block);
	if (!b) {
		v->starved = 1;
		*error = -E_AGAIN;
		return 0;
	}
	if (frame_ok(b->staged))
		return (u8 *)direct(b->staged) + at;
	if (undo_note(b, at, size))
		return (u8 *)direct(b->now) + at;
	/* a read that is on its way would come too late */
	if (b->state == BUFFER_READING) {
		v->missed = v->missed ? v->missed : b;
		*error = -E_AGAIN;
		return 0;
	}
	if (v->staged_count == STAGED_MOST)
		*error = -E_BIG;
	else
		*error = stage_fill(b, whole);
	if (*error < 0)
		return 0;
	list_add_last(&v->staged, &b->stage);
	v->staged_count++;
	return (u8 *)direct(b->staged) + at;
}

i32 stage_release(struct volume *v, u32 block, u32 count)
{
	i32 error = may_stage(v, block);

	if (error < 0)
		return error;
	if (!count || count > v->blocks - block)
		return -E_RANGE;
	if (v->release_count == RELEASES_MOST)
		return -E_BIG;
	if (set_prepare(&v->held, block, count) < 0 ||
	    set_prepare(&v->revokes, block, count) < 0) {
		v->starved = 1;
		return -E_AGAIN;
	}
	v->releases[v->release_count++] = (struct release){ block, count };
	return 0;
}

/* ---- it returned well ---- */

/* `staged` is the block now, in the running transaction. */
static void publish(struct buffer *b)
{
	struct volume *v = b->volume;

	if (b->flags & BUFFER_RUNNING) {
		frame_drop(b->now);
	} else {
		b->before = b->state == BUFFER_VALID ? b->now : FRAME_NONE;
		if (b->state != BUFFER_VALID && frame_ok(b->now))
			frame_drop(b->now);
		b->flags |= BUFFER_RUNNING;
		list_add_last(&v->running, &b->running);
		v->running_count++;
		set_remove(&v->revokes, b->block);
	}
	b->now = b->staged;
	b->staged = FRAME_NONE;
	b->state = BUFFER_VALID;
}

static void running_end(struct buffer *b)
{
	list_remove(&b->running);
	b->volume->running_count--;
	b->flags &= (u8)~BUFFER_RUNNING;
	if (frame_ok(b->now))
		frame_drop(b->now);
	b->now = b->before;
	b->before = FRAME_NONE;
	b->state = frame_ok(b->now) ? BUFFER_VALID : BUFFER_EMPTY;
}

/*
 * Nobody needs the block any more, and nothing may be written over whatever
 * it will hold next: not from here, and not by a replay of the journal. Until
 * this transaction is committed, what was committed before still goes home.
 */
static void release(struct volume *v, struct buffer *b)
{
	if (b->flags & BUFFER_RUNNING)
		running_end(b);
	if (b->flags & (BUFFER_COMMITTING | BUFFER_HOME))
		set_add(&v->revokes, b->block);
	else if (!b->pins && b->state != BUFFER_READING)
		buffer_free(b);
}

static void releases_publish(struct volume *v)
{
	for (u32 r = 0; r < v->release_count; r++) {
		u32 end = v->releases[r].block + v->releases[r].count;

		for (u32 n = v->releases[r].block; n < end; n++) {
			struct buffer *b = buffer_find(v, n);

			if (v->journal)
				set_add(&v->held, n);
			if (b)
				release(v, b);
		}
	}
}

void stage_publish(struct volume *v)
{
	u32 any = v->staged_count + v->release_count + v->undo_used;

	while (!list_empty(&v->staged)) {
		struct buffer *b =
			LIST_OF(v->staged.next, struct buffer, stage);

		list_remove(&b->stage);
		publish(b);
	}
	releases_publish(v);
	v->staged_count = v->release_count = v->undo_used = 0;
	if (any)
		transaction_changed(v);
}

void stage_drop(struct volume *v)
{
	undo_all(v);
	while (!list_empty(&v->staged)) {
		struct buffer *b =
			LIST_OF(v->staged.next, struct buffer, stage);

		list_remove(&b->stage);
		frame_drop(b->staged);
		b->staged = FRAME_NONE;
	}
	v->staged_count = v->release_count = 0;
}
