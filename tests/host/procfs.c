// sources:
/*
 * fs/procfs on the host: the window of a text that is kept, numbers as text,
 * inode numbers, and that what a directory lists is what it finds. The gates
 * below it are stand-ins: a few processes with threads and open files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gates/abi.h"

#define DOMAIN_PROCFS_H /* instead of the header that gatec makes */
#define from		const
#define into
#define min(a, b)     ((a) < (b) ? (a) : (b))
#define max(a, b)     ((a) > (b) ? (a) : (b))
#define print_to(...) ((u32)snprintf(__VA_ARGS__))

#include "inspect.gate.h"

/* Numbers that there are, ascending; 0 ends them. */
static const u32 pids[] = { 1, 2, 300, 32767, 0 };
static const u32 tids[] = { 300, 301, 32766, 0 };
static const u32 files[] = { 0, 1, 2, 65023, 65535, 0 };

static i32 next_of(const u32 *list, u32 number)
{
	u32 i = 0;

	do {
		if (list[i] >= number)
			return (i32)list[i];
	} while (list[++i]);
	return -E_NAME;
}

static i32 inspect_next(u32 pid)
{
	return next_of(pids, pid);
}

static i32 inspect_next_thread(u32 pid, u32 tid)
{
	return pid == 300 ? next_of(tids, tid) : -E_NAME;
}

static i32 inspect_next_file(u32 pid, u32 file)
{
	(void)pid;
	return next_of(files, file);
}

static i32 inspect_owner(u32 tid)
{
	return next_of(tids, tid) == (i32)tid ? 300 : -E_NAME;
}

static i32 inspect_file(u32 pid, u32 file, struct inspect_file *found)
{
	(void)pid;
	found->flags = file & 3;
	return 0;
}

#include "fs/procfs/text.c"
#include "fs/procfs/tree.c"

/* The table's functions: here only their being there counts. */
#define MAKER(name) \
	i32 name(struct who w) \
	{ \
		(void)w; \
		return 0; \
	}
#define TAKER(name) \
	i32 name(struct who w, const char *text, u32 size) \
	{ \
		(void)w, (void)text; \
		return (i32)size; \
	}

#include "fs/procfs/files.h"

MAKER(cmdline_make)
MAKER(version_make)
MAKER(uptime_make)
MAKER(loadavg_make)
MAKER(meminfo_make)
MAKER(vmstat_make)
MAKER(cpuinfo_make)
MAKER(stat_make)
MAKER(interrupts_make)
MAKER(cpus_make)
MAKER(hostname_make)
MAKER(domainname_make)
MAKER(ostype_make)
MAKER(osrelease_make)
MAKER(osversion_make)
MAKER(uuid_make)
MAKER(boot_id_make)
MAKER(domains_make)
MAKER(segments_make)
MAKER(mounts_make)
MAKER(mountinfo_make)
MAKER(partitions_make)
MAKER(process_stat_make)
MAKER(comm_make)
MAKER(status_make)
MAKER(statm_make)
MAKER(limits_make)
MAKER(arguments_make)
MAKER(environ_make)
MAKER(auxv_make)
MAKER(maps_make)
MAKER(smaps_make)
MAKER(smaps_rollup_make)
TAKER(comm_take)
TAKER(hostname_take)
TAKER(domainname_take)

#include "fs/procfs/rows.c"

/* ---- text ---- */

static const char *kept_text(void)
{
	static char text[TEXT_ROOM + 1];
	u32 size;
	const char *bytes = text_kept(&size);

	memcpy(text, bytes, size);
	text[size] = '\0';
	return text;
}

/* Lines of all lengths; the window is moved over every byte of them. */
static void put_lines(void)
{
	for (u32 i = 0; i < 40; i++) {
		print("%u:", i);
		put_spaces(text_position(), i);
		put("|\n");
	}
}

static void window_of_a_text(void **state)
{
	char whole[4096];

	(void)state;
	text_begin(0, false);
	put_lines();
	strcpy(whole, kept_text());
	for (u32 at = 0; at <= strlen(whole); at++) {
		text_begin(at, false);
		put_lines();
		assert_string_equal(kept_text(), whole + at);
	}
	text_begin((u32)strlen(whole) + 9, false);
	put_lines();
	assert_string_equal(kept_text(), "");
}

static void window_that_is_full(void **state)
{
	u32 size;

	(void)state;
	text_begin(7, false);
	while (!text_full())
		put("0123456789");
	put("more");
	assert_int_equal(strlen(kept_text()), TEXT_ROOM);
	assert_memory_equal(kept_text(), "7890", 4);
	text_kept(&size);
	assert_int_equal(size, TEXT_ROOM);
}

