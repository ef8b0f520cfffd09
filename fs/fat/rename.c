/*
 * Renaming. A record moves to where its new name is, and with it its inode's
 * number; two that are exchanged stay, but for their names.
 */
#include "tree.h"

enum rename_how { RENAME_REPLACE, RENAME_NEW, RENAME_EXCHANGE };

#define DEPTH_MOST 4096u

static struct spot old, new;

/* Does directory `dir` lie in the one that a record is of, or is it that? */
static i32 lies_in(const struct folder *dir, const struct record *r)
{
	u32 at = folder_dots(dir), top = record_cluster(r);

	for (u32 depth = 0; at && depth < DEPTH_MOST; depth++) {
		if (at == top)
			return 1;
		RETURN_IF(folder_above(at, &at));
	}
	return at ? -E_FORM : 0;
}

static bool is_dir(const struct spot *s)
{
	return s->found.record.attributes & RECORD_FOLDER;
}

/* A directory came into another one. */
static i32 above_follow(const struct record *r, const struct folder *dir)
{
	if (!(r->attributes & RECORD_FOLDER))
		return 0;
	return folder_above_set(record_cluster(r), folder_dots(dir));
}

/* What two records have but their names. */
static void records_exchange(struct record *a, struct record *b)
{
	struct record was = *a;

	*a = *b;
	*b = was;
	memcpy(b->name, a->name, sizeof a->name);
	memcpy(a->name, was.name, sizeof a->name);
	b->cases = a->cases;
	a->cases = was.cases;
}

static i32 exchange(void)
{
	struct record *a = &old.found.record, *b = &new.found.record;
	i32 bad = 0;

	if (is_dir(&old))
		bad = lies_in(&new.dir, a);
	if (!bad && is_dir(&new))
		bad = lies_in(&old.dir, b);
	if (bad)
		return bad < 0 ? bad : -E_RANGE;
	if (old.dir.cluster != new.dir.cluster) {
		RETURN_IF(above_follow(a, &new.dir));
		RETURN_IF(above_follow(b, &old.dir));
	}
	records_exchange(a, b);
	RETURN_IF(slot_write(old.found.number, a));
	RETURN_IF(slot_write(new.found.number, b));
	return (i32)new.found.number;
}

/* May the new name's file go? */
static i32 replace(void)
{
	if (is_dir(&old) != is_dir(&new))
		return is_dir(&new) ? -E_FOLDER : -E_KIND;
	return spot_leave(&new);
}

/* Returns the number that goes with the new name. */
static i32 move(bool there)
{
	struct record r = old.found.record;
	i32 inside = is_dir(&old) ? lies_in(&new.dir, &r) : 0;
	u32 number;

	RETURN_IF(inside);
	if (inside)
		return -E_RANGE;
	if (there)
		RETURN_IF(replace());
	RETURN_IF(folder_remove(&old.dir, &old.found));
	RETURN_IF(folder_add(&new.dir, &new.name, &r, &number));
	if (old.dir.cluster != new.dir.cluster)
		RETURN_IF(above_follow(&r, &new.dir));
	return (i32)number;
}

/* Both names looked up: 1 if the new one is there. */
static i32 names_find(u32 dir, u32 to_dir, const char *text, u32 size)
{
	u32 length = (u32)strlen(text);
	i32 there;

	if (length >= size)
		return -E_NAME;
	there = spot_find(&old, dir, text, length);
	if (there == -E_FORM || !there)
		return -E_NAME;
	RETURN_IF(there);
	return spot_find(&new, to_dir, text + length + 1, size - length - 1);
}

i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, from char *names,
		      u32 size)
{
	static char text[2 * NAME_MOST + 2];
	bool is_same;
	i32 there;

	(void)op;
	RETURN_IF(operation_begin(true));
	if (size > sizeof text - 1)
		return -E_BIG;
	take(text, names, size);
	text[size] = 0;
	there = names_find(dir, to_dir, text, size);
	RETURN_IF(there);
	is_same = there && old.found.number == new.found.number;
	if (how == RENAME_EXCHANGE && !there)
		return -E_NAME;
	if (how == RENAME_NEW && there && !is_same)
		return -E_EXISTS;
	if (how == RENAME_EXCHANGE && is_same)
		return (i32)old.found.number;
	if (how == RENAME_EXCHANGE)
		return operation_end(exchange());
	return operation_end(move(there && !is_same));
}
