// sources: kernel/symbol.c
/*
 * Symbols and lines of a real ELF file, compared with addr2line at every
 * address; then of the same file cut, shifted, mutated and made hostile, under
 * the sanitizers. Also what tools/lines promises of the files it rewrites.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/elf.h"
#include "kernel/symbol.h"
#include "tests/host/symbol_sample.h"

#define MUTATIONS 60000

static struct sample sample;

static u32 value_of(const char *name)
{
	u32 value = 0;

	if (symbol_value(sample.file, sample.size, name, &value) != 0)
		fail_msg("no symbol %s", name);
	return value;
}

static void expect_symbol(u32 address, const char *expected, u32 distance)
{
	const char *name;
	u32 offset;

	assert_int_equal(
		symbol_find(sample.file, sample.size, address, &name, &offset),
		0);
	assert_string_equal(name, expected);
	assert_int_equal(offset, distance);
}

static void symbols(void **state)
{
	static const char *const names[] = {
		"first",       "second",  "many",   "hidden", "label",
		"label.local", "counter", "zeroed", "fixed",
	};
	u32 value;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		expect_symbol(value_of(names[i]), names[i], 0);
	}
	expect_symbol(value_of("many") + 7, "many", 7);
	expect_symbol(value_of("label") + 1, "label", 1);
	expect_symbol(value_of("zeroed") + 255, "zeroed", 255);
	expect_symbol(value_of("counter") + 3, "counter", 3);
	assert_int_equal(
		symbol_value(sample.file, sample.size, "nobody", &value),
		-E_NAME);
	assert_int_equal(symbol_value(sample.file, sample.size, "", &value),
			 -E_NAME);
	assert_int_equal(symbol_value(sample.file, sample.size, "firs", &value),
			 -E_NAME);
	assert_int_equal(
		symbol_value(sample.file, sample.size, "one.c", &value),
		-E_NAME);
}

static void outside(void **state)
{
	static const u32 nowhere[] = { 0, 0xFFF, 0x40000000, 0xFFFFFFFF };
	const char *name;
	u32 number;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(symbol_find(sample.file, sample.size,
					     nowhere[i], &name, &number),
				 -E_NAME);
		assert_int_equal(line_find(sample.file, sample.size, nowhere[i],
					   &name, &number),
				 -E_NAME);
	}
}

static void expect_line(u32 address, const char *expected, u32 where)
{
	const char *name;
	u32 line;

	assert_int_equal(
		line_find(sample.file, sample.size, address, &name, &line), 0);
	assert_string_equal(name, expected);
	assert_int_equal(line, where);
}

static void lines(void **state)
{
	(void)state;
	for (u32 i = 0; i < 4; i++) {
		expect_line(value_of("hidden") + i, "one.c", 2);
		expect_line(value_of("first") + i, "one.c", 5);
		expect_line(value_of("second") + i, "one.c", 6);
	}
	expect_line(value_of("many"), "src/two.c", 7);
}

static const struct elf_header *header(const u8 *file)
{
	return (const struct elf_header *)file;
}

static const u32 *section_field(const u8 *file, u32 index, u32 word)
{
	return (const u32 *)(file + header(file)->sections) + index * 10 + word;
}

/* The section called `name`; 0 if there is none. */
static u32 section_named(const u8 *file, const char *name)
{
	u32 names = *section_field(file, header(file)->section_names, 4);

	for (u32 i = 1; i < header(file)->section_count; i++) {
		const u8 *its = file + names + *section_field(file, i, 0);

		if (strcmp((const char *)its, name) == 0)
			return i;
	}
	return 0;
}

static void address_lines(void **state)
{
	u32 text = section_named(sample.file, ".text");
	u32 end = 0x1000 + *section_field(sample.file, text, 5);
	char command[256], theirs[256];
	u32 known = 0;
	FILE *pipe;

	(void)state;
	snprintf(command, sizeof(command),
		 "cd %s && seq -f %%.0f 4096 %u | xargs printf '%%x\\n' | "
		 "addr2line -e sample.elf.debug",
		 sample.folder, end - 1);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	for (u32 address = 0x1000; address < end; address++) {
		char ours[256] = "?";
		const char *name;
		u32 line;

		assert_non_null(fgets(theirs, sizeof(theirs), pipe));
		theirs[strcspn(theirs, " \n")] = 0;
		if (strchr(theirs, '?'))
			continue;
		if (line_find(sample.file, sample.size, address, &name,
			      &line) == 0)
			snprintf(ours, sizeof(ours), "%s/%s:%u", sample.folder,
				 name, line);
		known++;
		if (strcmp(ours, theirs) != 0)
			fail_msg("%x: %s, not %s", address, ours, theirs);
	}
	pclose(pipe);
	assert_true(known > 100);
}

