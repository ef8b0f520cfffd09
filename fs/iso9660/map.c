/*
 * Where contents are: one extent, or several that are whole blocks but for
 * the last one.
 */
#include "record.h"

#define HOLE 0xFFFFFFFFu

/* An extent of a file's, its blocks counted from the file's beginning. */
struct extent {
	u32 first, count, block;
	bool is_last;
};

/* Where the next record of a file is. */
struct place {
	u32 block, at;
};

static i32 extent_of(const struct record *r, u32 first, struct extent *e)
{
	u32 bytes = r->bytes.low, block = r->extent.low + r->attribute_blocks;

	*e = (struct extent){
		.first = first,
		.count = bytes / BLOCK + (bytes % BLOCK != 0),
		.block = block,
		.is_last = !(r->flags & RECORD_GOES_ON),
	};
	if (bytes && !extent_ok(block, bytes))
		return -E_FORM;
	return e->is_last || bytes % BLOCK == 0 ? 0 : -E_FORM;
}

/* Parts of [at, at + count) that an extent has. */
static u32 run_add(const struct extent *e, u32 at, u32 end,
		   into struct filesystem_run *list, u32 n)
{
	u32 start = max(at, e->first), stop = min(end, e->first + e->count);
	struct filesystem_run run = { start, stop - start,
				      e->block + (start - e->first) };

	if (start >= stop)
		return n;
	give(list + n, &run, sizeof run);
	return n + 1;
}

static u32 hole_add(u32 at, u32 end, into struct filesystem_run *list, u32 n)
{
	struct filesystem_run run = { at, end - at, HOLE };

	give(list + n, &run, sizeof run);
	return n + 1;
}

static i32 runs_make(struct place p, u32 at, u32 end,
		     into struct filesystem_run *list, u32 room)
{
	const struct record *r;
	struct extent e = { 0 };
	u32 n = 0;
	i32 there = record_load(p.block, p.at, &r);

	for (u32 extents = 0; extents < EXTENTS_MOST; extents++) {
		RETURN_IF(there);
		if (!there)
			return -E_FORM;
		RETURN_IF(extent_of(r, e.first + e.count, &e));
		n = run_add(&e, at, end, list, n);
		if (n == room || e.first + e.count >= end)
			return (i32)(n * sizeof *list);
		if (e.is_last)
			break;
		there = record_next(&p.block, &p.at, &r);
	}
	n = hole_add(max(at, e.first + e.count), end, list, n);
	return (i32)(n * sizeof *list);
}

i32 filesystem_map(u32 inode, u32 at, u32 count, into u8 *runs, u32 room)
{
	static struct entry e;
	struct place p;

	RETURN_IF(operation_begin());
	if (!count || count > HOLE - at || room < sizeof(struct filesystem_run))
		return -E_RANGE;
	RETURN_IF(entry_get(inode, &e));
	if ((e.mode & MODE_KIND) != MODE_FILE)
		return -E_KIND;
	RETURN_IF(entry_place(inode, &p.block, &p.at));
	return runs_make(p, at, at + count, (into struct filesystem_run *)runs,
			 room / sizeof(struct filesystem_run));
}
