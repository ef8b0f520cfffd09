// sources: kernel/process/fpu_form.c
/*
 * The two forms of the FPU's state, with the host's own FXSAVE and FNSAVE as
 * the judges: what the one becomes must be what the other says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/process/fpu_form.h"

static u8 fxsave[512] __attribute__((aligned(16)));
static u8 again[512] __attribute__((aligned(16)));
static u32 legacy[FPU_LEGACY_WORDS], judged[FPU_LEGACY_WORDS];

/* Push `values` (80-bit), leaving the stack's top somewhere, and save twice. */
static void save(const u8 (*values)[16], u32 count, u32 turns)
{
	__asm__ volatile("fninit");
	for (u32 i = 0; i < turns; i++)
		__asm__ volatile("fincstp");
	for (u32 i = 0; i < count; i++)
		__asm__ volatile("fldt %0" : : "m"(values[i]));
	__asm__ volatile("fxsave %0" : "=m"(fxsave));
	__asm__ volatile("fnsave %0" : "=m"(judged));
	__asm__ volatile("fninit");
}

static const u8 values[8][16] = {
	{ 0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF, 0x3F }, /* 1 */
	{ 0 }, /* 0 */
	{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 }, /* -0 */
	{ 0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF, 0x7F }, /* infinity */
	{ 1, 0, 0, 0, 0, 0, 0, 0xC0, 0xFF, 0xFF }, /* not a number */
	{ 1 }, /* denormal */
	{ 0x21, 0xA2, 0xDA, 0x0F, 0xC9, 0xFD, 0x90, 0xC9, 0, 0x40 },
	{ 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0x7F },
};

/* Words whose upper half the manual reserves. */
static int half(u32 word)
{
	return word < 3 || word == 6;
}

static void compare(void)
{
	memset(legacy, 0x5A, sizeof(legacy));
	fpu_to_legacy((const struct fpu *)fxsave, legacy);
	for (u32 i = 0; i < FPU_LEGACY_WORDS; i++)
		if (half(i))
			assert_int_equal(legacy[i] & 0xFFFF,
					 judged[i] & 0xFFFF);
		else if (i < 3 || i > 6) /* pointers: the host hides some */
			assert_int_equal(legacy[i], judged[i]);
}

static void every_depth_and_top(void **state)
{
	(void)state;
	for (u32 count = 0; count <= 8; count++)
		for (u32 turns = 0; turns < 8; turns++) {
			save(values, count, turns);
			compare();
		}
}

static void there_and_back(void **state)
{
	(void)state;
	save(values, 5, 3);
	fpu_to_legacy((const struct fpu *)fxsave, legacy);
	memcpy(again, fxsave, sizeof(again));
	memset(again, 0xEE, 24); /* all of the x87's */
	memset(again + 32, 0xEE, 128);
	fpu_from_legacy((struct fpu *)again, legacy);
	assert_memory_equal(again, fxsave, 5); /* control, status, tags */
	for (u32 i = 0; i < 8; i++)
		assert_memory_equal(again + 32 + 16 * i, fxsave + 32 + 16 * i,
				    10);
	assert_memory_equal(again + 24, fxsave + 24, 8); /* MXCSR */
	assert_memory_equal(again + 160, fxsave + 160, 128); /* SSE */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_depth_and_top),
		cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests(tests, 0, 0);
}
