/*
 * The tree of cached pages against a plain array: every page that was entered
 * is found, none else; cutting takes exactly what it should and frees all.
 */
// sources: kernel/space/cached.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernel/heap.h"
#include "kernel/space/cached.h"

#define PAGES 300000u

static u32 blocks, allowed;
static u32 frames[PAGES];

void *heap_take_now(u32 size)
{
	if (!allowed)
		return 0;
	allowed--;
	blocks++;
	return calloc(1, size);
}

void heap_give(void *block)
{
	blocks--;
	free(block);
}

static void enter(struct cached *c, u32 index)
{
	u32 *word = cached_make(c, index);

	assert_non_null(word);
	if (!*word)
		c->count++;
	*word = (index + 1) * PAGE;
	if (index < PAGES)
		frames[index] = *word;
}

static u32 found(const struct cached *c, u32 index)
{
	const u32 *word = cached_find(c, index);

	return word ? *word : 0;
}

static void same(const struct cached *c)
{
	for (u32 i = 0; i < PAGES; i++)
		assert_int_equal(found(c, i), frames[i]);
}

static void cut(struct cached *c, u32 first)
{
	u32 out[CACHED_WAYS], n, before = c->count, taken = 0;

	while ((n = cached_cut(c, first, out))) {
		taken += n;
		for (u32 i = 0; i < n; i++) {
			u32 index = out[i] / PAGE - 1;

			assert_true(index >= first);
			assert_int_equal(frames[index], out[i]);
			frames[index] = 0;
		}
	}
	assert_int_equal(c->count, before - taken);
	for (u32 i = first; i < PAGES; i++)
		assert_int_equal(frames[i], 0);
}

static int setup(void **state)
{
	(void)state;
	allowed = 0xFFFFFFFFu;
	blocks = 0;
	for (u32 i = 0; i < PAGES; i++)
		frames[i] = 0;
	return 0;
}

static void empty(void **state)
{
	struct cached c = { 0 };
	u32 out[CACHED_WAYS];

	(void)state;
	assert_null(cached_find(&c, 0));
	assert_null(cached_find(&c, 0xFFFFFFFFu));
	assert_int_equal(cached_cut(&c, 0, out), 0);
}

static void grows(void **state)
{
	struct cached c = { 0 };

	(void)state;
	for (u32 i = 0; i < PAGES; i = i * 2 + 1)
		enter(&c, i);
	same(&c);
	for (u32 i = 63; i < PAGES; i += 4095)
		enter(&c, i);
	same(&c);
	cut(&c, 70000);
	same(&c);
	cut(&c, 64);
	same(&c);
	cut(&c, 63);
	cut(&c, 0);
	assert_int_equal(c.count, 0);
	assert_int_equal(blocks, 0);
}

/* Page numbers near the end of 32 bits. */
static void far_away(void **state)
{
	struct cached c = { 0 };
	u32 out[CACHED_WAYS];

	(void)state;
	enter(&c, 0xFFFFFFFEu);
	enter(&c, 0x80000000u);
	enter(&c, 5);
	assert_null(cached_find(&c, 0x7FFFFFFFu));
	assert_int_equal(found(&c, 0x80000000u), 0x80000001u * PAGE);
	assert_int_equal(cached_cut(&c, 0x80000001u, out), 1);
	assert_int_equal(cached_cut(&c, 0x80000001u, out), 0);
	assert_int_equal(cached_cut(&c, 6, out), 1);
	assert_int_equal(found(&c, 5), 6 * PAGE);
	cut(&c, 0);
	assert_int_equal(blocks, 0);
}

/* Without memory nothing is lost, and what was begun is cleared away. */
static void no_memory(void **state)
{
	struct cached c = { 0 };
	u32 out[CACHED_WAYS];

	(void)state;
	allowed = 2;
	assert_null(cached_make(&c, 100000));
	assert_int_equal(cached_cut(&c, 0, out), 0);
	assert_int_equal(blocks, 0);
	allowed = 1;
	enter(&c, 3);
	assert_null(cached_make(&c, 64));
	assert_int_equal(found(&c, 3), 4 * PAGE);
	allowed = 2;
	enter(&c, 64);
	same(&c);
	cut(&c, 0);
	assert_int_equal(blocks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(empty, setup),
		cmocka_unit_test_setup(grows, setup),
		cmocka_unit_test_setup(far_away, setup),
		cmocka_unit_test_setup(no_memory, setup),
	};

	return cmocka_run_group_tests(tests, 0, 0);
}
