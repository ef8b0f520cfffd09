/*
 * Directories: records one after the other, none across the end of a block.
 */
#include "folder.h"

#define AHEAD 32u /* blocks asked for at once */

/* Records behind this block have no numbers. */
#define NUMBERED (0xFFFFFFFFu / (BLOCK / UNIT) - FOLDER_MOST / BLOCK)

i32 folder_get(u32 number, struct folder *dir)
{
	static struct entry e;

	RETURN_IF(entry_get(number, &e));
	if ((e.mode & MODE_KIND) != MODE_FOLDER)
		return -E_KIND;
	*dir = (struct folder){ e.extent, (u32)e.bytes };
	if (e.bytes > FOLDER_MOST || !extent_ok(dir->extent, dir->bytes))
		return -E_FORM;
	if (dir->extent < FIRST || dir->extent > NUMBERED)
		return -E_FORM;
	return 0;
}

void walk_begin(struct walk *w, const struct folder *dir, u32 at)
{
	*w = (struct walk){ dir, at };
}

/* The record at w->at, which is moved behind it: 1, or 0 at the end. */
static i32 walk_on(struct walk *w, struct entry *e)
{
	const struct record *r;
	u32 block, in_block, rest;
	i32 there = 0;

	while (!there) {
		if (w->at >= w->dir->bytes)
			return 0;
		in_block = w->at % BLOCK;
		block = w->dir->extent + w->at / BLOCK;
		rest = (w->dir->bytes - w->at + BLOCK - 1) / BLOCK;
		if (!in_block && w->at / BLOCK % AHEAD == 0 && rest > 1)
			volume_ahead(block, min(AHEAD, rest));
		there = record_load(block, in_block, &r);
		RETURN_IF(there);
		if (!there)
			w->at = (w->at / BLOCK + 1) * BLOCK;
	}
	w->at += r->size;
	RETURN_IF(record_read(block, in_block, r, e));
	return 1;
}

i32 walk_name(struct walk *w, struct entry *e)
{
	u32 number = 0;
	u64 bytes = 0;

	for (;;) {
		i32 more = walk_on(w, e);

		if (more <= 0)
			return more;
		number = number ? number : e->number;
		bytes += e->bytes;
		if (e->goes_on)
			continue; /* the last record stands for all */
		e->number = number;
		e->bytes = bytes;
		if (!e->is_dots && !e->is_moved && e->name_size)
			return 1;
		number = 0;
		bytes = 0;
	}
}

i32 folder_find(const struct folder *dir, const char *name, u32 size,
		struct entry *e)
{
	struct walk w;
	i32 more;

	walk_begin(&w, dir, 0);
	while ((more = walk_name(&w, e)) > 0)
		if (e->name_size == size && memcmp(e->name, name, size) == 0)
			return 1;
	return more;
}
