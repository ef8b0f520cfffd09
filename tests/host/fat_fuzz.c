// sources:
/*
 * fs/fat under a coverage-guided fuzzer (libFuzzer, or AFL++'s driver for it):
 * `make soak` runs it. An input first says what becomes of a good small image
 * (which part, which byte, what value) and then what is asked of the file
 * system. Nothing may be touched that is not its own, and each operation must
 * come to an end. Without libFuzzer, -DALONE makes a program of it that takes
 * its inputs from a random number.
 */
#include <sys/types.h>

#include "fat_domain.h"
#include "fuzz_input.h"

#define SECTOR	   512u
#define IMAGE	   (400u << 10)
#define CALLS_MOST 3000000u

static u8 image[IMAGE];
static u32 width; /* of this input's cells: 12 or 32 */

/* Where things are in the image. */
#define TABLE	      (32 * SECTOR)
#define TABLE_SECTORS 8u
#define FOLDERS	      (TABLE + 2 * TABLE_SECTORS * SECTOR)

static void put(u32 at, u32 value, u32 size)
{
	if (at <= IMAGE - size)
		memcpy(image + at, &value, size);
}

/* ---- a good image, made by hand ---- */

static void good_cell(u32 cluster, u32 value)
{
	u32 at = TABLE + cluster * 4;

	if (width == 12)
		at = TABLE + cluster + cluster / 2;
	for (u32 copy = 0; copy < 2; copy++, at += TABLE_SECTORS * SECTOR) {
		u32 cell = value;

		if (width == 12)
			cell = cluster & 1 ? (image[at] & 15u) | (value & 0xFFF)
									 << 4 :
					     value & 0xFFF;
		put(at, cell, width == 32 ? 4 : 2);
	}
}

static void good_record(u32 at, const char *name, u32 how, u32 cluster,
			u32 size)
{
	memcpy(image + at, name, 11);
	image[at + 11] = (u8)how;
	put(at + 24, 0x5A21, 2);
	put(at + 26, cluster, 2);
	put(at + 28, size, 4);
}

static u32 cluster_at(u32 cluster)
{
	u32 data = width == 32 ? FOLDERS : FOLDERS + 2 * SECTOR;

	return data + (cluster - 2) * SECTOR;
}

/* A name in two parts before its record. */
static u32 good_long(u32 at, const char *name, u32 how, u32 cluster)
{
	struct name_part p = { .attributes = RECORD_PART,
			       .sum = short_sum((const u8 *)name) };

	memset(p.units_1, 'a', sizeof p.units_1);
	for (u32 n = 2; n; n--, at += SLOT) {
		p.number = (u8)(n == 2 ? n | PART_LAST : n);
		memcpy(image + at, &p, sizeof p);
	}
	good_record(at, name, how, cluster, 1200);
	return at + SLOT;
}

static void good_boot(void)
{
	u32 sectors = IMAGE / SECTOR;

	put(11, SECTOR, 2);
	put(13, 1, 1);
	put(14, 32, 2);
	put(16, 2, 1);
	put(17, width == 32 ? 0 : 32, 2);
	put(19, sectors, 2);
	put(21, 0xF8, 1);
	if (width != 32) {
		put(22, TABLE_SECTORS, 2);
		return;
	}
	put(36, TABLE_SECTORS, 4);
	put(44, 2, 4);
	put(48, 1, 2);
	put(SECTOR, INFO_BEGIN, 4);
	put(SECTOR + 484, INFO_MIDDLE, 4);
	put(SECTOR + 488, 700, 4);
	put(SECTOR + 508, INFO_END, 4);
}

static void good_make(void)
{
	u32 root, at;

	memset(image, 0, IMAGE);
	good_boot();
	good_cell(0, 0x0FFFFFF8);
	good_cell(1, 0x0FFFFFFF);
	for (u32 cluster = 2; cluster < 6; cluster++)
		good_cell(cluster, CELL_END);
	for (u32 cluster = 6; cluster < 12; cluster++)
		good_cell(cluster, cluster == 11 ? CELL_END : cluster + 1);
	root = width == 32 ? cluster_at(2) : FOLDERS;
	good_record(root, "LABEL      ", RECORD_LABEL, 0, 0);
	good_record(root + 32, "D          ", RECORD_FOLDER, 3, 0);
	good_record(root + 64, "F       TXT", 0, 6, 3000);
	at = good_long(root + 96, "LONGNA~1TXT", 0, 5);
	good_record(at, "E          ", 0, 0, 0);
	good_record(cluster_at(3), ".          ", RECORD_FOLDER, 3, 0);
	good_record(cluster_at(3) + 32, "..         ", RECORD_FOLDER, 0, 0);
	good_record(cluster_at(3) + 64, "S          ", RECORD_FOLDER, 4, 0);
	good_record(cluster_at(4), ".          ", RECORD_FOLDER, 4, 0);
	good_record(cluster_at(4) + 32, "..         ", RECORD_FOLDER, 3, 0);
}

