// sources:
/*
 * fs/tmpfs at its edges: large directories, listings that change while they
 * are read, mounts that end half way, memory that runs out, long names and
 * targets, numbers and names that make no sense.
 */
#define _GNU_SOURCE

#include "tmpfs_domain.h"

#define MANY 5000u

static u32 op;

static i32 make(u32 dir, u32 mode, const char *name)
{
	struct filesystem_attributes made;
	i32 answer = filesystem_make(++op, dir, mode, 0, 0, name,
				     (u32)strlen(name), &made);

	return answer < 0 ? answer : (i32)made.inode;
}

static i32 make_number(u32 dir, u32 mode, u32 number)
{
	char name[16];

	sprintf(name, "f%u", number);
	return make(dir, mode, name);
}

static i32 unlink_number(u32 dir, u32 number)
{
	char name[16];
	u32 size = (u32)sprintf(name, "f%u", number);

	return filesystem_unlink(++op, dir, 0, name, size);
}

static u32 root_make(void)
{
	domain_load();
	op = 0;
	return (u32)filesystem_mount("", 0);
}

/* List all, and remove or add names meanwhile: what stays is seen once. */
static void test_listing(void **state)
{
	static u8 seen[2 * MANY];
	u32 root = root_make(), at = 0, pieces = 0;
	u8 list[1024];
	i32 n;

	(void)state;
	memset(seen, 0, sizeof seen);
	for (u32 i = 0; i < MANY; i++)
		assert_true(make_number(root, MODE_FILE, i) > 0);
	while ((n = filesystem_entries(root, at, list, sizeof list)) > 0) {
		for (u32 i = 0; i < (u32)n; i += 10u + list[i + 9]) {
			char name[32] = { 0 };

			memcpy(&at, list + i + 4, 4);
			memcpy(name, list + i + 10, list[i + 9]);
			seen[atoi(name + 1)]++;
		}
		if (pieces++ >= 50)
			continue;
		for (u32 i = pieces * 7; i < pieces * 7 + 7; i++)
			assert_int_equal(unlink_number(root, MANY - 1 - 2 * i),
					 0);
		make_number(root, MODE_FILE, MANY + pieces);
	}
	assert_int_equal(n, 0);
	assert_true(pieces > 50);
	for (u32 i = 0; i < MANY; i++)
		assert_true(seen[i] == 1 || (i % 2 && seen[i] == 0));
	for (u32 i = 0; i < MANY; i += 2)
		assert_int_equal(seen[i], 1);
}

/* When positions are used up, names go into the gaps. */
static void test_positions(void **state)
{
	u32 root = root_make();
	struct name *last;
	u8 list[256];

	(void)state;
	for (u32 i = 0; i < 3; i++)
		make_number(root, MODE_FILE, i);
	last = cell(((struct node *)cell(root))->last);
	last->position = POSITION_LAST;
	for (u32 i = 3; i < 7; i++)
		assert_true(make_number(root, MODE_FILE, i) > 0);
	assert_int_equal(last->next, 0);
	assert_int_equal(filesystem_entries(root, 0, list, sizeof list),
			 7 * 12);
	for (u32 i = 0; i < 7; i++)
		assert_int_equal(unlink_number(root, i), 0);
	assert_int_equal(((struct node *)cell(root))->first, 0);
	assert_int_equal(((struct node *)cell(root))->size, FOLDER_SIZE);
}

/* Deaths while a tree is taken down: the next generation goes on with it. */
static void test_mount_ends(void **state)
{
	u32 other = root_make();
	static u32 root, deaths; /* longjmp may undo others */

	(void)state;
	root = (u32)filesystem_mount("mode=0700,uid=7", 15);
	make_number(other, MODE_FILE, 1);
	for (u32 i = 0; i < 50; i++) {
		i32 dir = make_number(root, MODE_FOLDER, i);

		for (u32 k = 0; k < 5; k++) {
			i32 below = make_number((u32)dir, MODE_FOLDER, k);

			make_number((u32)below, MODE_FILE, k);
		}
	}
	if (setjmp(death_place)) {
		deaths++;
		death = LIVE;
		memcpy(kept, committed, kept_there);
		part_count = 0;
	}
	if (deaths < 20) {
		death = deaths % 2 ? DIE_BEFORE : DIE_AFTER;
		if (deaths == 0)
			filesystem_forget(++op, root);
		else
			mounts_start();
	}
	domain_start();
	check_committed();
	assert_int_equal(head->counts.nodes, 2);
	assert_int_equal(head->counts.used, 3);
	assert_null(node_find(root));
}

static void test_full(void **state)
{
	u32 root = root_make(), made = 0;
	struct filesystem_attributes a;

	(void)state;
	grow_refused = 1;
	domain_start();
	for (; made < 100000; made++)
		if (make_number(root, MODE_FILE, made) < 0)
			break;
	assert_int_equal(make_number(root, MODE_FILE, made), -E_FULL);
	assert_int_equal(make_number(root, MODE_FOLDER, made), -E_FULL);
	check_committed();
	assert_int_equal(filesystem_lookup(root, "f0", 2, &a), 0);
	assert_int_equal(unlink_number(root, 0), 0);
	assert_int_equal(filesystem_forget(++op, a.inode), 0);
	assert_true(make_number(root, MODE_FILE, made) > 0);
	grow_refused = 0;
	assert_true(make_number(root, MODE_FILE, made + 1) > 0);
	check_committed();
}

