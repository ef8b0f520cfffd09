/*
 * Names in directories: found, made, taken away. A new name takes room behind
 * a record that has enough of it.
 */
#include "folder.h"

#include "grow.h"

static const u8 types[16] = {
	[MODE_FILE >> 12] = 1,	    [MODE_FOLDER >> 12] = 2,
	[MODE_CHARACTER >> 12] = 3, [MODE_BLOCK >> 12] = 4,
	[MODE_FIFO >> 12] = 5,	    [MODE_SOCKET >> 12] = 6,
	[MODE_LINK >> 12] = 7,
};

static u8 type_of(const struct inode *i)
{
	return fs.types ? types[i->raw.mode >> 12] : 0;
}

static i32 folder_search(const struct inode *dir, struct word name,
			 struct spot *found, struct gap *gap)
{
	u32 need = record_bytes(name.length);
	struct walk w;
	i32 more;

	*gap = (struct gap){ 0 };
	*found = (struct spot){ 0 };
	RETURN_IF(walk_begin(&w, dir, 0));
	while ((more = walk_on(&w)) > 0) {
		u32 at = folder_name_at(name);

		if (at == fs.block_size) {
			at = gap->block ? at : folder_room_at(need);
			if (at < fs.block_size)
				*gap = (struct gap){ w.block, at };
			continue;
		}
		*found = (struct spot){ w.block, at, record_at(at)->inode };
		return inode_number_ok(found->inode) ? 1 : -E_FORM;
	}
	return more;
}

i32 folder_find(const struct inode *dir, struct word name, struct spot *found,
		struct gap *gap)
{
	i32 there;

	if (known_find(dir, name, &there, found, gap))
		return there;
	there = folder_search(dir, name, found, gap);
	RETURN_IF(there);
	known_set(dir, name, there, found, gap);
	return there;
}

static void record_set(u32 at, u32 size, struct word name,
		       const struct inode *i)
{
	*record_at(at) = (struct record){ i->number, (u16)size, (u8)name.length,
					  type_of(i) };
	memcpy(record_name(at), name.text, name.length);
	record_came(at);
}

/* The directory gets a block more, which is that one record. */
static i32 folder_grow(struct inode *dir, struct word name,
		       const struct inode *i)
{
	struct filesystem_run run;
	u32 count;

	RETURN_IF(inode_blocks(dir, FOLDER_BLOCKS_MOST, &count));
	if (count >= FOLDER_BLOCKS_MOST)
		return -E_FULL;
	RETURN_IF(grow_begin(dir, count));
	RETURN_IF(map_run(dir, count, 1, &run));
	if (run.block == HOLE)
		RETURN_IF(hole_fill(dir, count, 1, &run));
	folder_fresh(run.block);
	record_set(0, fs.block_size, name, i);
	dir->raw.size = (count + 1) << fs.block_shift;
	return folder_store(0, fs.block_size);
}

i32 folder_insert(struct inode *dir, const struct gap *gap, struct word name,
		  const struct inode *i)
{
	u32 at = gap->at, used, size;

	known_forget();
	dir->raw.flags &= ~(u32)FLAG_INDEX;
	if (!gap->block)
		return folder_grow(dir, name, i);
	RETURN_IF(folder_load(gap->block));
	used = record_used(record_at(at));
	size = record_at(at)->size - used;
	if (used)
		record_at(at)->size = (u16)used;
	record_set(at + used, size, name, i);
	return folder_store(at, used + record_bytes(name.length));
}

i32 folder_remove(const struct spot *s)
{
	u32 before = 0, at = 0;

	known_forget();
	RETURN_IF(folder_load(s->block));
	for (; at < s->at; at += record_at(at)->size)
		before = at;
	if (at != s->at || record_at(at)->inode != s->inode)
		return -E_FORM;
	record_goes(at, before);
	if (!at) {
		record_at(0)->inode = 0;
		return folder_store(0, RECORD_SIZE);
	}
	record_at(before)->size =
		(u16)(record_at(before)->size + record_at(at)->size);
	return folder_store(before, RECORD_SIZE);
}

i32 folder_replace(const struct spot *s, const struct inode *i)
{
	known_forget();
	RETURN_IF(folder_load(s->block));
	record_at(s->at)->inode = i->number;
	record_at(s->at)->type = type_of(i);
	return folder_store(s->at, RECORD_SIZE);
}

/* The record of ".." in the first block, which is then in memory. */
static i32 parent_find(const struct inode *dir, struct spot *s)
{
	u32 at;

	RETURN_IF(map_block(dir, 0, &s->block));
	if (!s->block || !dir->raw.size)
		return -E_FORM;
	RETURN_IF(folder_load(s->block));
	at = s->at = record_at(0)->size;
	if (at >= fs.block_size || record_at(at)->length != 2 ||
	    memcmp(record_name(at), "..", 2) != 0)
		return -E_FORM;
	s->inode = record_at(at)->inode;
	return inode_number_ok(s->inode) ? 0 : -E_FORM;
}

i32 folder_parent(const struct inode *dir, u32 *parent)
{
	struct spot s;

	RETURN_IF(parent_find(dir, &s));
	*parent = s.inode;
	return 0;
}

i32 folder_parent_set(const struct inode *dir, u32 parent)
{
	struct spot s;

	RETURN_IF(parent_find(dir, &s));
	record_at(s.at)->inode = parent;
	return folder_store(s.at, RECORD_SIZE);
}

i32 folder_make(struct inode *dir, u32 parent)
{
	struct word dot = { ".", 1 }, dots = { "..", 2 };
	struct inode up = { .number = parent, .raw.mode = MODE_FOLDER };
	struct filesystem_run run;
	u32 first = record_bytes(dot.length);

	RETURN_IF(grow_begin(dir, 0));
	RETURN_IF(hole_fill(dir, 0, 1, &run));
	folder_fresh(run.block);
	record_set(0, first, dot, dir);
	record_set(first, fs.block_size - first, dots, &up);
	dir->raw.size = fs.block_size;
	return folder_store(0, fs.block_size);
}
