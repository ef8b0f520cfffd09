/*
 * The block map, read. Upper tables are asked for the one pointer that leads
 * on, the last one for as many as are wanted.
 */
#include "map.h"

#include "cache.h"

/* Pointers of the last table looked at. */
static u32 table[TABLE_MOST];
static u32 table_block, table_from, table_end;

void map_forget(void)
{
	table_block = 0;
}

void map_begin(void)
{
	map_forget();
}

u32 way_shift(u32 depth)
{
	return depth * fs.pointer_shift;
}

struct way way_to(u32 at)
{
	u32 mask = fs.pointers - 1;
	struct way w = { 0 };

	if (at < DIRECT) {
		w.slot[0] = at;
		return w;
	}
	at -= DIRECT;
	for (w.depth = 1; w.depth <= LEVELS; w.depth++) {
		u32 shift = way_shift(w.depth);

		/* 1 << 30 blocks are below the last table of all */
		if (shift >= 32 || at >> shift == 0)
			break;
		at -= 1u << shift;
	}
	if (w.depth > LEVELS)
		return w;
	w.slot[0] = DIRECT + w.depth - 1;
	for (u32 level = 1; level <= w.depth; level++)
		w.slot[level] = at >> way_shift(w.depth - level) & mask;
	return w;
}

/* Blocks from the way's end to the end of what `tables` tables span. */
static u32 way_rest(const struct way *w, u32 tables)
{
	u32 rest = 1;

	for (u32 level = w->depth; level > w->depth - tables; level--)
		rest += (fs.pointers - 1 - w->slot[level])
			<< way_shift(w->depth - level);
	return rest;
}

static i32 table_load(u32 block, u32 from_here, u32 most)
{
	u32 count = min(most, fs.pointers - from_here);

	if (block == table_block && from_here >= table_from &&
	    from_here < table_end)
		return 0;
	map_forget();
	RETURN_IF(cache_read(block, from_here * 4, table, count * 4));
	table_block = block;
	table_from = from_here;
	table_end = from_here + count;
	return 0;
}

/* Length of the run that a list of pointers begins with. */
static u32 run_length(const u32 *list, u32 count)
{
	u32 n = 1, step = list[0] ? 1 : 0;

	while (n < count && list[n] == list[0] + n * step)
		n++;
	return n;
}

static i32 run_of(const u32 *list, u32 count, u32 at,
		  struct filesystem_run *run)
{
	*run = (struct filesystem_run){ at, run_length(list, count), HOLE };
	if (!list[0])
		return 0;
	run->block = list[0];
	return blocks_check(run->block, run->count);
}

i32 map_run(const struct inode *i, u32 at, u32 most, struct filesystem_run *run)
{
	struct way w = way_to(at);
	u32 block, slot;

	if (w.depth > LEVELS || !most)
		return -E_RANGE;
	slot = w.slot[w.depth];
	if (!w.depth)
		return run_of(i->raw.block + slot, min(most, DIRECT - slot), at,
			      run);
	block = i->raw.block[w.slot[0]];
	for (u32 level = 1; level <= w.depth; level++) {
		u32 rest = way_rest(&w, w.depth - level + 1);

		if (!block) {
			*run = (struct filesystem_run){ at, min(rest, most),
							HOLE };
			return 0;
		}
		RETURN_IF(blocks_check(block, 1));
		if (level < w.depth)
			RETURN_IF(cache_read(block, w.slot[level] * 4, &block,
					     4));
	}
	RETURN_IF(table_load(block, slot, most));
	return run_of(table + (slot - table_from), min(most, table_end - slot),
		      at, run);
}

i32 map_block(const struct inode *i, u32 at, u32 *block)
{
	struct filesystem_run run;

	RETURN_IF(map_run(i, at, 1, &run));
	*block = run.block == HOLE ? 0 : run.block;
	return 0;
}

static bool run_continues(const struct filesystem_run *last,
			  const struct filesystem_run *run)
{
	if (run->block == HOLE || last->block == HOLE)
		return run->block == last->block;
	return last->block + last->count == run->block;
}

bool runs_add(struct runs *r, const struct filesystem_run *run)
{
	if (r->count && run_continues(&r->list[r->count - 1], run)) {
		r->list[r->count - 1].count += run->count;
		return true;
	}
	if (r->count == r->room)
		return false;
	r->list[r->count++] = *run;
	return true;
}

i32 inode_blocks(const struct inode *i, u32 most, u32 *count)
{
	u64 size = inode_size(i) + fs.block_size - 1;

	if (size >> fs.block_shift > most)
		return -E_FORM;
	*count = (u32)(size >> fs.block_shift);
	return 0;
}
