/* Sets of block numbers. */
#include "kernel/volume/set.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/panic.h"

#define NONE 0xFFFFFFFFu

i32 set_make(struct block_set *s, u32 blocks)
{
	s->count = 0;
	s->page_count = blocks / SET_BITS + 1;
	s->pages = heap_take_now(s->page_count * sizeof(*s->pages));
	return s->pages ? 0 : -ENOMEM;
}

void set_free(struct block_set *s)
{
	if (!s->pages)
		return;
	set_clear(s);
	heap_give(s->pages);
	s->pages = 0;
}

i32 set_prepare(struct block_set *s, u32 block, u32 count)
{
	u32 last = (block + count - 1) / SET_BITS;

	for (u32 p = block / SET_BITS; p <= last; p++) {
		if (p >= s->page_count)
			return -ENOMEM;
		if (!s->pages[p])
			s->pages[p] = heap_take_now(SET_BITS / 8);
		if (!s->pages[p])
			return -ENOMEM;
	}
	return 0;
}

static u32 *word_of(const struct block_set *s, u32 block)
{
	u32 *page = s->pages[block / SET_BITS];

	return page ? &page[block % SET_BITS / 32] : 0;
}

int set_has(const struct block_set *s, u32 block)
{
	const u32 *word = word_of(s, block);

	return word && *word >> block % 32 & 1;
}

void set_add(struct block_set *s, u32 block)
{
	u32 *word = word_of(s, block), bit = 1u << block % 32;

	assert(word);
	if (*word & bit)
		return;
	*word |= bit;
	s->count++;
}

void set_remove(struct block_set *s, u32 block)
{
	u32 *word = word_of(s, block), bit = 1u << block % 32;

	if (!word || !(*word & bit))
		return;
	*word &= ~bit;
	s->count--;
}

u32 set_next(const struct block_set *s, u32 block)
{
	u32 end = s->page_count * SET_BITS;

	if (!s->count)
		return NONE;
	while (block < end) {
		const u32 *word = word_of(s, block);

		if (!word) {
			block = (block / SET_BITS + 1) * SET_BITS;
			continue;
		}
		u32 rest = *word >> block % 32;

		if (rest)
			return block + (u32)__builtin_ctz(rest);
		block = (block / 32 + 1) * 32;
	}
	return NONE;
}

u32 set_gap(const struct block_set *s, u32 block, u32 count)
{
	u32 next = set_next(s, block);

	return next == NONE || next - block > count ? count : next - block;
}

void set_clear(struct block_set *s)
{
	for (u32 p = 0; p < s->page_count; p++) {
		if (s->pages[p])
			heap_give(s->pages[p]);
		s->pages[p] = 0;
	}
	s->count = 0;
}
