/*
 * The journal's own blocks: each is made from what the caller says, and put
 * where the caller wants it.
 */
#include "format.h"

i32 cache_examine(u32 block_size, u32 blocks, from u8 *first, u32 size,
		  into struct cache_log *found)
{
	u32 word[SUPER_WORDS];
	struct cache_log log = { .escape = big(MAGIC) };

	if (size < sizeof word)
		return -E_FORM;
	take(word, first, sizeof word);
	if (big(word[WORD_MAGIC]) != MAGIC || big(word[WORD_KIND]) != SUPER_2 ||
	    big(word[SUPER_BLOCK_SIZE]) != block_size ||
	    big(word[SUPER_INCOMPATIBLE]) & ~FEATURE_REVOKE)
		return -E_FORM;
	log.length = big(word[SUPER_LENGTH]);
	log.first = big(word[SUPER_FIRST]);
	log.start = big(word[SUPER_START]);
	log.sequence = big(word[SUPER_SEQUENCE]);
	if (!log.first || log.length > blocks || log.first >= log.length ||
	    log.length - log.first < 8 || log.start >= log.length ||
	    (log.start && log.start < log.first))
		return -E_FORM;
	give(found, &log, sizeof log);
	return 0;
}

static void header_give(into u8 *block, u32 kind, u32 sequence)
{
	u32 word[3] = { big(MAGIC), big(kind), big(sequence) };

	give(block, word, sizeof word);
}

static void zeros_give(into u8 *block, u32 at, u32 end)
{
	static const u8 zeros[64];

	for (; at < end; at += min(end - at, (u32)sizeof zeros))
		give(block + at, zeros, min(end - at, (u32)sizeof zeros));
}

i32 cache_describe(u32 sequence, from u8 *blocks, u32 size, into u8 *block,
		   u32 room)
{
	u32 at = HEADER, n = 0, last = 0, pair[2];
	struct tag tag = { 0 };

	if (room < HEADER + UUID + sizeof tag || size < sizeof pair)
		return -E_FORM;
	header_give(block, DESCRIPTOR, sequence);
	for (; (n + 1) * sizeof pair <= size; n++) {
		u32 bytes = sizeof tag + (n ? 0 : UUID);

		if (room - at < bytes)
			break;
		take(pair, blocks + n * sizeof pair, sizeof pair);
		tag.block = big(pair[0]);
		tag.flags = n ? TAG_SAME : 0;
		tag.flags |= pair[1] == big(MAGIC) ? TAG_ESCAPED : 0;
		tag.flags = big16(tag.flags);
		give(block + at, &tag, sizeof tag);
		if (!n)
			zeros_give(block, at + sizeof tag, at + bytes);
		last = at;
		at += bytes;
	}
	tag.flags |= big16(TAG_LAST);
	give(block + last, &tag, sizeof tag);
	zeros_give(block, at, room);
	return (i32)n;
}

i32 cache_revoke(u32 sequence, from u8 *blocks, u32 size, into u8 *block,
		 u32 room)
{
	u32 n = min(size, room - min(room, REVOKE_HEADER)) / 4, number;
	u32 used = big(REVOKE_HEADER + n * 4);

	if (!n)
		return -E_FORM;
	header_give(block, REVOKE, sequence);
	give(block + HEADER, &used, 4);
	for (u32 i = 0; i < n; i++) {
		take(&number, blocks + i * 4, 4);
		number = big(number);
		give(block + REVOKE_HEADER + i * 4, &number, 4);
	}
	zeros_give(block, REVOKE_HEADER + n * 4, room);
	return (i32)n;
}

i32 cache_commit(u32 sequence, u32 seconds, u32 nanoseconds, into u8 *block,
		 u32 room)
{
	u32 when[3] = { 0, big(seconds), big(nanoseconds) };

	if (room < COMMIT_SECONDS + sizeof when)
		return -E_FORM;
	zeros_give(block, 0, room);
	header_give(block, COMMIT, sequence);
	give(block + COMMIT_SECONDS, when, sizeof when);
	return 0;
}

static void word_give(into u8 *first, u32 index, u32 value)
{
	value = big(value);
	give(first + index * 4, &value, 4);
}

i32 cache_begin_at(u32 start, u32 sequence, into u8 *first, u32 room)
{
	if (room < SUPER_WORDS * 4)
		return -E_FORM;
	word_give(first, SUPER_START, start);
	word_give(first, SUPER_SEQUENCE, sequence);
	word_give(first, SUPER_INCOMPATIBLE, FEATURE_REVOKE);
	return 0;
}

i32 life_start(u32 generation)
{
	char text[48];

	log_write(text,
		  print_to(text, sizeof text, "cache: start %u", generation));
	return 0;
}
