/*
 * Where contents are, for the core, and room for more of them.
 */
#include "chain.h"
#include "inode.h"
#include "kept.h"
#include "table.h"

/* Runs of one list, joined where one continues another. */
struct runs {
	into u8 *list;
	u32 room, bytes;
	struct filesystem_run last; /* not in the list yet */
};

static bool run_continues(const struct filesystem_run *last,
			  const struct filesystem_run *run)
{
	if (run->block == HOLE || last->block == HOLE)
		return run->block == last->block;
	return last->block + last->count == run->block;
}

static void runs_flush(struct runs *r)
{
	if (!r->last.count)
		return;
	give(r->list + r->bytes, &r->last, sizeof r->last);
	r->bytes += (u32)sizeof r->last;
	r->last.count = 0;
}

/* False: there is no room for another one. */
static bool runs_add(struct runs *r, const struct filesystem_run *run)
{
	if (r->last.count && run_continues(&r->last, run)) {
		r->last.count += run->count;
		return true;
	}
	runs_flush(r);
	if (r->room - r->bytes < sizeof *run)
		return false;
	r->last = *run;
	return true;
}

static i32 runs_give(u32 first, u32 at, u32 count, into u8 *list, u32 room)
{
	struct runs runs = { .list = list, .room = room };
	struct filesystem_run run;
	i32 error = 0;

	while (count && error == 0) {
		error = chain_run(first, at, count, &run);
		if (error < 0 || !runs_add(&runs, &run))
			break;
		at += run.count;
		count -= run.count;
	}
	runs_flush(&runs);
	return runs.bytes ? (i32)runs.bytes : error;
}

static i32 file_get(u32 inode, struct inode *i)
{
	RETURN_IF(inode_get(inode, i));
	return is_folder(i) ? -E_FOLDER : 0;
}

static i32 runs_check(u32 at, u32 count, u32 room)
{
	if (!count || count > HOLE - at || room < sizeof(struct filesystem_run))
		return -E_RANGE;
	return 0;
}

i32 filesystem_map(u32 inode, u32 at, u32 count, into u8 *runs, u32 room)
{
	struct inode i;

	RETURN_IF(operation_begin(false));
	RETURN_IF(runs_check(at, count, room));
	RETURN_IF(file_get(inode, &i));
	return runs_give(record_cluster(&i.record), at, count, runs, room);
}

/* Make the chain of i so many clusters long, or as long as can be: *length
 * is what it is then. */
static i32 file_grow(struct inode *i, u32 wanted, u32 *length)
{
	u32 first = record_cluster(&i->record), last, cluster;
	i32 error = chain_last(first, &last, length);

	RETURN_IF(error);
	while (*length < wanted && cells_may_change()) {
		error = chain_append(first, last, *length, fs.end, &cluster);
		if (error == -E_FULL)
			break;
		RETURN_IF(error);
		if (!first) {
			first = cluster;
			record_cluster_set(&i->record, first);
		}
		last = cluster;
		++*length;
	}
	return error;
}

i32 filesystem_allocate(u32 inode, u32 at, u32 count, u32 size, u32 size_high,
			into u8 *runs, u32 room)
{
	u32 shift = fs.cluster_shift - fs.block_shift, wanted, length, blocks;
	struct inode i;
	i32 error;

	RETURN_IF(operation_begin(true));
	RETURN_IF(runs_check(at, count, room));
	RETURN_IF(file_get(inode, &i));
	shift = (u32)fs.cluster_shift - fs.block_shift;
	if (size_high || (at + count - 1) >> (32 - fs.block_shift))
		return -E_FULL;
	wanted = ((at + count - 1) >> shift) + 1;
	error = file_grow(&i, wanted, &length);
	if (error < 0 && error != -E_FULL)
		return error;
	blocks = length << shift;
	if (blocks <= at)
		return error ? error : -E_BIG;
	if (blocks < at + count)
		size = min(size, blocks << fs.block_shift);
	i.record.size = max(i.record.size, size);
	i.record.attributes |= RECORD_ARCHIVE;
	RETURN_IF(inode_put(&i));
	error = runs_give(record_cluster(&i.record), at,
			  min(count, blocks - at), runs, room);
	return operation_end(error);
}
