/*
 * Blocks given back. Tables are looked through from their last pointer to the
 * first one that goes; pieces that follow each other go together. How many
 * pieces and tables an operation takes is bounded.
 */
#include "truncate.h"

#include "allocate.h"
#include "cache.h"

#define PIECES_MOST 40u
#define TABLES_MOST 40u

static u32 tables[LEVELS][TABLE_MOST];

/* The step under way. */
static struct {
	struct inode *inode;
	u32 block, count; /* a piece that goes */
	u32 pieces, looked_at; /* so far */
} step;

static i32 piece_flush(void)
{
	u32 count = step.count;

	if (!count)
		return 0;
	step.count = 0;
	step.pieces++;
	step.inode->raw.sectors -=
		min(step.inode->raw.sectors, count * fs.sectors);
	return blocks_give(step.block, count);
}

static bool step_over(void)
{
	return step.pieces >= PIECES_MOST || step.looked_at >= TABLES_MOST;
}

/* A pointer to nowhere leads nobody astray once it is gone. */
static i32 pointer_is_bad(u32 block)
{
	i32 error = blocks_check(block, 1);

	if (error != -E_FORM)
		return error;
	say("ext2: inode %u points where no contents can be",
	    step.inode->number);
	RETURN_IF(errors_mark());
	return 1;
}

/* This block goes, sooner or later in this step. */
static i32 block_drop(u32 block)
{
	i32 bad = pointer_is_bad(block);

	if (bad)
		return min(bad, 0);
	if (step.count && block + 1 == step.block) {
		step.block--;
		step.count++;
		return 0;
	}
	if (step.count && block == step.block + step.count) {
		step.count++;
		return 0;
	}
	RETURN_IF(piece_flush());
	step.block = block;
	step.count = 1;
	return 0;
}

static i32 slot_cut(u32 *slot, u32 depth, u32 keep);

/*
 * The pointers of a table `depth` levels above contents, from its last down to
 * `keep` blocks below it. 1 if not all of them went.
 */
static i32 table_cut(u32 *list, u32 depth, u32 keep)
{
	u32 shift = way_shift(depth - 1), first = keep >> shift;

	for (u32 n = fs.pointers; n-- > first;) {
		u32 below = n == first ? keep - (first << shift) : 0;
		i32 error;

		if (!list[n])
			continue;
		if (step_over())
			return 1;
		error = slot_cut(&list[n], depth - 1, below);
		if (error)
			return error;
	}
	return 0;
}

/*
 * What a pointer leads to, `depth` tables above contents, but for its first
 * `keep` blocks. The pointer becomes 0 if nothing is left. 1: not all went.
 */
static i32 slot_cut(u32 *slot, u32 depth, u32 keep)
{
	u32 block = *slot, *list = tables[depth ? depth - 1 : 0];
	i32 more;

	if (!depth) {
		*slot = 0;
		return block_drop(block);
	}
	more = pointer_is_bad(block);
	RETURN_IF(more);
	if (more) {
		*slot = 0;
		return 0;
	}
	RETURN_IF(cache_read(block, 0, list, fs.block_size));
	step.looked_at++;
	more = table_cut(list, depth, keep);
	RETURN_IF(more);
	if (!more && !keep) {
		*slot = 0;
		return block_drop(block);
	}
	RETURN_IF(cache_write(block, 0, list, fs.block_size));
	return more;
}

i32 blocks_truncate(struct inode *i, u32 keep)
{
	u32 *slots = i->raw.block, start = DIRECT, starts[LEVELS];
	i32 more = 0;

	step.inode = i;
	step.count = step.pieces = step.looked_at = 0;
	map_forget();
	for (u32 n = 0; n < LEVELS; n++) {
		starts[n] = start;
		start += 1u << way_shift(n + 1);
	}
	for (u32 n = LEVELS; n-- > 0 && !more;)
		if (slots[DIRECT + n] &&
		    (n == LEVELS - 1 || keep < starts[n + 1]))
			more = slot_cut(&slots[DIRECT + n], n + 1,
					keep > starts[n] ? keep - starts[n] :
							   0);
	RETURN_IF(more);
	for (u32 n = DIRECT; n-- > keep && !more;)
		if (slots[n])
			more = slot_cut(&slots[n], 0, 0);
	RETURN_IF(more);
	RETURN_IF(piece_flush());
	return more;
}

i32 file_cut(struct inode *i)
{
	u32 keep;
	i32 more;

	RETURN_IF(inode_blocks(i, 0xFFFFFFFE, &keep));
	more = blocks_truncate(i, keep);
	RETURN_IF(more);
	if (i->raw.links) /* else it is one, and stays one */
		RETURN_IF(more ? orphan_add(i) : orphan_remove(i));
	RETURN_IF(inode_put(i));
	return more;
}

/* The block of extended attributes has one user less. */
static i32 attributes_end(struct inode *i)
{
	u32 block = i->raw.attributes;
	struct attribute_head head;
	i32 bad;

	if (!block)
		return 0;
	i->raw.attributes = 0;
	i->raw.sectors -= min(i->raw.sectors, fs.sectors);
	bad = pointer_is_bad(block);
	if (bad)
		return min(bad, 0);
	RETURN_IF(cache_read(block, 0, &head, sizeof head));
	if (head.magic != ATTRIBUTE_MAGIC || !head.users)
		return errors_mark();
	if (--head.users == 0)
		return blocks_give(block, 1);
	return cache_write(block, 0, &head, sizeof head);
}

static bool has_blocks(const struct inode *i)
{
	u32 kind = inode_kind(i);

	return kind == MODE_FILE || kind == MODE_FOLDER ||
	       (kind == MODE_LINK && !inode_is_fast_link(i));
}

i32 inode_end(struct inode *i)
{
	i32 more;

	step.inode = i;
	more = has_blocks(i) ? blocks_truncate(i, 0) : 0;
	RETURN_IF(more);
	i->raw.size = i->raw.size_high = 0;
	if (!more) {
		RETURN_IF(attributes_end(i));
		RETURN_IF(orphan_remove(i));
		return inode_free(i);
	}
	RETURN_IF(inode_put(i));
	return more;
}
