/*
 * Names in directories: hash chains over all of them, and a list for each
 * directory in order of positions. A new name goes behind the last one, so
 * that who lists a directory sees each name that stays exactly once.
 */
#include "names.h"

#define POSITION_LAST 0x7FFFFFF0u
#define SIZE_OF_NAME  20u /* what directories claim for each, as on Linux */
#define CURSORS	      8u
#define SHORT	      ((u32)sizeof(((struct name *)0)->text))

/* Where listings stopped: a name that is there, by directory. */
static struct {
	u32 dir, name;
} cursors[CURSORS];
static u32 cursor_next;

struct word word_in(u32 dir, const char *text, u32 length)
{
	u32 hash = dir * 2654435761u;

	for (u32 i = 0; i < length; i++)
		hash = (hash ^ (u8)text[i]) * 16777619u;
	hash ^= hash >> 15;
	return (struct word){ .text = text, .length = length, .hash = hash };
}

static u32 *bucket_of(u32 hash)
{
	return &buckets[hash % BUCKETS];
}

static bool name_is(const struct name *n, u32 dir, struct word w)
{
	u32 at = min(w.length, SHORT);
	const struct text *t;

	if (n->hash != w.hash || n->dir != dir || n->length != w.length ||
	    memcmp(n->text, w.text, at) != 0)
		return false;
	for (u32 more = n->more; more; more = t->next) {
		u32 size = min(w.length - at, (u32)sizeof t->text);

		t = cell(more);
		if (memcmp(t->text, w.text + at, size) != 0)
			return false;
		at += size;
	}
	return true;
}

struct name *name_find(u32 dir, struct word w)
{
	for (u32 at = *bucket_of(w.hash); at;) {
		struct name *n = cell(at);

		if (name_is(n, dir, w))
			return n;
		at = n->chain;
	}
	return NULL;
}

u32 name_cells(u32 length)
{
	return 1 + (length > SHORT ? text_cells(length - SHORT) : 0);
}

/*
 * The name that a new one goes behind, 0 for the first. Where the positions
 * are used up, the first gap in them: a directory has always one.
 */
static u32 name_before(const struct node *dir)
{
	const struct name *n;
	u32 at = dir->last, free = POSITION_FIRST;

	if (!at || ((struct name *)cell(at))->position < POSITION_LAST)
		return at;
	memset(cursors, 0, sizeof cursors);
	at = 0;
	for (u32 next = dir->first; next; next = n->next) {
		n = cell(next);
		if (n->position > free)
			break;
		free = n->position + 1;
		at = next;
	}
	return at;
}

static void list_insert(u32 dir, struct name *n, u32 number)
{
	struct node *d = cell(dir);
	struct name *prev, *next;

	n->prev = name_before(d);
	prev = n->prev ? cell(n->prev) : NULL;
	n->next = prev ? prev->next : d->first;
	next = n->next ? cell(n->next) : NULL;
	n->position = prev ? prev->position + 1 : POSITION_FIRST;
	*(prev ? &prev->next : &d->first) = number;
	*(next ? &next->prev : &d->last) = number;
	d->size += SIZE_OF_NAME;
	touch(d, sizeof *d);
	if (prev)
		touch(&prev->next, 4);
	if (next)
		touch(&next->prev, 4);
}

void name_insert(u32 dir, struct word w, u32 node)
{
	struct name *n = cell_take(CELL_NAME);
	u32 number = cell_number(n), *bucket = bucket_of(w.hash);

	n->length = (u8)w.length;
	n->hash = w.hash;
	n->dir = dir;
	n->node = node;
	memcpy(n->text, w.text, min(w.length, SHORT));
	if (w.length > SHORT)
		n->more = text_make(w.text + SHORT, w.length - SHORT);
	n->chain = *bucket;
	*bucket = number;
	touch(bucket, sizeof *bucket);
	list_insert(dir, n, number);
}

static void chain_remove(const struct name *n, u32 number)
{
	u32 *from_here = bucket_of(n->hash);

	while (*from_here != number)
		from_here = &((struct name *)cell(*from_here))->chain;
	*from_here = n->chain;
	touch(from_here, sizeof *from_here);
}

static void list_remove(const struct name *n)
{
	struct node *d = cell(n->dir);
	struct name *prev = n->prev ? cell(n->prev) : NULL;
	struct name *next = n->next ? cell(n->next) : NULL;

	*(prev ? &prev->next : &d->first) = n->next;
	*(next ? &next->prev : &d->last) = n->prev;
	d->size -= SIZE_OF_NAME;
	touch(d, sizeof *d);
	if (prev)
		touch(&prev->next, 4);
	if (next)
		touch(&next->prev, 4);
}

/* A cursor on a name that goes moves to the next one. */
static void cursors_leave(const struct name *n, u32 number)
{
	for (u32 i = 0; i < CURSORS; i++)
		if (cursors[i].name == number) {
			cursors[i].name = n->next;
			cursors[i].dir = n->next ? n->dir : 0;
		}
}

void name_remove(struct name *n)
{
	u32 number = cell_number(n);

	cursors_leave(n, number);
	chain_remove(n, number);
	list_remove(n);
	text_give(n->more);
	cell_give(n);
}

void name_remember(const struct name *n)
{
	u32 i = 0;

	while (i < CURSORS && cursors[i].dir != n->dir)
		i++;
	if (i == CURSORS)
		i = cursor_next++ % CURSORS;
	cursors[i].dir = n->dir;
	cursors[i].name = cell_number(n);
}

/* Where to begin to look for a position: a name before it or at it. */
static u32 search_start(u32 dir, const struct node *d, u32 position)
{
	for (u32 i = 0; i < CURSORS; i++) {
		const struct name *n, *prev;

		if (cursors[i].dir != dir)
			continue;
		n = cell(cursors[i].name);
		if (n->position <= position)
			return cursors[i].name;
		prev = n->prev ? cell(n->prev) : NULL;
		if (!prev || prev->position < position)
			return cursors[i].name;
	}
	return d->first;
}

struct name *name_from(u32 dir, u32 position)
{
	const struct node *d = cell(dir);
	struct name *n = d->last ? cell(d->last) : NULL;

	if (!n || n->position < position)
		return NULL;
	for (u32 at = search_start(dir, d, position); at; at = n->next) {
		n = cell(at);
		if (n->position >= position)
			return n;
	}
	return NULL;
}

void name_copy(char *to, const struct name *n)
{
	u32 length = n->length;

	memcpy(to, n->text, min(length, SHORT));
	if (length > SHORT)
		text_copy(to + SHORT, n->more, length - SHORT);
}