static void tool(void **state)
{
	(void)state;
	assert_true(section_named(sample.file, ".bulkhead.lines"));
	assert_true(section_named(sample.file, ".symtab"));
	assert_true(section_named(sample.file, ".gnu_debuglink"));
	assert_false(section_named(sample.file, ".debug_line"));
	assert_false(section_named(sample.file, ".debug_info"));
	assert_int_not_equal(sample_lines(&sample, "sample.elf 2>twice"), 0);
	assert_int_equal(sample_run(&sample, "grep -q 'link it again' twice"),
			 0);
	assert_int_not_equal(sample_lines(&sample, "one.c 2>not"), 0);
	assert_int_equal(sample_run(&sample, "grep -q 'not an ELF file' not"),
			 0);
	assert_int_equal(sample_build(&sample, ""), 0);
	assert_int_not_equal(sample_lines(&sample, "sample.elf 2>without"), 0);
	assert_int_equal(sample_run(&sample, "grep -q 'with -g' without"), 0);
}

/* Ask everything; what comes back must be readable to its end. */
static void ask(const u8 *file, u32 size, u32 address)
{
	const char *name = 0;
	u32 number = 0;

	if (symbol_find(file, size, address, &name, &number) == 0)
		assert_in_range(strlen(name), 1, SYMBOL_NAME_MOST);
	if (line_find(file, size, address, &name, &number) == 0)
		assert_in_range(strlen(name), 1, SYMBOL_NAME_MOST);
	symbol_value(file, size, "many", &number);
}

static void cut_off(void **state)
{
	(void)state;
	for (u32 size = 0; size <= sample.size; size += size < 64 ? 1 : 7) {
		u8 *exact = malloc(size ? size : 1);

		assert_non_null(exact);
		memcpy(exact, sample.file, size);
		ask(exact, size, value_of("many"));
		free(exact);
	}
}

/* A file may start at any address. */
static void shifted(void **state)
{
	u8 *room = malloc(sample.size + 3);
	u32 many = value_of("many"), value = 0;
	const char *name;

	(void)state;
	assert_non_null(room);
	memcpy(room + 3, sample.file, sample.size);
	assert_int_equal(symbol_value(room + 3, sample.size, "many", &value),
			 0);
	assert_int_equal(value, many);
	assert_int_equal(line_find(room + 3, sample.size, many, &name, &value),
			 0);
	assert_int_equal(value, 7);
	free(room);
}

static void mutated(void **state)
{
	static const u8 odd[] = { 0, 1, 0x7F, 0x80, 0xFF, 0xFE, 4, 16 };
	u8 *copy = malloc(sample.size);
	u32 tables = *section_field(
		sample.file, section_named(sample.file, ".bulkhead.lines"), 4);
	u32 many = value_of("many"), seed = 1;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, sample.file, sample.size);
	for (u32 i = 0; i < MUTATIONS; i++) {
		u32 places[3];
		u32 count = 1 + i % 3;

		for (u32 j = 0; j < count; j++) {
			seed = seed * 1664525 + 1013904223;
			places[j] = seed % (sample.size - tables + 52);
			if (places[j] >= 52)
				places[j] += tables - 52;
			copy[places[j]] = odd[(seed >> 24) % 8];
		}
		ask(copy, sample.size, i % 2 ? many : seed);
		for (u32 j = 0; j < count; j++)
			copy[places[j]] = sample.file[places[j]];
	}
	free(copy);
}

struct hostile {
	const char *section; /* 0: the ELF header */
	u32 word; /* of the section's header, or 16 + of its contents */
	u32 value;
	i32 find, value_error, line; /* what must come back */
};

