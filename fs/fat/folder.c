/*
 * Directories, read: slot after slot, and the names that these make up.
 */
#include "folder.h"

#include "chain.h"
#include "inode.h"

#define NONE 0xFFFFFFFFu

static u8 slots[4096] __attribute__((aligned(4)));
static u32 slots_block = NONE; /* the block in them */

void folder_begin(void)
{
	slots_block = NONE;
}

/* ---- slots ---- */

static u32 slot_of(u64 at)
{
	return (u32)(at / SLOT);
}

static u32 cluster_slot(u32 cluster)
{
	return slot_of(fs.data_at) + ((cluster - CELL_FIRST) << fs.slot_shift);
}

bool slot_ok(u32 number)
{
	u32 root = slot_of(fs.root_at), data = slot_of(fs.data_at);

	if (number < data)
		return number >= root && number - root < fs.root_slots;
	return (number - data) >> fs.slot_shift < fs.folder_end - CELL_FIRST;
}

static i32 slot_load(u32 number, const struct record **found)
{
	u64 at = (u64)number * SLOT;
	u32 block = (u32)(at >> fs.block_shift);

	if (block != slots_block) {
		slots_block = NONE;
		RETURN_IF(volume_read(block, 0, slots, fs.block_size));
		slots_block = block;
	}
	*found = (const void *)(slots + ((u32)at & (fs.block_size - 1)));
	return 0;
}

i32 slot_read(u32 number, void *to)
{
	const struct record *r;

	RETURN_IF(slot_load(number, &r));
	memcpy(to, r, SLOT);
	return 0;
}

i32 slot_write(u32 number, const void *from_here)
{
	slots_block = NONE;
	return bytes_write((u64)number * SLOT, from_here, SLOT);
}

void walk_begin(struct walk *w, const struct folder *dir, u32 index)
{
	*w = (struct walk){ .dir = dir, .index = index };
}

/* The cluster that the next slot is in: 1, or 0 behind the last one. */
static i32 walk_cluster(struct walk *w)
{
	u32 in_cluster = w->index & ((1u << fs.slot_shift) - 1);

	if (w->cluster && in_cluster)
		return 1;
	RETURN_IF(chain_at(w->dir->cluster, w->index >> fs.slot_shift,
			   &w->cluster));
	if (!w->cluster)
		return 0;
	if (!cluster_ok(w->cluster) || w->cluster >= fs.folder_end)
		return -E_FORM;
	if (cluster_blocks() > 1)
		volume_ahead(cluster_block(w->cluster),
			     min(cluster_blocks(), 64u));
	return 1;
}

i32 walk_on(struct walk *w)
{
	if (!w->dir->cluster) {
		if (w->index >= fs.root_slots)
			return 0;
		w->number = slot_of(fs.root_at) + w->index;
	} else {
		i32 more = w->index < FOLDER_SLOTS ? walk_cluster(w) : -E_FORM;

		if (more <= 0)
			return more;
		w->number = cluster_slot(w->cluster) +
			    (w->index & ((1u << fs.slot_shift) - 1));
	}
	RETURN_IF(slot_load(w->number, &w->record));
	w->index++;
	return 1;
}

/* ---- names ---- */

/* A long name as far as its parts were seen. */
struct parts {
	u32 missing; /* parts; 0: all are there, if there are any */
	u32 count; /* slots */
	u8 sum;
};

static bool is_part(const struct record *r)
{
	return (r->attributes & RECORD_ALL) == RECORD_PART;
}

static void part_units(const struct name_part *p, u16 units[PART_UNITS])
{
	memcpy(units, p->units_1, sizeof p->units_1);
	memcpy(units + 5, p->units_2, sizeof p->units_2);
	memcpy(units + 11, p->units_3, sizeof p->units_3);
}

/* One part more; whatever does not fit ends the name. */
static void part_add(struct parts *s, const struct name_part *p, struct name *n)
{
	u32 number = p->number & ~PART_LAST, at = (number - 1) * PART_UNITS;
	bool is_last = p->number & PART_LAST;
	u16 units[PART_UNITS];

	if (is_last)
		*s = (struct parts){ number, 0, p->sum };
	if (!number || number > PARTS_MOST || number != s->missing ||
	    p->sum != s->sum) {
		*s = (struct parts){ 0 };
		return;
	}
	part_units(p, units);
	for (u32 i = 0; i < PART_UNITS && at + i < UNITS_MOST; i++)
		n->units[at + i] = units[i];
	if (is_last) {
		n->count = 0;
		while (n->count < PART_UNITS && units[n->count])
			n->count++;
		n->count = min(n->count + at, UNITS_MOST);
	}
	s->missing--;
	s->count++;
}

