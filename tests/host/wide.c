// sources:
/*
 * The core's 64-bit arithmetic against the compiler's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/wide.h"

static u64 random_state = 88172645463325252u;

/* Numbers of every size, not mostly large ones. */
static u64 random_wide(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state >> (random_state % 64);
}

static void check_divide(u64 n, u32 d)
{
	u32 rest;

	assert_int_equal(wide_divide(n, d, &rest), n / d);
	assert_int_equal(rest, n % d);
}

static void test_divide(void **state)
{
	(void)state;
	check_divide(0, 1);
	check_divide(~0ull, 1);
	check_divide(~0ull, ~0u);
	check_divide(0xFFFFFFFEFFFFFFFFull, ~0u);
	for (u32 i = 0; i < 1000000; i++) {
		u32 d = (u32)random_wide();

		check_divide(random_wide(), d ? d : 1);
	}
}

static void test_scale(void **state)
{
	(void)state;
	for (u32 i = 0; i < 1000000; i++) {
		u64 n = random_wide();
		u32 factor = (u32)random_wide();
		u32 shift = (u32)random_wide() % 64;
		unsigned __int128 product = (unsigned __int128)n * factor;

		assert_int_equal(wide_scale(n, factor, shift),
				 (u64)(product >> shift));
	}
	assert_int_equal(wide_product(~0u, ~0u), 0xFFFFFFFE00000001ull);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_divide),
		cmocka_unit_test(test_scale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