static const struct hostile hostile[] = {
	{ 0, 0, 0x12345678, -E_FORM, -E_FORM, -E_FORM }, /* magic */
	{ 0, 4, 0x003E0002, -E_FORM, -E_FORM, -E_FORM }, /* not for an i386 */
	{ 0, 8, 0xFFFFFFF0, -E_FORM, -E_FORM, -E_FORM }, /* section headers */
	{ 0, 11, 0, -E_FORM, -E_FORM, -E_FORM }, /* their size */
	{ 0, 12, 0x0000FFFF, -E_FORM, -E_FORM, -E_FORM }, /* 65535 of them */
	{ 0, 12, 0, -E_NAME, -E_NAME, -E_NAME }, /* none */
	{ ".symtab", 4, 0xFFFFFFFC, -E_NAME, -E_NAME, 0 }, /* offset */
	{ ".symtab", 5, 0xFFFFFFFF, -E_NAME, -E_NAME, 0 }, /* size */
	{ ".symtab", 5, 0, -E_NAME, -E_NAME, 0 },
	{ ".symtab", 6, 0xFFFF, -E_FORM, -E_FORM, 0 }, /* strings' section */
	{ ".symtab", 6, 1, -E_FORM, -E_FORM, 0 },
	{ ".symtab", 9, 0, -E_FORM, -E_FORM, 0 }, /* entry size */
	{ ".strtab", 5, 0xFFFFFFFF, -E_NAME, -E_NAME, 0 },
	{ ".strtab", 5, 1, -E_NAME, -E_NAME, 0 },
	{ ".shstrtab", 4, 0xFFFFFFFF, 0, 0, -E_NAME },
	{ ".bulkhead.lines", 4, 0xFFFFFFFF, 0, 0, -E_FORM },
	{ ".bulkhead.lines", 5, 15, 0, 0, -E_FORM },
	{ ".bulkhead.lines", 16, 0, 0, 0, -E_FORM }, /* magic */
	{ ".bulkhead.lines", 17, 0xFFFFFFFF, 0, 0, -E_FORM }, /* rows */
	{ ".bulkhead.lines", 17, 0x20000001, 0, 0, -E_FORM },
	{ ".bulkhead.lines", 17, 0, 0, 0, -E_NAME },
	{ ".bulkhead.lines", 18, 0xFFFFFFFF, 0, 0, -E_FORM }, /* strings */
	{ ".bulkhead.lines", 18, 16, 0, 0, -E_FORM },
	{ ".bulkhead.lines", 19, 0, 0, 0, -E_FORM }, /* size */
};

static void hostile_fields(void **state)
{
	u32 many = value_of("many"), number;
	u8 *copy = malloc(sample.size);
	const char *name;

	(void)state;
	assert_non_null(copy);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		const struct hostile *h = &hostile[i];
		u32 at = 4 * h->word;

		memcpy(copy, sample.file, sample.size);
		if (h->section) {
			u32 index = section_named(copy, h->section);

			assert_true(index);
			at = h->word < 16 ?
				     header(copy)->sections + index * 40 + at :
				     *section_field(copy, index, 4) + at - 64;
		}
		memcpy(copy + at, &h->value, 4);
		if (symbol_find(copy, sample.size, many, &name, &number) !=
			    h->find ||
		    symbol_value(copy, sample.size, "many", &number) !=
			    h->value_error ||
		    line_find(copy, sample.size, many, &name, &number) !=
			    h->line)
			fail_msg("case %zu", i);
	}
	free(copy);
}

/* A name that is too long or would garble a terminal is no name. */
static void hostile_names(void **state)
{
	u32 strings = *section_field(sample.file,
				     section_named(sample.file, ".strtab"), 4);
	u32 size = *section_field(sample.file,
				  section_named(sample.file, ".strtab"), 5);
	u8 *copy = malloc(sample.size);
	u32 many = value_of("many"), number;
	const char *name;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, sample.file, sample.size);
	for (u32 i = 0; i < size; i++)
		if (memcmp(copy + strings + i, "many", 5) == 0)
			copy[strings + i + 1] = 0x1B;
	assert_int_equal(symbol_value(copy, sample.size, "many", &number),
			 -E_NAME);
	assert_int_equal(symbol_find(copy, sample.size, many, &name, &number),
			 0);
	assert_string_not_equal(name, "many");
	memset(copy + strings, 'x', size);
	assert_int_equal(symbol_find(copy, sample.size, many, &name, &number),
			 -E_NAME);
	free(copy);
}

static int start(void **state)
{
	(void)state;
	return sample_make(&sample);
}

static int end(void **state)
{
	(void)state;
	return sample_free(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols),
		cmocka_unit_test(outside),
		cmocka_unit_test(lines),
		cmocka_unit_test(address_lines),
		cmocka_unit_test(tool),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(shifted),
		cmocka_unit_test(mutated),
		cmocka_unit_test(hostile_fields),
		cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, start, end);
}
