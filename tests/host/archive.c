// sources: kernel/archive.c
/*
 * The cpio reader: one archive, several behind each other, every way to cut
 * or break one, and mutated bytes under the sanitizers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/archive.h"

#define FUZZ_ROUNDS 200000
#define ROOM	    4096

struct maker {
	u8 bytes[ROOM];
	u32 size;
};

static void pad(struct maker *m, u32 to)
{
	while (m->size % to != 0)
		m->bytes[m->size++] = 0;
}

static void add(struct maker *m, const char *name, const char *text)
{
	u32 name_size = (u32)strlen(name) + 1;
	u32 text_size = (u32)strlen(text);

	m->size += (u32)sprintf((char *)m->bytes + m->size,
				"070701%08X%08X%08X%08X%08X%08X%08X"
				"%08X%08X%08X%08X%08X%08X",
				1u, 0100644u, 0u, 0u, 1u, 0u, text_size, 0u, 0u,
				0u, 0u, name_size, 0u);
	memcpy(m->bytes + m->size, name, name_size);
	m->size += name_size;
	pad(m, 4);
	memcpy(m->bytes + m->size, text, text_size);
	m->size += text_size;
	pad(m, 4);
}

static void end(struct maker *m)
{
	add(m, "TRAILER!!!", "");
	pad(m, 512);
}

static void good(struct maker *m)
{
	memset(m, 0, sizeof *m);
	add(m, "domains/hello",
	    "\x7F"
	    "ELF...");
	add(m, "./empty", "");
	add(m, "x", "12345678");
	end(m);
	add(m, "monitor", "domains\n");
	add(m, "x", "later");
	end(m);
}

static void expect(struct archive *a, const char *name, const char *text)
{
	struct archive_file file;

	assert_int_equal(archive_next(a, &file), 1);
	assert_string_equal(file.name, name);
	assert_int_equal(file.size, strlen(text));
	assert_memory_equal(file.bytes, text, file.size);
	assert_int_equal((file.bytes - a->bytes) % 4, 0);
	assert_int_equal(file.mode, 0100644);
}

static void test_good(void **state)
{
	struct maker m;
	struct archive a;
	struct archive_file file;

	(void)state;
	good(&m);
	archive_open(&a, m.bytes, m.size);
	expect(&a, "domains/hello",
	       "\x7F"
	       "ELF...");
	expect(&a, "empty", "");
	expect(&a, "x", "12345678");
	expect(&a, "monitor", "domains\n");
	expect(&a, "x", "later");
	assert_int_equal(archive_next(&a, &file), 0);
	assert_int_equal(archive_next(&a, &file), 0);
}

static void test_empty(void **state)
{
	u8 zeros[515] = { 0 };
	struct archive a;
	struct archive_file file;

	(void)state;
	archive_open(&a, zeros, 0);
	assert_int_equal(archive_next(&a, &file), 0);
	archive_open(&a, zeros, sizeof zeros);
	assert_int_equal(archive_next(&a, &file), 0);
}

static void test_find(void **state)
{
	struct maker m;
	struct archive_file file;

	(void)state;
	good(&m);
	assert_int_equal(archive_find(m.bytes, m.size, "x", &file), 0);
	assert_memory_equal(file.bytes, "later", 5);
	assert_int_equal(archive_find(m.bytes, m.size, "empty", &file), 0);
	assert_int_equal(archive_find(m.bytes, m.size, "y", &file), -E_NAME);
	assert_int_equal(archive_find(m.bytes, m.size, "TRAILER!!!", &file),
			 -E_NAME);
	m.bytes[0] = 'x';
	assert_int_equal(archive_find(m.bytes, m.size, "x", &file), -E_FORM);
}

/* The reader at the first entry after one character of it is changed. */
static i32 broken(u32 at, u8 value)
{
	struct maker m;
	struct archive a;
	struct archive_file file;
	i32 first;

	good(&m);
	m.bytes[at] = value;
	archive_open(&a, m.bytes, m.size);
	first = archive_next(&a, &file);
	if (first < 0)
		assert_int_equal(archive_next(&a, &file), first);
	return first;
}

static void test_refusals(void **state)
{
	(void)state;
	assert_int_equal(broken(5, '2'), 1); /* magic: with checksum */
	assert_int_equal(broken(5, '7'), -E_FORM);
	assert_int_equal(broken(0, '1'), -E_FORM);
	assert_int_equal(broken(14, 'g'), -E_FORM); /* mode */
	assert_int_equal(broken(21, 'a'), 1);
	assert_int_equal(broken(54, 'F'), -E_FORM); /* contents: 4 GiB */
	assert_int_equal(broken(61, ' '), -E_FORM);
	assert_int_equal(broken(94, 'F'), -E_FORM); /* name: 4 GiB */
	assert_int_equal(broken(101, 'D'), -E_FORM); /* name: no NUL */
	assert_int_equal(broken(100, '1'), -E_FORM); /* name: too long */
	assert_int_equal(broken(112, 0), -E_FORM); /* name: NUL within */
	assert_int_equal(broken(123, 'x'), -E_FORM); /* name: no NUL */
}

/* All entries of exactly `size` bytes, whose end the sanitizer watches. */
static i32 walk(const u8 *bytes, u32 size, u32 *entries)
{
	u8 *copy = malloc(size ? size : 1);
	struct archive a;
	struct archive_file file;
	i32 more;

	memcpy(copy, bytes, size);
	archive_open(&a, copy, size);
	*entries = 0;
	while ((more = archive_next(&a, &file)) > 0) {
		++*entries;
		assert_true(file.bytes >= copy && file.bytes <= copy + size);
		assert_true(file.size <= size - (u32)(file.bytes - copy));
		assert_true((const u8 *)file.name + strlen(file.name) <
			    copy + size);
		assert_true(*entries <= size / 110);
	}
	free(copy);
	return more;
}

static void test_cut_off(void **state)
{
	struct maker m;
	u32 entries;

	(void)state;
	good(&m);
	for (u32 size = 1; size < m.size; size++) {
		i32 result = walk(m.bytes, size, &entries);

		assert_true(result == 0 || result == -E_FORM);
		assert_true(entries <= 5);
	}
	assert_int_equal(walk(m.bytes, 109, &entries), -E_FORM);
	assert_int_equal(walk(m.bytes, 123, &entries), -E_FORM);
	assert_int_equal(walk(m.bytes, 130, &entries), -E_FORM);
	assert_int_equal(entries, 0);
	assert_int_equal(walk(m.bytes, 131, &entries), 0);
	assert_int_equal(entries, 1);
}

static void test_fuzz(void **state)
{
	static const char telling[] = "0123478FfgG/.\0!T";
	struct maker whole;
	u32 seed = 20240229, passed = 0;

	(void)state;
	good(&whole);
	for (u32 round = 0; round < FUZZ_ROUNDS; round++) {
		struct maker m = whole;
		u32 entries;

		for (u32 edits = round % 4 + 1; edits; edits--) {
			seed = seed * 1664525 + 1013904223;
			m.bytes[(seed >> 8) % m.size] =
				(u8)telling[seed >> 4 & 15];
		}
		seed = seed * 1664525 + 1013904223;
		if (seed >> 28 == 0)
			m.size = (seed >> 4) % m.size;
		passed += walk(m.bytes, m.size, &entries) == 0;
	}
	assert_in_range(passed, FUZZ_ROUNDS / 10, FUZZ_ROUNDS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),	cmocka_unit_test(test_empty),
		cmocka_unit_test(test_find),	cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_cut_off), cmocka_unit_test(test_fuzz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
