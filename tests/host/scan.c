// sources: kernel/scan.c kernel/decode.c kernel/decode_operand.c
// sources: kernel/decode_memory.c kernel/decode_text.c kernel/decode_table.c
// sources: kernel/decode_map.c
/* The scan of a text: each kind of encoding, prefixes, edges, what is hidden.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/scan.h"

struct sample {
	u8 kind, count;
	u8 code[8];
};

static const struct sample samples[] = {
	{ SCAN_TRANSFER, 7, { 0x9A, 0, 0, 0, 0, 8, 0 } },
	{ SCAN_TRANSFER, 7, { 0xEA, 0, 0, 0, 0, 8, 0 } },
	{ SCAN_TRANSFER, 2, { 0xFF, 0x18 } }, /* call far [eax] */
	{ SCAN_TRANSFER, 2, { 0xFF, 0x28 } }, /* jmp far [eax] */
	{ SCAN_TRANSFER, 3, { 0xCA, 8, 0 } },
	{ SCAN_TRANSFER, 1, { 0xCB } },
	{ SCAN_TRANSFER, 1, { 0xCF } },
	{ SCAN_TRANSFER, 2, { 0x66, 0xCF } },
	{ SCAN_SEGMENT, 2, { 0x8E, 0xC0 } }, /* mov es, ax */
	{ SCAN_SEGMENT, 2, { 0x8E, 0xD0 } },
	{ SCAN_SEGMENT, 2, { 0x8E, 0x28 } }, /* mov gs, [eax] */
	{ SCAN_SEGMENT, 1, { 0x07 } },
	{ SCAN_SEGMENT, 1, { 0x17 } },
	{ SCAN_SEGMENT, 1, { 0x1F } },
	{ SCAN_SEGMENT, 2, { 0x0F, 0xA1 } },
	{ SCAN_SEGMENT, 2, { 0x0F, 0xA9 } },
	{ SCAN_SEGMENT, 2, { 0xC4, 0x00 } },
	{ SCAN_SEGMENT, 2, { 0xC5, 0x00 } },
	{ SCAN_SEGMENT, 3, { 0x0F, 0xB2, 0x20 } },
	{ SCAN_SEGMENT, 3, { 0x0F, 0xB4, 0x20 } },
	{ SCAN_SEGMENT, 4, { 0x64, 0x0F, 0xB5, 0x20 } },
	{ SCAN_INTERRUPT, 1, { 0xCC } },
	{ SCAN_INTERRUPT, 2, { 0xCD, 0x80 } },
	{ SCAN_INTERRUPT, 1, { 0xCE } },
	{ SCAN_INTERRUPT, 1, { 0xF1 } },
	{ SCAN_SYSTEM, 2, { 0x0F, 0x34 } },
	{ SCAN_SYSTEM, 2, { 0x0F, 0x05 } },
	{ SCAN_PORT, 2, { 0xE4, 0x60 } },
	{ SCAN_PORT, 1, { 0xEF } },
	{ SCAN_PORT, 2, { 0xF3, 0x6F } },
	{ SCAN_NONE, 2, { 0xFF, 0x10 } }, /* call [eax] */
	{ SCAN_NONE, 2, { 0xFF, 0xD8 } }, /* a far call has no register form */
	{ SCAN_NONE, 2, { 0x8E, 0xC8 } }, /* mov cs: #UD */
	{ SCAN_NONE, 2, { 0x8C, 0xC0 } }, /* mov ax, es */
	{ SCAN_NONE, 2, { 0xC4, 0xC0 } },
	{ SCAN_NONE, 1, { 0xC3 } },
	{ SCAN_NONE, 1, { 0xFF } }, /* cut off */
	{ SCAN_NONE, 1, { 0x0F } },
	{ SCAN_NONE, 2, { 0x0F, 0xB2 } },
	{ SCAN_NONE, 2, { 0x66, 0x66 } },
	{ SCAN_NONE, 0, { 0 } },
};

static void each_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		/* nothing behind the bytes is there to be read */
		u8 *code = malloc(samples[i].count ? samples[i].count : 1);

		memcpy(code, samples[i].code, samples[i].count);
		assert_int_equal(scan_kind(code, samples[i].count),
				 samples[i].kind);
		free(code);
	}
}

static int above(const void *of, u32 offset)
{
	return offset >= *(const u32 *)of;
}

/* mov eax, 0x80CD; lret; then the same as if generated. */
static void hidden_and_known(void **state)
{
	static const u8 code[] = { 0xB8, 0xCD, 0x80, 0, 0, 0xCB,
				   0xB8, 0xCD, 0x80, 0, 0, 0xCB };
	const u32 border = 0x1006;
	struct scan s;

	(void)state;
	scan_text(code, sizeof code, 0x1000, above, &border, &s);
	assert_int_equal(s.instructions, 4);
	assert_int_equal(s.unknown, 0);
	assert_int_equal(s.elsewhere[SCAN_TRANSFER], 1);
	assert_int_equal(s.generated[SCAN_TRANSFER], 1);
	assert_int_equal(s.hidden[SCAN_INTERRUPT], 2);
	assert_int_equal(s.elsewhere[SCAN_INTERRUPT], 0);
	assert_int_equal(s.first, 0x1005);
}

/* The first that is no segment load is named before any segment load. */
static void first_named(void **state)
{
	static const u8 code[] = { 0x8E, 0xC0, 0x90, 0xCD, 0x80 };
	const u32 border = 0xFFFFFFFF;
	struct scan s;

	(void)state;
	scan_text(code, sizeof code, 0x1000, above, &border, &s);
	assert_int_equal(s.first, 0x1003);
	scan_text(code, 3, 0x1000, above, &border, &s);
	assert_int_equal(s.first, 0x1000);
	assert_int_equal(s.elsewhere[SCAN_SEGMENT], 1);
}

static void every_byte(void **state)
{
	static const u8 code[] = { 0xB8, 0xCD, 0x80, 0xCB, 0x66, 0xCF };
	u32 found[SCAN_KINDS];

	(void)state;
	scan_bytes(code, sizeof code, found);
	assert_int_equal(found[SCAN_INTERRUPT], 1);
	assert_int_equal(found[SCAN_TRANSFER], 2);
	assert_int_equal(found[SCAN_PORT], 0);
}

/* Whatever the bytes: each is scanned once, and none behind the last. */
static void any_bytes(void **state)
{
	const u32 border = 0x1000;
	u32 seed = 1;

	(void)state;
	for (u32 round = 0; round < 2000; round++) {
		u32 size = round % 64;
		u8 *code = malloc(size ? size : 1);
		struct scan s;

		for (u32 i = 0; i < size; i++) {
			seed = seed * 1664525 + 1013904223;
			code[i] = (u8)(seed >> 24);
		}
		scan_text(code, size, 0x1000, above, &border, &s);
		assert_true(s.instructions + s.unknown <= size);
		free(code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind),
		cmocka_unit_test(hidden_and_known),
		cmocka_unit_test(first_named),
		cmocka_unit_test(every_byte),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
