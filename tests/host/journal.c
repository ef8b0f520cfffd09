// sources:
/*
 * fs/cache on the host: journals are written as the core writes them, cut at
 * any place, and replayed: all transactions that were committed, none of the
 * one that was not, and nothing over blocks that were revoked and have a new
 * life. The first blocks of others' journals: which are understood.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "gates/abi.h"

#define DOMAIN_CACHE_H /* instead of the header that gatec makes */
#define from	       const
#define into
#define assert	      assert_true
#define min(a, b)     ((a) < (b) ? (a) : (b))
#define max(a, b)     ((a) > (b) ? (a) : (b))
#define take	      memcpy
#define give	      memcpy
#define print_to(...) ((u32)snprintf(__VA_ARGS__))

#include "cache.gate.h"

#define HEAP_AT	  0x10000000u
#define HEAP_MOST (16u << 20)

static u32 heap_used;

static i32 memory_grow(u32 bytes)
{
	u32 at = HEAP_AT + heap_used;

	if (bytes > HEAP_MOST - heap_used)
		return -E_MEMORY;
	if (!heap_used)
		assert_ptr_equal(mmap((void *)(size_t)HEAP_AT, HEAP_MOST,
				      PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				      -1, 0),
				 (void *)(size_t)HEAP_AT);
	heap_used += bytes;
	return (i32)at;
}

static i32 log_write(const char *text, u32 size)
{
	(void)text;
	return (i32)size;
}

i32 life_start(u32 generation);
i32 cache_examine(u32 block_size, u32 blocks, const u8 *first, u32 size,
		  struct cache_log *found);
i32 cache_replay(u32 block_size, const struct cache_log *log,
		 struct cache_step *next);
i32 cache_replay_on(const u8 *block, u32 size, struct cache_step *next);
i32 cache_describe(u32 sequence, const u8 *blocks, u32 size, u8 *block,
		   u32 room);
i32 cache_revoke(u32 sequence, const u8 *blocks, u32 size, u8 *block, u32 room);
i32 cache_commit(u32 sequence, u32 seconds, u32 nanoseconds, u8 *block,
		 u32 room);
i32 cache_begin_at(u32 start, u32 sequence, u8 *first, u32 room);

#include "fs/cache/cache.c"
#include "fs/cache/replay.c"

#define SIZE	    1024u /* of a block */
#define BLOCKS	    8192u /* of the volume */
#define LENGTH	    512u /* of the journal */
#define BLOCKS_MOST 30u /* of a transaction */

/* A volume, and what it is to be after a replay; its journal, as it was when
 * it began and as it grows. */
static u8 home[BLOCKS][SIZE], wanted[BLOCKS][SIZE], blocks[LENGTH][SIZE];
static struct cache_log begun;
static u32 sequence, head, used, random_state;

static u32 random_below(u32 n)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % n;
}

/* Some begin as the journal's own blocks do. */
static void block_fill(u8 *block)
{
	u32 word = random_below(8) ? random_below(1u << 24) : big(MAGIC);

	memset(block, (int)random_below(256), SIZE);
	memcpy(block, &word, 4);
}

static void journal_make(u32 start, u32 first_sequence)
{
	begun = (struct cache_log){ LENGTH, 1, start, first_sequence,
				    big(MAGIC) };
	sequence = first_sequence;
	head = start;
	used = 0;
	for (u32 n = 0; n < LENGTH; n++)
		block_fill(blocks[n]);
	memset(home, 0x11, sizeof home);
	memset(wanted, 0x11, sizeof wanted);
}

/* ---- writing as the core does ---- */

static void put(const u8 *block)
{
	memcpy(blocks[head], block, SIZE);
	head = head + 1 < LENGTH ? head + 1 : 1;
	used++;
	assert_true(used < LENGTH);
}

static void revokes_put(const u32 *list, u32 count)
{
	u8 block[SIZE];

	for (u32 i = 0; i < count;) {
		i32 n = cache_revoke(sequence, (const u8 *)(list + i),
				     (count - i) * 4, block, SIZE);

		assert_true(n > 0);
		put(block);
		i += (u32)n;
	}
}

