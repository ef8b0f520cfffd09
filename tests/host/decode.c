// sources: kernel/decode.c kernel/decode_operand.c kernel/decode_memory.c
// sources: kernel/decode_text.c kernel/decode_table.c kernel/decode_map.c
/*
 * The instruction decoder: a golden table of encodings, the edges of what it
 * may read, and a comparison with Capstone where that is installed. With the
 * argument `lines` it decodes hexadecimal lines for that comparison.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/decode.h"
#include "tests/host/decode_golden.h"

#define SUMMARY 128

/* EAX is 0x1000, ECX 0x2000 and so on; ES holds 0x10, CS 0x18 and so on. */
static const struct decode_registers registers = {
	.general = { 0x1000, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000, 0x7000,
		     0x8000 },
	.eip = 0x100000,
	.selector = { 0x10, 0x18, 0x20, 0x28, 0x30, 0x38 },
};

static u32 hex_read(const char *hex, u8 *bytes, u32 most)
{
	u32 count = 0;
	unsigned value;
	int taken;

	while (count < most && sscanf(hex, "%2x%n", &value, &taken) == 1) {
		bytes[count++] = (u8)value;
		hex += taken;
	}
	return count;
}

/* All that is noted but the text, in a line: `r4 ds:3004, load ds=1000`. */
static void summarize(const struct decoded *d, char *out)
{
	char *end = out + SUMMARY;

	*out = 0;
	for (u32 i = 0; i < d->memory_count; i++) {
		const struct decode_memory *m = &d->memory[i];

		out += snprintf(out, (size_t)(end - out), ", %s%s%u %s:%x%s",
				m->reads ? "r" : "", m->writes ? "w" : "",
				m->size, decode_segment_name(m->segment),
				m->offset,
				m->stack  ? " stack" :
				m->string ? " string" :
					    "");
	}
	if (d->loads != DECODE_NONE)
		out += snprintf(out, (size_t)(end - out), ", load %s",
				decode_segment_name(d->loads));
	if (d->selector_known)
		out += snprintf(out, (size_t)(end - out), "=%x", d->selector);
	if (d->target_known)
		out += snprintf(out, (size_t)(end - out), ", target %x",
				d->target);
	if (d->port_known)
		snprintf(out, (size_t)(end - out), ", port %x", d->port);
}

static void golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		u8 bytes[32];
		u32 count = hex_read(table[i].hex, bytes, sizeof(bytes));
		char summary[SUMMARY];
		struct decoded d;

		if (!instruction_decode(bytes, count, &registers, &d))
			fail_msg("%s: %s", table[i].hex, d.text);
		summarize(&d, summary);
		if (d.length != count || strcmp(d.text, table[i].text) != 0 ||
		    strcmp(summary[0] ? summary + 2 : "", table[i].summary))
			fail_msg("%s: %u bytes, `%s`, `%s`", table[i].hex,
				 d.length, d.text, summary + 2);
	}
}

static void selectors(void **state)
{
	static const u8 code[] = { 0x65, 0x89, 0x04, 0x24 };
	struct decoded d;

	(void)state;
	assert_true(instruction_decode(code, 4, &registers, &d));
	assert_int_equal(d.memory[0].selector, 0x38);
	assert_string_equal(decode_segment_name(DECODE_NONE), "none");
	assert_string_equal(decode_segment_name(99), "none");
}

