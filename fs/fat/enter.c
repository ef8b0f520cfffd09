/*
 * Directories, changed: names entered where there is room, with a short name
 * that no other has, and taken out.
 */
#include "folder.h"

#include "chain.h"
#include "kept.h"

/* ---- a short name ---- */

#define TAILS 9u

/* A spelling with a number, and which numbers are in use (bit n: n). */
struct tail {
	u8 name[SHORT_SIZE];
	u32 digit_at;
	u32 used;
};

struct tails {
	u8 plain[SHORT_SIZE];
	bool plain_used;
	struct tail numbered, hashed;
};

static void tail_make(struct tail *t, const u8 *plain, u32 hash)
{
	memcpy(t->name, plain, SHORT_SIZE);
	t->digit_at = short_tail(t->name, hash);
	t->used = 0;
}

static void tail_see(struct tail *t, const u8 *name)
{
	u32 number = (u32)name[t->digit_at] - '0';

	for (u32 i = 0; i < SHORT_SIZE; i++)
		if (i != t->digit_at && name[i] != t->name[i])
			return;
	if (number <= TAILS)
		t->used |= 1u << number;
}

/* With the least number that is free; false if there is none. */
static bool tail_use(const struct tail *t, u8 *name)
{
	for (u32 n = 1; n <= TAILS; n++)
		if (!(t->used >> n & 1)) {
			memcpy(name, t->name, SHORT_SIZE);
			name[t->digit_at] = (u8)('0' + n);
			return true;
		}
	return false;
}

static i32 tails_look(const struct folder *dir, struct tails *t)
{
	struct walk w;
	i32 more;

	walk_begin(&w, dir, 0);
	while ((more = walk_on(&w)) > 0) {
		const struct record *r = w.record;

		if (r->name[0] == RECORD_UNUSED)
			return 0;
		if (r->name[0] == RECORD_GONE || r->attributes & RECORD_LABEL)
			continue;
		t->plain_used |= memcmp(r->name, t->plain, SHORT_SIZE) == 0;
		tail_see(&t->numbered, r->name);
		tail_see(&t->hashed, r->name);
	}
	return more;
}

/* A short name for n that is not in use in that directory. */
static i32 short_choose(const struct folder *dir, const struct name *n,
			u8 name[SHORT_SIZE])
{
	struct tails t = { 0 };
	bool is_whole = short_like(n, t.plain);
	u32 hash = 0x811C;

	for (u32 i = 0; i < n->count; i++)
		hash = hash * 31 + n->units[i];
	for (u32 tries = 0; tries < 64; tries++, hash = hash * 75 + 74) {
		tail_make(&t.numbered, t.plain, 0);
		tail_make(&t.hashed, t.plain, 0x10000 | (hash & 0xFFFF));
		RETURN_IF(tails_look(dir, &t));
		memcpy(name, t.plain, SHORT_SIZE);
		if (is_whole && !t.plain_used)
			return 0;
		if (tail_use(&t.numbered, name) || tail_use(&t.hashed, name))
			return 0;
	}
	return -E_FULL;
}

/* ---- room for it ---- */

/* Slots in a row that are free. */
struct gap {
	u32 first; /* place of the first one */
	u32 end; /* of the directory's unused rest: from there on all is free */
	bool ended; /* `end` is known */
};

/* One cluster more for a directory, empty. */
static i32 folder_grow(const struct folder *dir)
{
	u32 last, length, cluster;

	if (!dir->cluster)
		return -E_FULL;
	RETURN_IF(chain_last(dir->cluster, &last, &length));
	if (length >= FOLDER_SLOTS >> fs.slot_shift)
		return -E_FULL;
	RETURN_IF(chain_append(dir->cluster, last, length, fs.folder_end,
			       &cluster));
	for (u32 n = 0; n < cluster_blocks(); n++)
		RETURN_IF(volume_clear(cluster_block(cluster) + n));
	return 0;
}

static i32 gap_find(const struct folder *dir, u32 slots, struct gap *gap)
{
	struct walk w;
	u32 count = 0;

	*gap = (struct gap){ 0 };
	walk_begin(&w, dir, 0);
	while (count < slots) {
		i32 more = walk_on(&w);
		bool is_free;

		RETURN_IF(more);
		if (!more) {
			if (!gap->ended)
				gap->end = w.index;
			gap->ended = true;
			RETURN_IF(folder_grow(dir));
			continue;
		}
		if (!gap->ended && w.record->name[0] == RECORD_UNUSED) {
			gap->ended = true;
			gap->end = w.index - 1;
		}
		is_free = gap->ended || w.record->name[0] == RECORD_GONE;
		count = is_free && !slot_is_taken(w.number) ? count + 1 : 0;
		if (count == 1)
			gap->first = w.index - 1;
	}
	return 0;
}

static i32 mark(const struct folder *dir, u32 index, u32 count, u8 how)
{
	struct walk w;

	walk_begin(&w, dir, index);
	while (count--) {
		struct record r;
		i32 more = walk_on(&w);

		if (more <= 0)
			return more; /* the end needs no mark */
		r = *w.record;
		r.name[0] = how;
		RETURN_IF(slot_write(w.number, &r));
	}
	return 0;
}

/* What was unused up to the gap is no end any more; behind it, one is. */
static i32 gap_close(const struct folder *dir, const struct gap *gap, u32 slots)
{
	if (!gap->ended || gap->first + slots <= gap->end)
		return 0;
	if (gap->first > gap->end)
		RETURN_IF(mark(dir, gap->end, gap->first - gap->end,
			       RECORD_GONE));
	return mark(dir, gap->first + slots, 1, RECORD_UNUSED);
}

/* ---- names ---- */

static void part_make(const struct name *n, u32 number, u8 sum,
		      struct name_part *p)
{
	u32 at = (number - 1) * PART_UNITS;
	u16 units[PART_UNITS];

	for (u32 i = 0; i < PART_UNITS; i++)
		units[i] = at + i < n->count  ? n->units[at + i] :
			   at + i == n->count ? 0 :
						0xFFFF;
	*p = (struct name_part){ .number = (u8)number,
				 .attributes = RECORD_PART,
				 .sum = sum };
	if (at + PART_UNITS >= n->count)
		p->number |= PART_LAST;
	memcpy(p->units_1, units, sizeof p->units_1);
	memcpy(p->units_2, units + 5, sizeof p->units_2);
	memcpy(p->units_3, units + 11, sizeof p->units_3);
}

i32 folder_add(const struct folder *dir, const struct name *n, struct record *r,
	       u32 *number)
{
	u32 parts = (n->count + PART_UNITS - 1) / PART_UNITS;
	struct gap gap;
	struct walk w;

	r->cases = 0;
	if (short_exact(n, r->name, &r->cases))
		parts = 0;
	else
		RETURN_IF(short_choose(dir, n, r->name));
	RETURN_IF(gap_find(dir, parts + 1, &gap));
	RETURN_IF(gap_close(dir, &gap, parts + 1));
	walk_begin(&w, dir, gap.first);
	for (u32 part = parts; part; part--) {
		struct name_part p;

		RETURN_IF(walk_on(&w));
		part_make(n, part, short_sum(r->name), &p);
		RETURN_IF(slot_write(w.number, &p));
	}
	RETURN_IF(walk_on(&w));
	*number = w.number;
	return slot_write(w.number, r);
}

i32 folder_remove(const struct folder *dir, const struct found *f)
{
	return mark(dir, f->first, f->slots, RECORD_GONE);
}