/* ---- what an input makes of it ---- */

/* Values that are likely to go wrong. */
static u32 input_value(void)
{
	static const u32 edges[] = { 0,	 1,	2,	    3,
				     4,	 5,	6,	    7,
				     11, 0xFFF, 0x0FFFFFFF, 0xFFFFFFFF,
				     32, 0xE5,	0x40,	    0x80000000 };
	return input_edge(edges);
}

static void mutate(void)
{
	static const u32 sizes[] = { 1, 2, 4, 1 };
	u32 where = input_byte(), field = input_word(), value = input_value();
	u32 size = sizes[where >> 6];

	switch (where & 7) {
	case 0:
		put(field % 92, value, size);
		break;
	case 1:
		put(SECTOR + 480 + field % 32, value, size);
		break;
	case 2:
	case 3:
		good_cell(field % 16, value);
		break;
	case 4:
		put(TABLE + field % 64, value, size);
		break;
	default:
		put(FOLDERS + field % (8 * SECTOR), value, size);
	}
}

/* ---- what is asked ---- */

static u32 input_inode(void)
{
	u32 n = input_byte(), root = width == 32 ? cluster_at(2) : FOLDERS;

	if (n >= 250)
		return input_value();
	if (n < 60)
		return ROOT;
	return n & 1 ? root / SLOT + (n >> 1) % 12 :
		       cluster_at(3) / SLOT + (n >> 1) % 32;
}

static u32 input_names(char *text)
{
	return input_letters(text, "dfesab");
}

static i32 look(u32 what, u32 a, u32 b)
{
	static struct filesystem_attributes found;
	static struct filesystem_space space;
	static u8 room[700];
	char text[300];
	u32 n;

	switch (what) {
	case 0:
		n = input_names(text);
		return filesystem_lookup(a, text, n, &found);
	case 1:
		return filesystem_attributes(a, &found);
	case 2:
		return filesystem_entries(a, b, room, sizeof room);
	case 3:
		return filesystem_map(a, input_value(), input_value(), room,
				      sizeof room);
	default:
		return filesystem_space(&space);
	}
}

static i32 change(u32 what, u32 a, u32 b)
{
	static struct filesystem_attributes made;
	static u8 room[120];
	char text[300];
	u32 n = input_names(text);

	switch (what) {
	case 0:
	case 1:
		return filesystem_make(1, a, b & 1 ? 0100644 : 040755, 1, 1,
				       text, n, &made);
	case 2:
	case 3:
		return filesystem_unlink(1, a, b & 1, text, n);
	case 4:
	case 5:
		return filesystem_rename(1, a, input_inode(), b % 3, text, n);
	case 6:
		made = (struct filesystem_attributes){ .size = input_value() };
		return filesystem_change(1, a, b & 127, &made);
	case 7:
		return filesystem_forget(1, a);
	case 8:
		return filesystem_allocate(a, input_value(), 1 + b % 300,
					   input_value(), 0, room, sizeof room);
	default:
		return filesystem_writing(b & 1);
	}
}

/* One operation, made until it has an answer. */
static void input_operation(void)
{
	u32 what = input_byte(), a = input_inode(), b = input_word();
	u32 changes = what % 16 < 10, steps = 0;
	const u8 *place = input;
	size_t left = input_left;
	i32 answer;

	do {
		do {
			input = place;
			input_left = left;
			operation_start(changes);
			answer = changes ? change(what % 16, a, b) :
					   look(what % 16 - 10, a, b);
		} while (!operation_done(&answer));
		hold(answer > -20);
		hold(shim.calls < CALLS_MOST);
	} while (answer == 1 && changes && what % 16 >= 6 && ++steps < 50);
	shim.calls = 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 mutations;

	input = data;
	input_left = size;
	mutations = input_byte();
	width = mutations & 64 ? 32 : 12;
	mutations %= 16;
	good_make();
	shim.calls = 0;
	shim.again = 50;
	image_take(image, IMAGE);
	domain_first();
	if (mutations & 1)
		hold(ask(0, filesystem_mount("", 0)) == ROOT);
	for (u32 n = 0; n < mutations; n++)
		mutate();
	if (!(mutations & 1))
		ask(0, filesystem_mount("", 0));
	while (input_left)
		input_operation();
	return 0;
}

#ifdef ALONE
static void strange_load(u8 *bytes, u64 size)
{
	image_take(bytes, size);
	domain_first();
}

/* Cells of so many bits. */
static const u8 *good_of(u32 form)
{
	width = form;
	good_make();
	return image;
}

#include "fuzz_alone.h"
#endif
