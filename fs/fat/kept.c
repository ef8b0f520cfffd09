/*
 * Kept memory: one page for the options, and one table of orphans. The copy
 * that operations look at is changed at their end only.
 */
#include "kept.h"

#define ORPHANS 1600u

struct kept {
	struct options options;
	u32 used; /* orphans[] from here on were never used */
	struct orphan orphans[ORPHANS];
};

_Static_assert(sizeof(struct kept) <= 64u << 10, "what is there at once");

struct options options;

static struct kept *kept;
static u32 kept_at; /* its offset in the window */

/* What this operation changes: one orphan. */
static struct {
	bool any;
	u32 index;
	struct orphan orphan;
} pending;

struct part {
	u32 offset, bytes;
};

void kept_start(void)
{
	kept_at = (u32)memory_kept();
	kept = (struct kept *)(size_t)kept_at;
	options = kept->options;
}

i32 options_keep(void)
{
	struct part part = { kept_at, offsetof(struct kept, orphans) };

	kept->options = options;
	kept->used = 0;
	return memory_commit_parts((const u8 *)&part, sizeof part);
}

void kept_begin(void)
{
	pending.any = false;
}

i32 kept_end(i32 answer)
{
	struct part parts[2] = {
		{ kept_at + offsetof(struct kept, used), sizeof kept->used },
		{ kept_at + (u32)offsetof(struct kept, orphans) +
			  pending.index * (u32)sizeof(struct orphan),
		  sizeof(struct orphan) },
	};

	if (!pending.any)
		return 0;
	kept->orphans[pending.index] = pending.orphan;
	kept->used = max(kept->used, pending.index + 1);
	while (kept->used && !kept->orphans[kept->used - 1].number)
		kept->used--;
	pending.any = false;
	return memory_commit_answer((u32)answer, (const u8 *)parts,
				    sizeof parts);
}

static u32 index_of(u32 number)
{
	u32 n = 0;

	while (n < kept->used && kept->orphans[n].number != number)
		n++;
	return n;
}

const struct orphan *orphan_find(u32 number)
{
	u32 n = index_of(number);

	return n < kept->used ? &kept->orphans[n] : NULL;
}

bool slot_is_taken(u32 number)
{
	if (pending.any && pending.orphan.number == number)
		return true;
	return kept->used && orphan_find(number);
}

i32 orphan_set(u32 number, const struct record *r)
{
	u32 n = index_of(number);

	if (n == kept->used)
		n = index_of(0);
	if (n == ORPHANS)
		return -E_MEMORY;
	pending.any = true;
	pending.index = n;
	pending.orphan = (struct orphan){ number, *r };
	return 0;
}

void orphan_end(u32 number)
{
	pending.any = true;
	pending.index = index_of(number);
	pending.orphan = (struct orphan){ 0 };
}
