/*
 * Blocks of directories, the records in them, and what each is about.
 */
#include "record.h"

#define NONE 0xFFFFFFFFu

static u8 records[BLOCK];
static u32 records_block = NONE;

void blocks_begin(void)
{
	records_block = NONE;
}

static i32 records_read(u32 block)
{
	if (block == records_block)
		return 0;
	records_block = NONE;
	RETURN_IF(volume_read(block, 0, records, BLOCK));
	records_block = block;
	return 0;
}

i32 record_load(u32 block, u32 at, const struct record **r)
{
	u32 left = BLOCK - at;

	*r = NULL;
	RETURN_IF(records_read(block));
	if (left < RECORD_LEAST || !records[at])
		return 0;
	*r = (const struct record *)(records + at);
	if ((*r)->size < RECORD_LEAST || (*r)->size > left ||
	    (*r)->name_size > (*r)->size - sizeof **r || !(*r)->name_size)
		return -E_FORM;
	return 1;
}

i32 record_read(u32 block, u32 at, const struct record *r, struct entry *e)
{
	const u8 *name = (const u8 *)(r + 1);
	bool is_folder = r->flags & RECORD_FOLDER;

	*e = (struct entry){
		.number = block * (BLOCK / UNIT) + at / UNIT,
		.extent = r->extent.low + r->attribute_blocks,
		.bytes = r->bytes.low,
		.mode = (is_folder ? MODE_FOLDER : MODE_FILE) | 0555,
		.links = is_folder ? 2 : 1,
		.modified = stamp_seconds(&r->made),
		.goes_on = r->flags & RECORD_GOES_ON && !is_folder,
		.is_dots = r->name_size == 1 && name[0] <= 1,
	};
	e->accessed = e->changed = e->modified;
	if (r->unit || r->gap)
		return -E_FORM; /* in pieces among another file's */
	if (!e->is_dots)
		name_read(r, e);
	return fs.naming == NAMING_ROCK ? rock_read(r, e) : 0;
}

i32 record_next(u32 *block, u32 *at, const struct record **r)
{
	i32 there = record_load(*block, *at, r);

	RETURN_IF(there);
	if (there) {
		*at += (*r)->size;
		there = record_load(*block, *at, r);
		RETURN_IF(there);
	}
	if (!there) {
		*at = 0;
		++*block;
		if (*block >= fs.blocks)
			return -E_FORM;
		there = record_load(*block, *at, r);
	}
	return there ? there : -E_FORM;
}

/* The byte of a block where the record of that number is. */
static i32 number_find(u32 number, u32 *at, const struct record **r)
{
	u32 block = number / (BLOCK / UNIT), place = number % (BLOCK / UNIT);

	if (block >= fs.blocks)
		return -E_NAME;
	for (*at = 0;; *at += (*r)->size) {
		i32 there = record_load(block, *at, r);

		RETURN_IF(there);
		if (!there || *at / UNIT > place)
			return -E_NAME;
		if (*at / UNIT == place)
			return 0;
	}
}

static i32 root_get(struct entry *e)
{
	const struct record *r;
	i32 there = record_load(fs.root_extent, 0, &r);

	RETURN_IF(there);
	if (!there)
		return -E_FORM;
	RETURN_IF(record_read(fs.root_extent, 0, r, e));
	e->number = ROOT;
	e->mode = MODE_FOLDER | (e->mode & 07777);
	e->extent = fs.root_extent;
	e->bytes = fs.root_bytes;
	e->goes_on = false;
	e->child = 0;
	return 0;
}

i32 entry_child(struct entry *e)
{
	struct entry child;
	const struct record *r;
	u32 number = e->number;
	i32 there;

	if (!e->child)
		return 0;
	if (e->child >= fs.blocks)
		return -E_FORM;
	there = record_load(e->child, 0, &r);
	RETURN_IF(there);
	if (!there || !(r->flags & RECORD_FOLDER))
		return -E_FORM;
	RETURN_IF(record_read(e->child, 0, r, &child));
	child.number = number;
	child.extent = e->child;
	child.child = 0;
	child.name_size = e->name_size;
	memcpy(child.name, e->name, e->name_size);
	*e = child;
	return 0;
}

i32 entry_place(u32 number, u32 *block, u32 *at)
{
	const struct record *r;

	*block = number / (BLOCK / UNIT);
	return number_find(number, at, &r);
}

i32 entry_get(u32 number, struct entry *e)
{
	const struct record *r;
	u32 at, block = number / (BLOCK / UNIT);
	u8 flags;

	if (number == ROOT)
		return root_get(e);
	RETURN_IF(number_find(number, &at, &r));
	flags = r->flags;
	RETURN_IF(record_read(block, at, r, e));
	if (e->is_dots)
		return -E_NAME;
	for (u32 n = 0; e->goes_on && flags & RECORD_GOES_ON; n++) {
		if (n == EXTENTS_MOST)
			return -E_FORM;
		RETURN_IF(record_next(&block, &at, &r));
		flags = r->flags;
		e->bytes += r->bytes.low;
	}
	return entry_child(e);
}