static void test_long(void **state)
{
	u32 root = root_make();
	static char text[NAME_MOST + 1 + TARGET_MOST + 2], target[5000];
	struct filesystem_attributes made;
	u8 list[300];

	(void)state;
	memset(text, 'x', sizeof text);
	text[NAME_MOST] = 0;
	assert_int_equal(filesystem_make(++op, root, MODE_LINK | 0777, 0, 0,
					 text, NAME_MOST + 1 + TARGET_MOST,
					 &made),
			 0);
	check_committed();
	assert_int_equal(made.size, TARGET_MOST);
	assert_int_equal(filesystem_readlink(made.inode, target, 5000),
			 (i32)TARGET_MOST);
	assert_memory_equal(target, text + NAME_MOST + 1, TARGET_MOST);
	assert_int_equal(filesystem_readlink(made.inode, target, 10), 10);
	assert_int_equal(filesystem_entries(root, 0, list, 264), -E_RANGE);
	assert_int_equal(filesystem_entries(root, 0, list, 265), 265);
	assert_int_equal(filesystem_lookup(root, text, NAME_MOST, &made), 0);
	assert_int_equal(filesystem_lookup(root, text, NAME_MOST - 1, &made),
			 -E_NAME);
	text[0] = 'y';
	assert_int_equal(filesystem_make(++op, root, MODE_LINK, 0, 0, text,
					 NAME_MOST + 2 + TARGET_MOST, &made),
			 -E_BIG);
	text[0] = 'x';
	assert_int_equal(filesystem_unlink(++op, root, 0, text, NAME_MOST), 0);
	assert_int_equal(filesystem_forget(++op, made.inode), 0);
	assert_int_equal(head->counts.used, 1);
	check_committed();
}

static void test_change(void **state)
{
	u32 root = root_make();
	u32 file = (u32)make(root, MODE_FILE | 0600, "f");
	struct filesystem_attributes a = { .mode = 0120777,
					   .uid = 3,
					   .size = 5,
					   .size_high = 1,
					   .blocks = 80,
					   .modified = 99 };
	struct filesystem_space space;

	(void)state;
	assert_int_equal(filesystem_change(++op, file, 1 | 2 | 8 | 32, &a), 0);
	check_committed();
	filesystem_space(&space);
	assert_int_equal(space.blocks - space.free, 10);
	assert_int_equal(filesystem_attributes(file, &a), 0);
	assert_int_equal(a.mode, MODE_FILE | 0777);
	assert_int_equal(a.uid, 3);
	assert_int_equal(a.size_high, 1);
	assert_int_equal(a.modified, 99);
	assert_int_equal(a.changed, 0);
	assert_int_equal(filesystem_change(++op, root, 8, &a), -E_FOLDER);
	assert_int_equal(filesystem_unlink(++op, root, 0, "f", 1), 0);
	assert_int_equal(filesystem_attributes(file, &a), 0);
	assert_int_equal(a.links, 0);
	assert_int_equal(filesystem_forget(++op, file), 0);
	assert_int_equal(filesystem_attributes(file, &a), -E_NAME);
	filesystem_space(&space);
	assert_int_equal(space.blocks, space.free);
}

static void test_removed_folder(void **state)
{
	u32 root = root_make();
	u32 dir = (u32)make(root, MODE_FOLDER | 0700, "d");
	struct filesystem_attributes a;

	(void)state;
	assert_int_equal(filesystem_unlink(++op, root, 1, "d", 1), 0);
	assert_int_equal(make(dir, MODE_FILE, "f"), -E_NAME);
	assert_int_equal(filesystem_entries(dir, 0, (u8 *)&a, sizeof a), 0);
	assert_int_equal(filesystem_lookup(dir, "..", 2, &a), 0);
	assert_int_equal(a.inode, dir);
	assert_int_equal(filesystem_attributes(root, &a), 0);
	assert_int_equal(a.links, 2);
}

static u32 random_word(void)
{
	static u32 state = 7;
	u32 n = state = state * 1664525u + 1013904223u;

	switch (n >> 29) {
	case 0:
		return 0xFFFFFFFF - (n & 3);
	case 1:
		return n;
	case 2:
		return n & 7;
	default:
		return FIRST_CELL + (n >> 8) % 400;
	}
}

/* Nothing asked makes it fail a promise of its own or leave its memory. */
static void test_nonsense(void **state)
{
	struct filesystem_attributes a = { .mode = 1 };
	char text[600];
	u8 list[600];

	(void)state;
	root_make();
	for (u32 i = 0; i < 200000; i++) {
		u32 size = random_word() % 600, w = random_word();

		memset(text, 'a' + (int)(w % 3), sizeof text);
		text[w % 5] = (char)(w >> 8);
		text[w % 300] = 0;
		size = w % 3 ? size % 8 : size;
		filesystem_make(++op, random_word(), w & 0xFFFF, w, w, text,
				size, &a);
		filesystem_lookup(random_word(), text, size, &a);
		filesystem_link(++op, random_word(), random_word(), text, size);
		filesystem_rename(++op, random_word(), random_word(), w % 4,
				  text, size);
		filesystem_unlink(++op, random_word(), w % 2, text, size);
		filesystem_change(++op, random_word(), w, &a);
		filesystem_entries(random_word(), w, list, size);
		filesystem_readlink(random_word(), text, size);
		filesystem_read(random_word(), w, list, size);
		filesystem_forget(++op, random_word());
		filesystem_mount(text, size);
		if (i % 1000 == 0)
			check_committed();
	}
	check_committed();
}

static void test_options(void **state)
{
	static const char *const bad[] = { "mode=8",	     "mode=17777",
					   "uid=",	     "size=",
					   "size=1x",	     "colour=red",
					   "uid=99999999999" };

	(void)state;
	root_make();
	for (u32 i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(filesystem_mount(bad[i], (u32)strlen(bad[i])),
				 -E_FORM);
	assert_true(filesystem_mount(",size=1g,nr_inodes=5k", 21) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listing),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_mount_ends),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_removed_folder),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
