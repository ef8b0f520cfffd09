/*
 * Holes become blocks: tables that are missing on the way are made, then as
 * many blocks in one piece as the hole and the last table have room for.
 */
#include "grow.h"

#include "allocate.h"
#include "cache.h"

#define PIECES_MOST \
	40u /* taken in one operation: each may be in a group of \
	     * its own */
#define BLOCKS_MOST 2048u
#define RUNS_MOST   64u

static u32 pieces; /* that the operation has taken */
static u32 goal; /* block after the last one that is known of the file */

/* Where the last piece was taken: a hint for who has no goal. */
static u32 recent;

static i32 piece_take(struct inode *i, u32 want, u32 *block, u32 *count)
{
	i32 error;

	pieces++;
	error = blocks_take(goal, want, block, count);
	RETURN_IF(error);
	goal = recent = *block + *count;
	i->raw.sectors += *count * fs.sectors;
	map_forget();
	return 0;
}

/* A table of no pointers. */
static i32 table_make(struct inode *i, u32 *block)
{
	u32 one;

	RETURN_IF(piece_take(i, 1, block, &one));
	return cache_clear(*block);
}

/* The last table on the way, made if it is missing, as are those above it. */
static i32 way_make(struct inode *i, const struct way *w, u32 *last)
{
	u32 *top = &i->raw.block[w->slot[0]], block = *top;

	if (!block) {
		RETURN_IF(table_make(i, &block));
		*top = block;
	}
	for (u32 level = 1; level < w->depth; level++) {
		u32 above = block, at = w->slot[level] * 4;

		RETURN_IF(blocks_check(above, 1));
		RETURN_IF(cache_read(above, at, &block, 4));
		if (block)
			continue;
		RETURN_IF(table_make(i, &block));
		RETURN_IF(cache_write(above, at, &block, 4));
	}
	*last = block;
	return blocks_check(block, 1);
}

static void pointers_set(u32 *list, u32 block, u32 count)
{
	for (u32 n = 0; n < count; n++)
		list[n] = block + n;
}

i32 hole_fill(struct inode *i, u32 at, u32 most, struct filesystem_run *run)
{
	static u32 list[TABLE_MOST];
	struct way w = way_to(at);
	u32 slot, last = 0, block, count;

	if (w.depth > LEVELS)
		return -E_RANGE;
	slot = w.slot[w.depth];
	if (w.depth)
		RETURN_IF(way_make(i, &w, &last));
	most = min(most, (w.depth ? fs.pointers : DIRECT) - slot);
	RETURN_IF(piece_take(i, most, &block, &count));
	*run = (struct filesystem_run){ at, count, block };
	if (!w.depth) {
		pointers_set(i->raw.block + slot, block, count);
		return 0;
	}
	pointers_set(list, block, count);
	return cache_write(last, slot * 4, list, count * 4);
}

/* The goal is behind the block before it, else in the inode's group. */
i32 grow_begin(const struct inode *i, u32 at)
{
	u32 group = (i->number - 1) / fs.group_inodes, block = 0;

	pieces = 0;
	if (at)
		RETURN_IF(map_block(i, at - 1, &block));
	goal = group_start(group);
	if (block)
		goal = block + 1;
	else if (recent >= goal && recent - goal < fs.group_blocks)
		goal = recent;
	return 0;
}

/* The runs of a range whose holes are filled, as far as one operation may.
 * *done: how many blocks they are. */
static i32 range_fill(struct inode *i, u32 at, u32 count, struct runs *list,
		      u32 *done)
{
	struct filesystem_run run;

	for (*done = 0; *done < count; *done += run.count) {
		u32 rest = count - *done;

		RETURN_IF(map_run(i, at + *done, rest, &run));
		if (run.block == HOLE) {
			i32 error;

			if (pieces + LEVELS >= PIECES_MOST ||
			    list->count == list->room)
				break; /* none comes that is not listed */
			error = hole_fill(i, run.at, run.count, &run);
			if (error == -E_FULL && *done)
				break;
			RETURN_IF(error);
		}
		goal = run.block + run.count;
		if (!runs_add(list, &run))
			break;
	}
	return 0;
}

/* The size that was asked for, as far as there are blocks. */
static i32 size_grow(struct inode *i, u64 size, u32 end)
{
	u64 most = (u64)end << fs.block_shift;

	size = min(size, max(most, inode_size(i)));
	return size > inode_size(i) ? inode_size_set(i, size) : 0;
}

static i32 file_get(u32 number, struct inode *i)
{
	RETURN_IF(inode_get(number, i));
	if (is_folder(i))
		return -E_FOLDER;
	return inode_kind(i) == MODE_FILE ? 0 : -E_KIND;
}

i32 filesystem_allocate(u32 inode, u32 at, u32 count, u32 size, u32 size_high,
			into u8 *runs, u32 room)
{
	static struct filesystem_run list[RUNS_MOST];
	struct runs found = { list, 0, min(room / 12, RUNS_MOST) };
	u64 wanted = (u64)size_high << 32 | size;
	struct inode i;
	u32 done;

	RETURN_IF(operation_begin(true));
	RETURN_IF(file_get(inode, &i));
	if (wanted > size_most())
		return -E_BIG;
	if (!found.room || !count || at + count < at)
		return -E_RANGE;
	RETURN_IF(grow_begin(&i, at));
	RETURN_IF(range_fill(&i, at, min(count, BLOCKS_MOST), &found, &done));
	RETURN_IF(size_grow(&i, wanted, at + done));
	RETURN_IF(inode_put(&i));
	give(runs, list, found.count * 12);
	return operation_end((i32)(found.count * 12));
}

i32 filesystem_map(u32 inode, u32 at, u32 count, into u8 *runs, u32 room)
{
	static struct filesystem_run list[RUNS_MOST];
	struct runs found = { list, 0, min(room / 12, RUNS_MOST) };
	struct filesystem_run run;
	struct inode i;
	u32 done = 0;

	RETURN_IF(operation_begin(false));
	RETURN_IF(file_get(inode, &i));
	if (!found.room || !count || at + count < at)
		return -E_RANGE;
	for (u32 n = 0; n < RUNS_MOST && done < count; n++) {
		RETURN_IF(map_run(&i, at + done, count - done, &run));
		if (!runs_add(&found, &run))
			break;
		done += run.count;
	}
	give(runs, list, found.count * 12);
	return (i32)(found.count * 12);
}