static void contents_put(const u8 *contents)
{
	u8 block[SIZE];

	memcpy(block, contents, SIZE);
	if (!memcmp(block, &begun.escape, 4))
		memset(block, 0, 4);
	put(block);
}

static void blocks_put(const u32 *list, u8 (*contents)[SIZE], u32 count)
{
	u32 pairs[BLOCKS_MOST][2];
	u8 block[SIZE];

	for (u32 i = 0; i < count; i++) {
		pairs[i][0] = list[i];
		memcpy(&pairs[i][1], contents[i], 4);
	}
	for (u32 i = 0; i < count;) {
		i32 n = cache_describe(sequence, (u8 *)pairs[i],
				       (count - i) * 8, block, SIZE);

		assert_true(n > 0);
		put(block);
		for (u32 end = i + (u32)n; i < end; i++)
			contents_put(contents[i]);
	}
}

static void commit_put(void)
{
	u8 block[SIZE];

	assert_int_equal(cache_commit(sequence, 1, 2, block, SIZE), 0);
	put(block);
	sequence++;
}

/* ---- replaying as the core does ---- */

/* Every committed transaction is found, and `home` is as wanted. */
static void replay_check(void)
{
	struct cache_step s = { 0 };
	u32 steps = 0;
	u8 block[SIZE];

	assert_int_equal(cache_replay(SIZE, &begun, &s), 0);
	for (; s.kind != DONE; steps++) {
		u32 next = s.kind == READ ? s.block : s.next;

		if (s.kind == WRITE_ESCAPED)
			memcpy(block, &begun.escape, 4);
		if (s.kind != READ) {
			assert_true(s.block < BLOCKS);
			memcpy(home[s.block], block, SIZE);
		}
		assert_true(next >= begun.first && next < LENGTH);
		memcpy(block, blocks[next], SIZE);
		assert_int_equal(cache_replay_on(block, SIZE, &s), 0);
		assert_true(steps < 8 * LENGTH);
	}
	assert_int_equal(s.next, sequence);
	assert_memory_equal(home, wanted, sizeof home);
}

/* ---- tests ---- */

/* One block is changed, and revoked by a transaction that is committed or
 * not, behind one that revokes it, too, or does not. */
static void revoked_by_the_last(void **unused)
{
	u32 block = 77;
	u8 contents[1][SIZE];

	(void)unused;
	for (u32 kind = 0; kind < 4; kind++) {
		journal_make(1 + kind, 5);
		block_fill(contents[0]);
		blocks_put(&block, contents, 1);
		commit_put();
		if (kind & 1) {
			revokes_put(&block, 1);
			commit_put();
		}
		revokes_put(&block, 1);
		if (kind & 2)
			commit_put();
		if (!kind)
			memcpy(wanted[block], contents[0], SIZE);
		replay_check();
	}
}

static bool is_in(const u32 *list, u32 count, u32 block)
{
	for (u32 i = 0; i < count; i++)
		if (list[i] == block)
			return true;
	return false;
}

/* Up to `most` of few blocks, each once, none of those in `other`. */
static u32 choose(u32 *list, u32 most, const u32 *other, u32 other_count)
{
	u32 count = 0;

	for (u32 i = random_below(most + 1); i; i--) {
		u32 block = random_below(40) * 200;

		if (!is_in(list, count, block) &&
		    !is_in(other, other_count, block))
			list[count++] = block;
	}
	return count;
}

/* Write a transaction. Once it is committed, blocks that it revokes are data:
 * what is written there at once stays. */
static void transaction(bool committed)
{
	static u8 contents[BLOCKS_MOST][SIZE];
	u32 revoked[8], list[BLOCKS_MOST];
	u32 gone = choose(revoked, 8, 0, 0);
	u32 count = choose(list, BLOCKS_MOST, revoked, gone);

	revokes_put(revoked, gone);
	for (u32 i = 0; i < count; i++)
		block_fill(contents[i]);
	blocks_put(list, contents, count);
	if (!committed)
		return;
	commit_put();
	for (u32 i = 0; i < count; i++)
		memcpy(wanted[list[i]], contents[i], SIZE);
	for (u32 i = 0; i < gone; i++) {
		block_fill(wanted[revoked[i]]);
		memcpy(home[revoked[i]], wanted[revoked[i]], SIZE);
	}
}

