/* Writing a transaction: revokes, descriptors with what they describe, and,
 * when all that is on the disk for good, the block that makes it count. */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/space/cache.h"
#include "kernel/vfs/inode.h"
#include "kernel/volume/cache_ask.h"
#include "kernel/volume/journal.h"
#include "kernel/volume/transaction.h"
#include "kernel/volume/writes.h"

#define BATCH 1024u /* blocks given to the domain at once */

u32 journal_need(const struct volume *v, u32 blocks, u32 revokes)
{
	u32 tags = v->block_size / 8 - 4; /* of a descriptor, at least */

	return blocks + blocks / tags + revokes / (2 * tags) + 4;
}

u32 journal_room(const struct volume *v)
{
	const struct journal *j = v->journal;

	return j->log.length - j->log.first - j->used;
}

/* A new block of the log: zeroed, to be filled. */
static struct physical block_make(void)
{
	return frame_take_user(1);
}

static void block_put(struct volume *v, struct writes *w, struct physical p)
{
	struct journal *j = v->journal;

	writes_add(w, journal_place(v, j->head), p);
	j->head = journal_next(v, j->head);
	j->used++;
}

/* One of the log's own; its frame is let go. */
static void own_put(struct volume *v, struct writes *w, struct physical p)
{
	block_put(v, w, p);
	frame_drop(p);
}

/* What a block is to be: as it is, unless it looks like one of the log's. */
static i32 contents_put(struct volume *v, struct writes *w, struct physical p)
{
	struct physical copy;

	if (*(u32 *)direct(p) != v->journal->log.escape) {
		block_put(v, w, p);
		return 0;
	}
	copy = block_make();
	if (!frame_ok(copy))
		return -ENOMEM;
	memory_copy(direct(copy), direct(p), v->block_size);
	*(u32 *)direct(copy) = 0;
	own_put(v, w, copy);
	return 0;
}

/* A descriptor for the first of `blocks`, and these. How many, or -errno. */
static i32 batch_put(struct volume *v, struct writes *w, u32 *pairs,
		     const struct journal_block *blocks, u32 count)
{
	struct physical p = block_make();
	i32 n, r = 0;

	if (!frame_ok(p))
		return -ENOMEM;
	count = min(count, BATCH);
	for (u32 i = 0; i < count; i++) {
		pairs[2 * i] = blocks[i].buffer->block;
		pairs[2 * i + 1] = *(u32 *)direct(blocks[i].frame);
	}
	n = cache_describe(v->journal->log.sequence, pairs, count, direct(p),
			   v->block_size);
	if (n <= 0 || (u32)n > count) {
		frame_drop(p);
		return -EIO;
	}
	own_put(v, w, p);
	for (i32 i = 0; i < n && r == 0; i++)
		r = contents_put(v, w, blocks[i].frame);
	return r < 0 ? r : n;
}

static i32 blocks_put(struct volume *v, struct writes *w,
		      const struct journal_block *blocks, u32 count)
{
	u32 *pairs = heap_take_user(BATCH * 8);
	i32 n = 0;

	for (u32 i = 0; i < count && n >= 0; i += (u32)n)
		n = batch_put(v, w, pairs, blocks + i, count - i);
	heap_give(pairs);
	return n < 0 ? n : 0;
}

static i32 revokes_put(struct volume *v, struct writes *w, const u32 *revokes,
		       u32 count)
{
	for (u32 i = 0; i < count;) {
		struct physical p = block_make();
		i32 n;

		if (!frame_ok(p))
			return -ENOMEM;
		n = cache_revoke(v->journal->log.sequence, revokes + i,
				 count - i, direct(p), v->block_size);
		if (n <= 0 || (u32)n > count - i) {
			frame_drop(p);
			return -EIO;
		}
		own_put(v, w, p);
		i += (u32)n;
	}
	return 0;
}

static i32 end_put(struct volume *v)
{
	struct instant now = instant_now();
	struct physical p = block_make();
	struct writes w;
	i32 r;

	if (!frame_ok(p))
		return -ENOMEM;
	r = cache_commit(v->journal->log.sequence, now.seconds,
			 now.nanoseconds, direct(p), v->block_size);
	writes_begin(&w, v);
	if (r >= 0)
		own_put(v, &w, p);
	else
		frame_drop(p);
	return r < 0 ? -EIO : writes_end(&w, 1);
}

i32 journal_commit(struct volume *v, const struct journal_block *blocks,
		   u32 count, const u32 *revokes, u32 revoke_count)
{
	struct journal *j = v->journal;
	struct writes w;
	i32 r = 0, written;

	if (!j->begun) {
		r = journal_begin_at(v, j->head, j->log.sequence);
		j->begun = r == 0;
	}
	writes_begin(&w, v);
	if (r == 0)
		r = revokes_put(v, &w, revokes, revoke_count);
	if (r == 0)
		r = blocks_put(v, &w, blocks, count);
	written = writes_end(&w, 1);
	if (r == 0)
		r = written;
	if (r == 0)
		r = end_put(v);
	if (r < 0)
		return -EIO;
	j->log.sequence++;
	return 0;
}