/* Items of a text larger than the window: each is made whole, once. */
static void text_goes_on_at_an_item(void **state)
{
	u32 at = 0, length, made = 0;
	char *whole = calloc(1, 600 * 200), *end = whole;
	const char *text;

	(void)state;
	do {
		u32 i;

		text_begin(at, at > 0);
		for (i = text_item_first(); i < 600 && !text_full(); i++) {
			text_item(i);
			print("%0199u\n", i);
			made++;
		}
		text = text_kept(&length);
		memcpy(end, text, length);
		end += length;
		at += length;
	} while (length == TEXT_ROOM);
	assert_int_equal(end - whole, 600 * 200);
	for (u32 i = 0; i < 600; i++)
		assert_int_equal(strtoul(whole + i * 200, NULL, 10), i);
	assert_in_range(made, 600, 610);
	free(whole);
}

static void numbers_as_text(void **state)
{
	static const u64 wide[] = { 0,
				    9,
				    10,
				    4294967295u,
				    4294967296u,
				    9999999999u,
				    18446744073709551615u };
	char text[32];

	(void)state;
	for (u32 i = 0; i < sizeof wide / sizeof *wide; i++) {
		text_begin(0, false);
		put_wide((u32)wide[i], (u32)(wide[i] >> 32));
		snprintf(text, sizeof text, "%llu", wide[i]);
		assert_string_equal(kept_text(), text);
		text_begin(0, false);
		put_octal((u32)wide[i]);
		snprintf(text, sizeof text, "%o", (u32)wide[i]);
		assert_string_equal(kept_text(), text);
	}
	text_begin(0, false);
	put_escaped("a b\tc\\d\377", " \t\\");
	put_left("x", 3);
	put_pages("Rss:", 3);
	assert_string_equal(kept_text(), "a\\040b\\011c\\134d\377x  "
					 "Rss:                  12 kB\n");
}

/* ---- inode numbers and names ---- */

/* All that lies below a directory: listed once, found, numbered. */
static u32 walk(const struct node *dir, u32 depth)
{
	char name[NAME_ROOM];
	struct node n, again;
	u32 at = 0, before = 0, count = 0;

	assert_in_range(depth, 0, 8);
	while (node_next(dir, &at, &n, name)) {
		assert_true(at > before);
		before = at;
		count++;
		assert_int_equal(node_find(dir, name, &again), 0);
		assert_int_equal(node_inode(&again), node_inode(&n));
		assert_true(node_of(node_inode(&n), &again));
		assert_int_equal(node_inode(&again), node_inode(&n));
		assert_int_equal(again.who.pid, n.who.pid);
		assert_int_equal(again.who.tid, n.who.tid);
		assert_ptr_equal(node_row(&again), node_row(&n));
		assert_int_not_equal(node_mode(&n) & MODE_KIND, 0);
		if ((node_mode(&n) & MODE_KIND) == MODE_FOLDER)
			count += walk(&n, depth + 1);
	}
	return count;
}

static void everything_listed_is_found(void **state)
{
	struct node root = { .rows = machine_rows, .row = ROOT };

	(void)state;
	assert_in_range(walk(&root, 0), 300, 3000);
	root.row = SYSFS;
	assert_in_range(walk(&root, 0), 8, 100);
}

static void names_that_are_none(void **state)
{
	static const char *const names[] = {
		"",  ".",  "..",	 "0",	  "01",	   "-1",       "1x",
		"x", "3 ", "4294967297", "99999", "32768", "cpuinfo2",
	};
	struct node root = { .rows = machine_rows, .row = ROOT }, n, out;

	(void)state;
	for (u32 i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(node_find(&root, names[i], &out), -E_NAME);
	assert_int_equal(node_find(&root, "1", &n), 0);
	assert_int_equal(node_find(&n, "fd", &n), 0);
	assert_int_equal(node_find(&n, "3", &out), -E_NAME);
	assert_int_equal(node_find(&n, "65535", &out), 0);
	assert_int_equal(node_find(&out, "x", &n), -E_KIND);
}

static void numbers_that_are_none(void **state)
{
	struct node n;

	(void)state;
	assert_false(node_of(0, &n));
	assert_false(node_of(255, &n));
	assert_false(node_of(machine_row_count, &n));
	assert_false(node_of(2u << CODE_BITS | process_row_count, &n));
	assert_false(node_of(5u << CODE_BITS | (CODE_THREAD + PROCESS), &n));
	for (u32 inode = 0; inode < 4u << CODE_BITS; inode += 7)
		if (node_of(inode, &n))
			assert_int_equal(node_inode(&n), inode);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_of_a_text),
		cmocka_unit_test(window_that_is_full),
		cmocka_unit_test(text_goes_on_at_an_item),
		cmocka_unit_test(numbers_as_text),
		cmocka_unit_test(everything_listed_is_found),
		cmocka_unit_test(names_that_are_none),
		cmocka_unit_test(numbers_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