/* Blocks of the last transaction that did not get to the disk. */
static void tear(u32 from_index, u32 count)
{
	for (u32 i = 0; i < count; i++)
		if (random_below(2))
			block_fill(blocks[1 +
					  (from_index - 1 + i) % (LENGTH - 1)]);
}

static void random_logs(void **unused)
{
	(void)unused;
	random_state = 1;
	for (u32 round = 0; round < 300; round++) {
		u32 from_head, from_used;

		journal_make(1 + random_below(LENGTH - 1),
			     random_below(3) ? round : 0u - random_below(9));
		for (u32 n = random_below(9); n; n--)
			transaction(true);
		from_head = head;
		from_used = used;
		if (random_below(4))
			transaction(false);
		if (random_below(2))
			tear(from_head, used - from_used);
		replay_check();
	}
}

/* More revoked blocks than the table begins with. */
static void many_revokes(void **unused)
{
	u32 list[6000], kept = 7000;
	u8 contents[2][SIZE];

	(void)unused;
	journal_make(300, 9);
	for (u32 i = 0; i < 6000; i++)
		list[i] = i;
	block_fill(contents[0]);
	block_fill(contents[1]);
	blocks_put((u32[]){ 5999, kept }, contents, 2);
	commit_put();
	revokes_put(list, 6000);
	commit_put();
	memcpy(wanted[kept], contents[1], SIZE);
	replay_check();
}

/* A log that says nothing, or nonsense, ends. */
static void nothing_there(void **unused)
{
	u8 block[SIZE];

	(void)unused;
	journal_make(1, 1);
	replay_check();
	for (u32 n = 1; n < LENGTH; n++)
		assert_int_equal(
			cache_describe(1, (u8[8]){ 0 }, 8, blocks[n], SIZE), 1);
	replay_check();
	assert_int_equal(cache_replay_on(block, SIZE, 0), -E_RANGE);
}

static i32 examined(u32 index, u32 value, struct cache_log *found)
{
	u8 first[SIZE] = { 0 };
	u32 word[SUPER_WORDS] = { 0 };

	word[WORD_MAGIC] = big(MAGIC);
	word[WORD_KIND] = big(SUPER_2);
	word[SUPER_BLOCK_SIZE] = big(SIZE);
	word[SUPER_LENGTH] = big(LENGTH);
	word[SUPER_FIRST] = big(1);
	word[SUPER_SEQUENCE] = big(6);
	word[SUPER_START] = big(9);
	word[index] = big(value);
	memcpy(first, word, sizeof word);
	return cache_examine(SIZE, LENGTH, first, SIZE, found);
}

static void first_blocks(void **unused)
{
	static const u32 bad[][2] = {
		{ WORD_MAGIC, 1 },	    { WORD_KIND, SUPER_1 },
		{ SUPER_BLOCK_SIZE, 4096 }, { SUPER_LENGTH, LENGTH + 1 },
		{ SUPER_LENGTH, 8 },	    { SUPER_FIRST, 0 },
		{ SUPER_FIRST, LENGTH },    { SUPER_START, LENGTH },
		{ SUPER_INCOMPATIBLE, 2 },  { SUPER_INCOMPATIBLE, 4 },
		{ SUPER_INCOMPATIBLE, 16 },
	};
	struct cache_log l;

	(void)unused;
	assert_int_equal(examined(SUPER_INCOMPATIBLE, 1, &l), 0);
	assert_int_equal(l.length, LENGTH);
	assert_int_equal(l.start, 9);
	assert_int_equal(l.sequence, 6);
	for (u32 i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(examined(bad[i][0], bad[i][1], &l), -E_FORM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_blocks),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(revoked_by_the_last),
		cmocka_unit_test(random_logs),
		cmocka_unit_test(many_revokes),
	};

	return cmocka_run_group_tests(tests, 0, 0);
}
