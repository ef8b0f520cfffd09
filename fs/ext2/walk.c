/*
 * Directories, read: block after block.
 */
#include "folder.h"

#define AHEAD 64u /* blocks asked for at once */

i32 walk_begin(struct walk *w, const struct inode *dir, u32 first)
{
	*w = (struct walk){ .dir = dir, .next = first };
	return inode_blocks(dir, FOLDER_BLOCKS_MOST, &w->count);
}

/* The run that the next block is in; holes are stepped over. */
static i32 walk_run(struct walk *w)
{
	struct filesystem_run *r = &w->run;

	while (w->next < w->count && w->next - r->at >= r->count) {
		RETURN_IF(map_run(w->dir, w->next, w->count - w->next, r));
		if (r->block == HOLE) {
			w->next += r->count;
			r->count = 0;
		}
	}
	return w->next < w->count;
}

i32 walk_on(struct walk *w)
{
	i32 more = walk_run(w);
	u32 in_run;

	if (more <= 0)
		return more;
	in_run = w->next - w->run.at;
	w->block = w->run.block + in_run;
	if (in_run % AHEAD == 0 && w->run.count - in_run > 1 &&
	    !folder_loaded(w->block))
		volume_ahead(w->block, min(AHEAD, w->run.count - in_run));
	w->next++;
	RETURN_IF(folder_load(w->block));
	return 1;
}

/* Is this record one of a directory's own two? */
static bool is_dots(u32 at)
{
	const struct record *r = record_at(at);
	const char *name = record_name(at);

	return r->length <= 2 && name[0] == '.' &&
	       (r->length == 1 || name[1] == '.');
}

/* What a record leads to, as the gate lists it; 0 if it makes no sense. */
static u32 entry_make(u8 *to, u32 at, u32 next)
{
	static const u8 kinds[8] = { 0,
				     MODE_FILE >> 12,
				     MODE_FOLDER >> 12,
				     MODE_CHARACTER >> 12,
				     MODE_BLOCK >> 12,
				     MODE_FIFO >> 12,
				     MODE_SOCKET >> 12,
				     MODE_LINK >> 12 };
	const struct record *r = record_at(at);
	const char *name = record_name(at);

	if (!inode_number_ok(r->inode) || is_dots(at))
		return 0;
	for (u32 n = 0; n < r->length; n++)
		if (!name[n] || name[n] == '/')
			return 0;
	memcpy(to, &r->inode, 4);
	memcpy(to + 4, &next, 4);
	to[8] = kinds[r->type & 7];
	to[9] = r->length;
	memcpy(to + 10, name, r->length);
	return 10u + r->length;
}

/* Records of the block in memory, those at `at` and behind it, from byte
 * `start` of the directory; returns 1 if there was no room for one. */
static i32 block_list(u32 start, u32 at, into u8 *list, u32 room, u32 *done)
{
	for (u32 n = 0; n < fs.block_size; n += record_at(n)->size) {
		u8 entry[10 + NAME_MOST];
		u32 size;

		if (start + n < at || !record_at(n)->inode)
			continue;
		size = entry_make(entry, n, start + n + record_at(n)->size);
		if (size > room - *done)
			return 1;
		if (size)
			give(list + *done, entry, size);
		*done += size;
	}
	return 0;
}

i32 filesystem_entries(u32 dir, u32 at, into u8 *list, u32 room)
{
	struct inode d;
	struct walk w;
	u32 done = 0;
	i32 full = 0, more;

	RETURN_IF(operation_begin(false));
	RETURN_IF(folder_get(dir, &d));
	RETURN_IF(walk_begin(&w, &d, at >> fs.block_shift));
	while (!full) {
		more = walk_on(&w);
		if (more < 0 && done)
			break; /* what there is first, then the error */
		RETURN_IF(more);
		if (!more)
			return (i32)done;
		full = block_list((w.next - 1) << fs.block_shift, at, list,
				  room, &done);
	}
	return done ? (i32)done : -E_RANGE;
}

i32 folder_is_empty(const struct inode *dir)
{
	struct walk w;
	i32 more;

	RETURN_IF(walk_begin(&w, dir, 0));
	while ((more = walk_on(&w)) > 0)
		for (u32 n = 0; n < fs.block_size; n += record_at(n)->size)
			if (record_at(n)->inode && !is_dots(n))
				return 0;
	return more < 0 ? more : 1;
}
