/*
 * Lends by the core, against a model that knows nothing of descriptors: a lend
 * is made if every byte of the pair is the lender's to lend, and covers those
 * bytes exactly.
 */
// sources: seg/lend.c seg/descriptor.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "seg/lend.h"

#define BASE 0xF0120000u
#define SIZE 0x50000u

static const struct door door = {
	.base = BASE,
	.limit = SIZE - 1,
	.reach = SIZE - 0x10000,
};

static struct descriptor own[2];

static void own_set(u32 read_size, u32 write_size)
{
	assert_int_equal(lend_make(0xC0003000u, read_size, 0, &own[0]), 0);
	assert_int_equal(lend_make(0xC0009001u, write_size, 1, &own[1]), 0);
}

static i32 make(u32 offset, u32 length, u8 writable, struct descriptor_view *v)
{
	struct descriptor d = DESCRIPTOR_ABSENT;
	struct pair pair = { .offset = offset, .length = length };
	i32 error = lend_pair(&door, own, pair, writable, &d);

	*v = descriptor_read(d);
	if (error < 0)
		assert_false(v->present);
	return error;
}

static void assert_covers(const struct descriptor_view *v, u32 base, u32 size,
			  u8 writable)
{
	assert_true(v->present && !v->system);
	assert_int_equal(v->level, 1);
	assert_int_equal(v->base, base);
	assert_int_equal(v->limit, size - 1);
	assert_int_equal(v->type & 2, writable ? 2 : 0);
	assert_int_equal(v->type & 8, 0);
}

/* Every pair near the edges of the window. */
static void window_edges(void **state)
{
	static const u32 edges[] = { 0,	       1,    0xFFFF,   0x10000,
				     SIZE - 1, SIZE, SIZE + 1, 0x7FFFFFFF };

	(void)state;
	for (u32 i = 0; i < sizeof(edges) / sizeof(*edges); i++)
		for (u32 j = 1; j < sizeof(edges) / sizeof(*edges); j++)
			for (u8 w = 0; w < 2; w++) {
				struct descriptor_view v;
				u64 end = (u64)edges[i] + edges[j];
				i32 error = make(edges[i], edges[j], w, &v);

				assert_int_equal(error,
						 end <= SIZE ? 0 : -E_RANGE);
				if (!error)
					assert_covers(&v, BASE + edges[i],
						      edges[j], w);
			}
}

static void no_bytes(void **state)
{
	struct descriptor_view v;

	(void)state;
	for (u32 offset = 0; offset < 3 * SIZE; offset += SIZE / 2) {
		assert_int_equal(make(offset, 0, 1, &v), 0);
		assert_string_equal(descriptor_kind_name(v), "data, empty");
		assert_int_equal(v.limit + 1, 0); /* as LSL + 1 in thunks */
	}
}

static void lent_on(void **state)
{
	struct descriptor_view v;

	(void)state;
	own_set(100, 7);
	assert_int_equal(make(PAIR_IN_FROM | 99, 1, 0, &v), 0);
	assert_covers(&v, 0xC0003000u + 99, 1, 0);
	assert_int_equal(make(PAIR_IN_FROM | 99, 2, 0, &v), -E_RANGE);
	assert_int_equal(make(PAIR_IN_FROM | 100, 1, 0, &v), -E_RANGE);
	assert_int_equal(make(PAIR_IN_FROM | 0, 1, 1, &v), -E_DENIED);
	assert_int_equal(make(PAIR_IN_INTO | 0, 7, 1, &v), 0);
	assert_covers(&v, 0xC0009001u, 7, 1);
	assert_int_equal(make(PAIR_IN_INTO | 1, 6, 0, &v), 0);
	assert_covers(&v, 0xC0009002u, 6, 0);
	assert_int_equal(make(PAIR_IN_INTO | 1, 7, 1, &v), -E_RANGE);
	assert_int_equal(make(PAIR_IN_INTO | 1, 0xFFFFFFFF, 1, &v), -E_RANGE);
}

static void lent_on_from_nothing(void **state)
{
	struct descriptor_view v;

	(void)state;
	own_set(0, 0);
	assert_int_equal(make(PAIR_IN_FROM, 1, 0, &v), -E_RANGE);
	assert_int_equal(make(PAIR_IN_FROM, 0, 0, &v), 0);
	own[0] = own[1] = DESCRIPTOR_ABSENT;
	assert_int_equal(make(PAIR_IN_INTO, 1, 1, &v), -E_RANGE);
}

/* Above 1 MiB limits count pages: whole pages or nothing. */
static void large(void **state)
{
	struct descriptor d;

	(void)state;
	assert_int_equal(lend_make(0xC0000000u, 0x100000, 1, &d), 0);
	assert_int_equal(lend_make(0xC0000000u, 0x100001, 1, &d), -E_BIG);
	assert_int_equal(lend_make(0xC0000000u, 0x101000, 1, &d), 0);
	assert_int_equal(descriptor_read(d).limit, 0x100FFF);
	assert_int_equal(lend_make(0xFFFFF000u, 0x2000, 1, &d), -E_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_edges),
		cmocka_unit_test(no_bytes),
		cmocka_unit_test(lent_on),
		cmocka_unit_test(lent_on_from_nothing),
		cmocka_unit_test(large),
	};

	return cmocka_run_group_tests(tests, 0, 0);
}