static void unknown(void **state)
{
	static const struct {
		const char *hex, *text;
	} cases[] = {
		{ "0f 0a", "(unknown: 0f 0a)" },
		{ "0f ff c0", "(unknown: 0f ff)" },
		{ "66 0f c7 00", "(unknown: 66 0f c7 00)" },
		{ "8e c8", "(unknown: 8e c8)" }, /* MOV to CS */
		{ "8e f0", "(unknown: 8e f0)" }, /* segment register 6 */
		{ "8c f8", "(unknown: 8c f8)" },
		{ "8d c0", "(unknown: 8d c0)" }, /* LEA of a register */
		{ "c5 c0", "(unknown: c5 c0)" },
		{ "ff d8", "(unknown: ff d8)" }, /* far call of a register */
		{ "ff f8", "(unknown: ff f8)" },
		{ "fe d0", "(unknown: fe d0)" },
		{ "0f ba c0 01", "(unknown: 0f ba c0)" },
		{ "0f 01 d0", "(unknown: 0f 01 d0)" },
		{ "0f c7 c8", "(unknown: 0f c7 c8)" },
		{ "0f 50 00", "(unknown: 0f 50 00)" },
		{ "d9 d1", "(unknown: d9 d1)" },
		{ "d9 08", "(unknown: d9 08)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		u8 bytes[16];
		u32 count = hex_read(cases[i].hex, bytes, sizeof(bytes));
		struct decoded d;

		assert_false(instruction_decode(bytes, count, &registers, &d));
		assert_int_equal(d.status, DECODE_UNKNOWN);
		assert_int_equal(d.memory_count, 0);
		assert_string_equal(d.text, cases[i].text);
	}
}

/* Every instruction cut at every byte, in memory that ends there. */
static void cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		u8 bytes[32];
		u32 count = hex_read(table[i].hex, bytes, sizeof(bytes));

		for (u32 given = 0; given < count; given++) {
			u8 *exact = malloc(given ? given : 1);
			struct decoded d;

			assert_non_null(exact);
			memcpy(exact, bytes, given);
			assert_false(instruction_decode(exact, given,
							&registers, &d));
			assert_int_equal(d.status, DECODE_CUT);
			assert_int_equal(d.memory_count, 0);
			assert_memory_equal(d.text, "(cut off:", 9);
			free(exact);
		}
	}
}

static void too_long(void **state)
{
	u8 bytes[32];
	struct decoded d;

	(void)state;
	memset(bytes, 0x66, sizeof(bytes));
	bytes[14] = 0x90;
	assert_true(instruction_decode(bytes, 15, &registers, &d));
	assert_int_equal(d.length, 15);
	bytes[14] = 0x66;
	bytes[15] = 0x90;
	assert_false(instruction_decode(bytes, 32, &registers, &d));
	assert_int_equal(d.status, DECODE_LONG);
}

/* Anything at all: no read beyond the end, no text without an end. */
static void random_bytes(void **state)
{
	u32 seed = 1;

	(void)state;
	for (u32 i = 0; i < 200000; i++) {
		u32 count = i % 16;
		u8 *bytes = malloc(count ? count : 1);
		struct decoded d;

		assert_non_null(bytes);
		for (u32 j = 0; j < count; j++) {
			seed = seed * 1664525 + 1013904223;
			bytes[j] = (u8)(seed >> 24);
		}
		if (instruction_decode(bytes, count, &registers, &d))
			assert_in_range(d.length, 1, count);
		assert_non_null(memchr(d.text, 0, sizeof(d.text)));
		free(bytes);
	}
}

static void capstone(void **state)
{
	char script[] = __FILE__, command[512], self[256];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)state;
	assert_true(length > 0);
	self[length] = 0;
	if (system("/usr/bin/python3 -c 'import capstone' 2>/dev/null") != 0)
		skip();
	strcpy(strrchr(script, '.'), "");
	snprintf(command, sizeof(command),
		 "/usr/bin/python3 %s_capstone.py '%s'", script, self);
	assert_int_equal(system(command), 0);
}

static int decode_lines(void)
{
	char line[256], summary[SUMMARY];
	u8 bytes[32];
	struct decoded d;

	while (fgets(line, sizeof(line), stdin)) {
		u32 count = hex_read(line, bytes, sizeof(bytes));

		instruction_decode(bytes, count, &registers, &d);
		summarize(&d, summary);
		printf("%u|%s|%s\n", d.length, d.text,
		       summary[0] ? summary + 2 : "");
	}
	return 0;
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),   cmocka_unit_test(selectors),
		cmocka_unit_test(unknown),  cmocka_unit_test(cut_off),
		cmocka_unit_test(too_long), cmocka_unit_test(random_bytes),
		cmocka_unit_test(capstone),
	};

	if (count == 2 && strcmp(arguments[1], "lines") == 0)
		return decode_lines();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
