/*
 * Pieces of the volume's own structures in memory, so that not every look at an
 * inode, a bitmap or a pointer is a call of the volume. What is written goes to
 * the volume at once. Where an operation does not end well, the volume undoes
 * it, and what it wrote is forgotten here.
 */
#include "cache.h"

#define PIECE	    1024u /* no block is smaller */
#define SETS	    16u
#define WAYS	    4u /* pieces that have the same number, modulo SETS */
#define PIECES_KEPT (SETS * WAYS)

static struct piece {
	bool known;
	u32 block, at;
	u32 staged; /* by which operation, if it is what one wrote */
	u32 used; /* the larger, the later */
	u8 bytes[PIECE] __attribute__((aligned(4)));
} cache[PIECES_KEPT];

static u32 uses;
static struct {
	u32 number;
	bool wrote;
} operation;

void cache_forget(void)
{
	for (u32 i = 0; i < PIECES_KEPT; i++)
		cache[i].known = false;
}

void cache_begin(bool ended)
{
	if (operation.wrote && !ended)
		for (u32 i = 0; i < PIECES_KEPT; i++)
			if (cache[i].staged == operation.number)
				cache[i].known = false;
	operation.number++;
	operation.wrote = false;
}

/* The piece that begins at byte `at` of the block. If it is not there: NULL,
 * and *other is the one whose place it may take. */
static struct piece *piece_find(u32 block, u32 at, struct piece **other)
{
	u32 number = (block << (fs.block_shift - 10)) + at / PIECE;
	struct piece *set = &cache[(number ^ number >> 6) % SETS * WAYS];

	*other = set;
	for (struct piece *p = set; p < set + WAYS; p++) {
		if (p->known && p->block == block && p->at == at)
			return p;
		if (!p->known || ((*other)->known && p->used < (*other)->used))
			*other = p;
	}
	return 0;
}

/* The same, read if it is not there. */
static i32 piece_get(u32 block, u32 at, struct piece **found)
{
	struct piece *other, *p = piece_find(block, at, &other);

	if (!p) {
		p = other;
		p->known = false;
		RETURN_IF(volume_read(block, at, p->bytes, PIECE));
		p->known = true;
		p->block = block;
		p->at = at;
		p->staged = operation.number - !operation.wrote;
	}
	p->used = ++uses;
	*found = p;
	return 0;
}

/* How many of `size` bytes from `at` on lie in one piece. */
static u32 part_of(u32 at, u32 size)
{
	return min(size, PIECE - at % PIECE);
}

i32 cache_read(u32 block, u32 at, void *to, u32 size)
{
	u8 *out = to;

	if (!fs.ready || size > PIECE)
		return volume_read(block, at, out, size);
	for (u32 part; size; size -= part, at += part, out += part) {
		u32 in = at % PIECE;
		struct piece *p;

		part = part_of(at, size);
		RETURN_IF(piece_get(block, at - in, &p));
		memcpy(out, p->bytes + in, part);
	}
	return 0;
}

i32 cache_write(u32 block, u32 at, const void *from_here, u32 size)
{
	const u8 *bytes = from_here;

	RETURN_IF(volume_write(block, at, bytes, size));
	operation.wrote = true;
	for (u32 part; size; size -= part, at += part, bytes += part) {
		u32 in = at % PIECE;
		struct piece *other, *p = piece_find(block, at - in, &other);

		part = part_of(at, size);
		if (!p)
			continue;
		memcpy(p->bytes + in, bytes, part);
		p->staged = operation.number;
	}
	return 0;
}

static void cache_drop(u32 block, u32 count)
{
	operation.wrote = true;
	for (u32 i = 0; i < PIECES_KEPT; i++)
		if (cache[i].block - block < count)
			cache[i].known = false;
}

i32 cache_clear(u32 block)
{
	cache_drop(block, 1);
	return volume_clear(block);
}

i32 cache_release(u32 block, u32 count)
{
	cache_drop(block, count);
	return volume_release(block, count);
}
