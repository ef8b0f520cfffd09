/*
 * Tries kept memory at each start: what there is of it, that it grows and
 * lasts, that of a generation's changes the committed ones are there in the
 * next, and the others are not. Says in the log what it found.
 */
#include "keeper.h"

#define PAGE	4096u
#define AT_ONCE 0x10000u
#define STATED	0x40000u
#define GROWN	(AT_ONCE + 3 * PAGE)
#define MANY	100u /* parts of one commit, more than the core takes at once */

/* Words, by what is done about them. */
enum word {
	TOLD = 0, /* committed: the generation that wrote it */
	UNTOLD = 1, /* written, never committed */
	EDGE = AT_ONCE / 4 - 1, /* committed across the end of a page */
	FAR = (GROWN - 4) / 4, /* in what was grown */
	SPREAD = 2 * PAGE / 4, /* the first of MANY, two words apart */
};

struct part {
	u32 offset, bytes;
};

static volatile u32 *words;
static u32 base;
static const char *failed;

static void expect(bool holds, const char *what)
{
	if (!holds && !failed)
		failed = what;
}

static i32 commit(u32 offset, u32 bytes)
{
	struct part part = { base + offset, bytes };

	return memory_commit_parts((const u8 *)&part, sizeof part);
}

static void sizes_try(u32 generation)
{
	i32 there = memory_kept_size();

	expect(there == (i32)(generation == 1 ? AT_ONCE : GROWN), "size");
	expect(memory_kept_grow(0) == -E_MEMORY, "growing by nothing");
	expect(memory_kept_grow(100) == -E_RANGE, "growing by part of a page");
	expect(memory_kept_grow(STATED) == -E_MEMORY,
	       "growing beyond the .dom");
	if (generation > 1)
		return;
	expect(memory_kept_grow(3 * PAGE) == (i32)(base + AT_ONCE), "growing");
	expect(words[FAR] == 0, "what is new is zero");
}

/* Bad lists change nothing, whatever is good in them. */
static void refusals_try(void)
{
	struct part parts[2] = { { base + 4 * UNTOLD, 4 },
				 { base + GROWN - 4, 8 } };

	words[UNTOLD] = 1;
	expect(commit(GROWN, 1) == -E_RANGE, "a part behind the end");
	expect(commit(GROWN - 4, 5) == -E_RANGE, "a part over the end");
	expect(commit(0, 0xFFFFFFFF) == -E_RANGE, "a part that wraps around");
	expect(commit(0u - 4, 8) == -E_RANGE, "a part before the beginning");
	expect(memory_commit_parts((const u8 *)parts, 12) == -E_FORM,
	       "half a part");
	expect(memory_commit_parts((const u8 *)parts, sizeof parts) == -E_RANGE,
	       "one good part, one bad");
}

static void parts_commit(u32 generation)
{
	static struct part parts[MANY];

	for (u32 i = 0; i < MANY; i++) {
		parts[i] = (struct part){ base + 4 * (SPREAD + 2 * i), 4 };
		words[SPREAD + 2 * i] = generation;
		words[SPREAD + 2 * i + 1] = 1;
	}
	expect(memory_commit_parts((const u8 *)parts, sizeof parts) == 0,
	       "many parts");
	words[TOLD] = words[EDGE] = words[EDGE + 1] = words[FAR] = generation;
	expect(commit(4 * TOLD, 4) == 0, "one part");
	expect(commit(4 * EDGE, 8) == 0, "a part on two pages");
	expect(commit(4 * FAR, 4) == 0, "the last word");
	expect(commit(GROWN, 0) == 0, "nothing, at the end");
}

static void left_try(u32 last)
{
	bool spread = true;

	for (u32 i = 0; i < MANY; i++)
		spread &= words[SPREAD + 2 * i] == last &&
			  words[SPREAD + 2 * i + 1] == 0;
	expect(words[TOLD] == last, "what was committed");
	expect(words[EDGE] == last && words[EDGE + 1] == last,
	       "what was committed on two pages");
	expect(words[FAR] == last, "what was committed at the end");
	expect(words[UNTOLD] == 0, "what was not committed");
	expect(spread, "what was committed in many parts");
}

i32 life_start(u32 generation)
{
	char text[80];

	base = (u32)memory_kept();
	words = (u32 *)base;
	sizes_try(generation);
	if (generation > 1)
		left_try(generation - 1);
	refusals_try();
	parts_commit(generation);
	log_write(text, print_to(text, sizeof text, "keeper: start %u, %s",
				 generation, failed ? failed : "as it should"));
	return 0;
}
