/*
 * Cells of kept memory, and what of it is to be committed. Nothing here knows
 * what a file system is.
 */
#include "store.h"

#define MAGIC	  0x7366706Du
#define LAYOUT	  1u /* of what is kept; another one starts empty */
#define GROWTH	  0x10000u /* bytes of kept memory asked for at a time */
#define TEXT_MOST ((u32)sizeof(((struct text *)0)->text))

struct head *head;
u32 *buckets;

struct part parts[PARTS];
u32 part_count;
static u32 there; /* cells, as of the last look */

void store_commit(void)
{
	i32 answer;

	touch(&head->counts, sizeof head->counts);
	answer = memory_commit_parts((const u8 *)parts,
				     part_count * (u32)sizeof *parts);
	assert(answer >= 0); /* tmpfs.dom states this memory */
	part_count = 0;
}

static i32 head_make(void)
{
	i32 size = memory_kept_size();
	u32 least = FIRST_CELL * CELL;

	if ((u32)size < least) {
		i32 at = memory_kept_grow(least - (u32)size);

		if (at < 0)
			return at;
	}
	*head = (struct head){ .magic = MAGIC,
			       .layout = LAYOUT,
			       .counts.fresh = FIRST_CELL };
	memset(buckets, 0, BUCKETS * sizeof *buckets);
	touch(head, least);
	store_commit();
	return 0;
}

i32 store_open(void)
{
	i32 at = memory_kept();

	if (at < 0)
		return at;
	head = (struct head *)(size_t)at;
	buckets = (u32 *)(size_t)((u32)at + HEAD_SIZE);
	if (head->magic != MAGIC || head->layout != LAYOUT)
		return head_make();
	return 0;
}

struct node *node_find(u32 number)
{
	struct node *n;

	if (number < FIRST_CELL || number >= head->counts.fresh)
		return NULL;
	n = cell(number);
	return n->kind == CELL_NODE ? n : NULL;
}

static u32 cells_there(void)
{
	return (u32)memory_kept_size() / CELL;
}

i32 store_reserve(u32 count)
{
	u32 needed = FIRST_CELL + head->counts.used + count;

	if (needed <= max(there, head->counts.fresh))
		return 0;
	there = cells_there();
	while (needed > there) {
		if (memory_kept_grow(GROWTH) < 0)
			return -E_FULL;
		there += GROWTH / CELL;
	}
	return 0;
}

void *cell_take(enum cell_kind kind)
{
	struct free_cell *c;

	if (head->counts.free) {
		c = cell(head->counts.free);
		head->counts.free = c->next;
		memset(c, 0, CELL);
	} else {
		c = cell(head->counts.fresh++);
	}
	head->counts.used++;
	c->kind = (u8)kind;
	touch(c, CELL);
	return c;
}

/* A fresh cell is zero, as cell_take leaves one: but for that, nothing is. */
void cell_give(void *at)
{
	struct free_cell *c = at;

	c->kind = CELL_FREE;
	c->next = head->counts.free;
	head->counts.free = cell_number(c);
	head->counts.used--;
	touch(c, sizeof *c);
}

u32 text_cells(u32 size)
{
	return (size + TEXT_MOST - 1) / TEXT_MOST;
}

/* From the last cell to the first, so that each can name the next. */
u32 text_make(const char *bytes, u32 size)
{
	u32 next = 0;

	for (u32 i = text_cells(size); i-- > 0;) {
		struct text *t = cell_take(CELL_TEXT);
		u32 at = i * TEXT_MOST;

		t->next = next;
		memcpy(t->text, bytes + at, min(size - at, TEXT_MOST));
		next = cell_number(t);
	}
	return next;
}

void text_copy(char *to, u32 first, u32 size)
{
	for (u32 at = 0; at < size; at += TEXT_MOST) {
		const struct text *t = cell(first);

		memcpy(to + at, t->text, min(size - at, TEXT_MOST));
		first = t->next;
	}
}

void text_give(u32 first)
{
	while (first) {
		struct text *t = cell(first);

		first = t->next;
		cell_give(t);
	}
}
