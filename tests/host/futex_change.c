// sources: kernel/process/futex_change.c
/* What FUTEX_WAKE_OP's number says, against futex(2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/process/futex_change.h"

#define CODE(op, cmp, argument, against) \
	((u32)(op) << 28 | (u32)(cmp) << 24 | ((u32)(argument)&0xFFF) << 12 | \
	 ((u32)(against)&0xFFF))

static void operations(void **state)
{
	static const struct {
		u32 op, argument, before, after;
	} cases[] = {
		{ 0, 7, 3, 7 },
		{ 1, 7, 3, 10 },
		{ 1, 0xFFF, 3, 2 }, /* minus one */
		{ 2, 0xC, 3, 0xF },
		{ 3, 0x6, 0xF, 9 },
		{ 4, 0x5, 0x3, 6 },
		{ 8, 4, 0, 16 }, /* 1 << 4 */
		{ 10, 31, 1, 0x80000001u },
	};

	(void)state;
	for (u32 i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct change c =
			change_of(CODE(cases[i].op, 0, cases[i].argument, 0));

		assert_true(change_known(c));
		assert_int_equal(changed(c, cases[i].before), cases[i].after);
	}
}

static void comparisons(void **state)
{
	/* for a word below, at and above the number */
	static const u8 holds[6][3] = {
		{ 0, 1, 0 }, { 1, 0, 1 }, { 1, 0, 0 },
		{ 1, 1, 0 }, { 0, 0, 1 }, { 0, 1, 1 },
	};

	(void)state;
	for (u32 cmp = 0; cmp < 6; cmp++)
		for (i32 against = -2048; against < 2048; against += 511)
			for (i32 off = -1; off <= 1; off++) {
				struct change c =
					change_of(CODE(0, cmp, 0, against));

				assert_int_equal(compares(c, against + off),
						 holds[cmp][off + 1]);
			}
}

static void unknown(void **state)
{
	(void)state;
	for (u32 code = 0; code < 256; code++)
		assert_int_equal(change_known(change_of(code << 24)),
				 (code >> 4 & 7) <= 4 && (code & 15) <= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations),
		cmocka_unit_test(comparisons),
		cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests(tests, 0, 0);
}