static bool is_name(const struct record *r)
{
	return r->name[0] != RECORD_GONE && r->name[0] != '.' &&
	       !(r->attributes & RECORD_LABEL);
}

/* The walk stands behind a record: what is it called? */
static void found_make(const struct walk *w, const struct parts *s,
		       struct found *f)
{
	bool is_long =
		s->count && !s->missing && s->sum == short_sum(w->record->name);

	f->record = *w->record;
	f->number = w->number;
	f->slots = is_long ? s->count + 1 : 1;
	f->first = w->index - f->slots;
	if (!is_long || !f->name.count)
		name_of_record(&f->record, &f->name);
}

i32 walk_name(struct walk *w, struct found *f)
{
	struct parts s = { 0 };

	for (;;) {
		i32 more = walk_on(w);

		if (more <= 0)
			return more;
		if (w->record->name[0] == RECORD_UNUSED)
			return 0;
		if (w->record->name[0] != RECORD_GONE && is_part(w->record)) {
			part_add(&s, (const void *)w->record, &f->name);
		} else if (is_name(w->record)) {
			found_make(w, &s, f);
			return 1;
		} else {
			s = (struct parts){ 0 };
		}
	}
}

i32 folder_find(const struct folder *dir, const struct name *n, struct found *f)
{
	struct name own;
	struct walk w;
	i32 more;

	walk_begin(&w, dir, 0);
	while ((more = walk_name(&w, f)) > 0) {
		if (names_equal(&f->name, n))
			return 1;
		if (f->slots == 1 || n->count > 12)
			continue;
		name_of_record(&f->record, &own);
		if (names_equal(&own, n))
			return 1;
	}
	return more;
}

i32 folder_is_empty(const struct folder *dir)
{
	static struct found f;
	struct walk w;
	i32 there;

	walk_begin(&w, dir, 0);
	there = walk_name(&w, &f);
	return there < 0 ? there : !there;
}

i32 folder_measure(const struct folder *dir, u32 *folders, u32 *size)
{
	struct walk w;
	i32 more;

	*folders = 0;
	*size = fs.root_slots * SLOT;
	if (dir->cluster) {
		RETURN_IF(chain_length(dir->cluster,
				       FOLDER_SLOTS >> fs.slot_shift, size));
		*size <<= fs.cluster_shift;
	}
	walk_begin(&w, dir, 0);
	while ((more = walk_on(&w)) > 0) {
		if (w.record->name[0] == RECORD_UNUSED)
			return 0;
		if (is_name(w.record) && !is_part(w.record))
			*folders += !!(w.record->attributes & RECORD_FOLDER);
	}
	return more;
}

/* ---- what is above ---- */

static i32 dots_read(u32 cluster, struct record *r)
{
	if (!cluster_ok(cluster) || cluster >= fs.folder_end)
		return -E_FORM;
	RETURN_IF(slot_read(cluster_slot(cluster) + 1, r));
	return r->name[0] == '.' && r->name[1] == '.' ? 0 : -E_FORM;
}

i32 folder_above(u32 cluster, u32 *above)
{
	struct record r;

	RETURN_IF(dots_read(cluster, &r));
	*above = record_cluster(&r);
	return 0;
}

i32 folder_above_set(u32 cluster, u32 above)
{
	struct record r;

	RETURN_IF(dots_read(cluster, &r));
	record_cluster_set(&r, above);
	return slot_write(cluster_slot(cluster) + 1, &r);
}

i32 folder_make(u32 parent, const struct record *like, u32 *cluster)
{
	struct record r = *like;

	RETURN_IF(chain_append(0, 0, 0, fs.folder_end, cluster));
	for (u32 n = 0; n < cluster_blocks(); n++)
		RETURN_IF(volume_clear(cluster_block(*cluster) + n));
	memset(r.name, ' ', sizeof r.name);
	r.name[0] = '.';
	r.attributes = RECORD_FOLDER;
	r.cases = 0;
	r.size = 0;
	record_cluster_set(&r, *cluster);
	RETURN_IF(slot_write(cluster_slot(*cluster), &r));
	r.name[1] = '.';
	record_cluster_set(&r, parent);
	return slot_write(cluster_slot(*cluster) + 1, &r);
}
