/*
 * What a hostile file system might answer: attributes that no inode can have,
 * lists that are none, counts beyond what was lent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define from const
#define into
#include "kernel/answer.h"
#include "kernel/vfs/checked.c"

#define NAME_MOST 255u

static struct filesystem_attributes good(void)
{
	return (struct filesystem_attributes){
		.inode = 1,
		.mode = 0100644,
		.links = 1,
		.size = 0xFFFFFFFFu,
		.accessed_ns = 999999999,
	};
}

/* Attributes with one field changed. */
#define WITH(field, value) \
	({ \
		struct filesystem_attributes a_ = good(); \
		a_.field = (value); \
		attributes_check(&a_); \
	})

static void kinds(void **state)
{
	static const u32 there[] = { 0010000, 0020000, 0040000, 0060000,
				     0100000, 0120000, 0140000 };
	u32 count = 0;

	(void)state;
	for (u32 kind = 0; kind < 16; kind++)
		count += WITH(mode, kind << 12 | 0777) == 0;
	assert_int_equal(count, sizeof(there) / sizeof(*there));
	for (u32 i = 0; i < count; i++)
		assert_int_equal(WITH(mode, there[i] | 07777), 0);
	assert_int_equal(WITH(mode, 0300644), -EIO);
	assert_int_equal(WITH(mode, 0xFFFFFFFFu), -EIO);
	assert_int_equal(WITH(mode, 0), -EIO);
}

static void numbers(void **state)
{
	(void)state;
	assert_int_equal(WITH(inode, 1), 0);
	assert_int_equal(WITH(inode, 0), -EIO);
	assert_int_equal(WITH(accessed_ns, 1000000000), -EIO);
	assert_int_equal(WITH(modified_ns, 1000000000), -EIO);
	assert_int_equal(WITH(changed_ns, 0xFFFFFFFFu), -EIO);
	assert_int_equal(WITH(flags, 7), 0);
	assert_int_equal(WITH(flags, 8), -EIO);
	assert_int_equal(WITH(jump, 1), -EIO);
}

/* Every page of a file has a number that is a word. */
static void sizes(void **state)
{
	struct filesystem_attributes a = good();

	(void)state;
	a.size_high = 0xFFF;
	a.size = 0xFFFFF000u;
	assert_int_equal(attributes_check(&a), 0);
	a.size++;
	assert_int_equal(attributes_check(&a), -EIO);
	assert_int_equal(WITH(size_high, 0x1000), -EIO);
	assert_int_equal(WITH(size_high, 0xFFFFFFFFu), -EIO);
}

static u8 bytes[sizeof(struct listed) + NAME_MOST];

static struct listed *entry(const char *name, u32 length)
{
	struct listed *l = (struct listed *)bytes;

	l->inode = 1;
	l->next = 1;
	l->type = 8;
	l->length = (u8)length;
	memcpy(l->name, name, length);
	return l;
}

static void lists(void **state)
{
	const i32 whole = (i32)sizeof(struct listed) + 4;
	struct listed *l = entry("name", 4);

	(void)state;
	assert_int_equal(listed_check(l, sizeof(bytes)), whole);
	assert_int_equal(listed_check(l, (u32)whole), whole);
	for (u32 left = 0; left < (u32)whole; left++)
		assert_int_equal(listed_check(l, left), -EIO);
	l->type = 0; /* unknown */
	assert_int_equal(listed_check(l, sizeof(bytes)), whole);
	l->type = 3;
	assert_int_equal(listed_check(l, sizeof(bytes)), -EIO);
	l->type = 0xFF;
	assert_int_equal(listed_check(l, sizeof(bytes)), -EIO);
	l = entry("name", 4);
	l->inode = 0;
	assert_int_equal(listed_check(l, sizeof(bytes)), -EIO);
	l = entry("name", 4);
	l->next = 0xFFFFFFFFu;
	assert_int_equal(listed_check(l, sizeof(bytes)), -EIO);
}

static void names(void **state)
{
	char longest[NAME_MOST];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_true(listed_check(entry(longest, NAME_MOST), sizeof(bytes)) > 0);
	assert_int_equal(listed_check(entry("", 0), sizeof(bytes)), -EIO);
	assert_int_equal(listed_check(entry("a/b", 3), sizeof(bytes)), -EIO);
	assert_int_equal(listed_check(entry("/", 1), sizeof(bytes)), -EIO);
	assert_int_equal(listed_check(entry("ab\0", 3), sizeof(bytes)), -EIO);
}

static void counts(void **state)
{
	(void)state;
	assert_int_equal(answer_count(0, 10), 0);
	assert_int_equal(answer_count(10, 10), 10);
	assert_int_equal(answer_count(11, 10), 10);
	assert_int_equal(answer_count(0x7FFFFFFF, 0), 0);
	assert_int_equal(answer_count(-1, 10), -1);
	assert_int_equal(answer_count(-0x7FFFFFFF - 1, 10), -0x7FFFFFFF - 1);
	assert_int_equal(answer_status(0x7FFFFFFF), 0);
	assert_int_equal(answer_status(-3), -3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds), cmocka_unit_test(numbers),
		cmocka_unit_test(sizes), cmocka_unit_test(lists),
		cmocka_unit_test(names), cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests(tests, 0, 0);
}
