/* Gate `volume`: what a file system asks of the volume that it is on. */
#include "core.h"
#include "gates/bytes.h"
#include "gates/unwind.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/process/process.h"
#include "kernel/vfs/inode.h"
#include "kernel/volume/buffer.h"
#include "kernel/volume/journal.h"
#include "kernel/volume/transaction.h"

#define AHEAD_MOST 64u

/* The caller's volume, if an operation of its is what runs here. */
static struct volume *volume_here(void)
{
	struct generation *g = generation_asking();
	struct volume *v = g ? g->domain->volume : 0;

	return v && v->operator== thread_asking() ? v : 0;
}

i32 up_volume_facts(into struct volume_facts *found)
{
	struct volume *v = volume_here();
	struct instant now = instant_now();

	if (!v)
		return -E_DENIED;
	struct volume_facts facts = {
		.sectors = v->disk->sectors,
		.read_only = v->read_only,
		.seconds = now.seconds,
		.nanoseconds = now.nanoseconds,
	};
	return lend_give(found, &facts, sizeof(facts));
}

i32 up_volume_open(u32 block_size)
{
	struct volume *v = volume_here();

	if (!v)
		return -E_DENIED;
	return volume_size_set(v, block_size);
}

/* A block's contents as this operation sees them; NULL and *error. */
static const u8 *contents(struct volume *v, u32 block, i32 *error)
{
	struct buffer *b;

	*error = -E_RANGE;
	if (block >= v->blocks)
		return 0;
	*error = -E_AGAIN;
	b = buffer_make(v, block);
	if (b && frame_ok(b->staged))
		return direct(b->staged);
	if (b && b->state == BUFFER_VALID)
		return direct(b->now);
	if (b && b->state == BUFFER_FAILED) {
		b->state = BUFFER_EMPTY;
		*error = -E_DEVICE;
		return 0;
	}
	if (!b || buffer_read(b) < 0)
		v->starved = 1;
	else if (!v->missed)
		v->missed = b;
	return 0;
}

i32 up_volume_read(u32 block, u32 at, into u8 *data, u32 size)
{
	struct volume *v = volume_here();
	const u8 *bytes;
	i32 error;

	if (!v)
		return -E_DENIED;
	if (at > v->block_size || size > v->block_size - at)
		return -E_RANGE;
	bytes = contents(v, block, &error);
	return bytes ? lend_give(data, bytes + at, size) : error;
}

i32 up_volume_write(u32 block, u32 at, from u8 *data, u32 size)
{
	struct volume *v = volume_here();
	i32 error;
	u8 *bytes;

	if (!v)
		return -E_DENIED;
	if (at > v->block_size || size > v->block_size - at)
		return -E_RANGE;
	bytes = stage_block(v, block, at, size, &error);
	return bytes ? lend_take(bytes, data, size) : error;
}

i32 up_volume_clear(u32 block)
{
	struct volume *v = volume_here();
	i32 error;
	u8 *bytes;

	if (!v)
		return -E_DENIED;
	bytes = stage_block(v, block, 0, v->block_size, &error);
	if (bytes)
		memory_fill(bytes, 0, v->block_size);
	return error;
}

i32 up_volume_ahead(u32 block, u32 count)
{
	struct volume *v = volume_here();

	if (!v || block >= v->blocks)
		return 0;
	count = min(min(count, AHEAD_MOST), v->blocks - block);
	for (u32 n = block; n < block + count; n++) {
		struct buffer *b = buffer_make(v, n);

		if (!b || buffer_read(b) < 0)
			break;
	}
	return 0;
}

i32 up_volume_release(u32 block, u32 count)
{
	struct volume *v = volume_here();

	return v ? stage_release(v, block, count) : -E_DENIED;
}

i32 up_volume_privileged(void)
{
	if (!volume_here())
		return -E_DENIED;
	return !task_current() || process_privileged();
}

i32 up_volume_usable(u32 block, u32 count)
{
	struct volume *v = volume_here();

	if (!v)
		return -E_DENIED;
	if (block >= v->blocks || count > v->blocks - block)
		return -E_RANGE;
	for (u32 r = 0; r < v->release_count; r++) {
		const struct release *l = &v->releases[r];

		if (block >= l->block && block - l->block < l->count)
			return 0;
		if (l->block > block)
			count = min(count, l->block - block);
	}
	if (!v->journal)
		return (i32)count;
	count = set_gap(&v->held, block, count);
	return (i32)set_gap(&v->held_before, block, count);
}

i32 up_volume_journal(from u8 *runs, u32 size)
{
	struct volume *v = volume_here();
	u32 *list;
	i32 error;

	if (!v)
		return -E_DENIED;
	if (size % 8 || size > JOURNAL_RUNS * 8 || !size)
		return -E_FORM;
	list = heap_take_now(size);
	if (!list)
		return -E_MEMORY;
	error = lend_take(list, runs, size);
	if (error >= 0)
		error = journal_claim(v, list, size / 8);
	heap_give(list);
	return error;
}
