// sources:
/*
 * fs/ext2 under a coverage-guided fuzzer (libFuzzer, or AFL++'s driver for
 * it): `make soak` runs it. An input first says what becomes of the metadata
 * of a good small image (which structure, which field, what value) and then
 * what is asked of the file system. Nothing may be touched that is not its
 * own, and each operation must come to an end. Without libFuzzer,
 * -DALONE makes a program of it that takes its inputs from a random number.
 */
#include <sys/types.h>

#include "ext2_domain.h"
#include "fuzz_input.h"

#define IMAGE	   (600u << 10)
#define CALLS_MOST 3000000u
#define BLOCK	   1024u

/* ---- a good image, made by hand: one group, a few files ---- */

#define TABLE	  5u /* block of the inode table */
#define INODES	  64u
#define FIRST_OWN (TABLE + INODES * 128 / BLOCK)

static u8 good[IMAGE], image[IMAGE];
static u32 next_block = FIRST_OWN;

static void good_word(u32 at, u32 value)
{
	memcpy(good + at, &value, 4);
}

static void good_half(u32 at, u32 value)
{
	memcpy(good + at, &value, 2);
}

static u32 inode_at(u32 number)
{
	return TABLE * BLOCK + (number - 1) * 128;
}

static void good_inode(u32 number, u32 mode, u32 links, u32 size)
{
	u32 at = inode_at(number);

	good_half(at, mode);
	good_word(at + 4, size);
	good_half(at + 26, links);
	good[4 * BLOCK + (number - 1) / 8] |= (u8)(1 << (number - 1) % 8);
}

static u32 good_block(u32 number, u32 slot)
{
	good_word(inode_at(number) + 40 + slot * 4, next_block);
	good_word(inode_at(number) + 28, 2 * (slot + 1));
	return next_block++;
}

/* An entry; returns where the next one goes. */
static u32 good_entry(u32 at, u32 inode, u32 size, u32 type, const char *name)
{
	good_word(at, inode);
	good_half(at + 4, size);
	good[at + 6] = (u8)strlen(name);
	good[at + 7] = (u8)type;
	memcpy(good + at + 8, name, strlen(name));
	return at + size;
}

static void good_folder(u32 number, u32 parent)
{
	u32 at = good_block(number, 0) * BLOCK, start = at;

	good_inode(number, 040755, 3, BLOCK);
	at = good_entry(at, number, 12, 2, ".");
	at = good_entry(at, parent, 12, 2, "..");
	if (number == 2) {
		at = good_entry(at, 11, 12, 2, "d");
		at = good_entry(at, 12, 12, 1, "f");
		at = good_entry(at, 13, 12, 7, "s");
	}
	good_entry(at, number == 2 ? 14 : 12, start + BLOCK - at, 1, "g");
}

/* A file with a block behind one, two and three tables. */
static void good_file(u32 number)
{
	good_inode(number, 0100644, 2, 5000);
	for (u32 slot = 0; slot < 3; slot++)
		good_block(number, slot);
	for (u32 slot = 12; slot < 15; slot++) {
		u32 block = good_block(number, slot);

		for (u32 level = 12; level <= slot; level++) {
			good_word(block * BLOCK + 8, next_block);
			block = next_block++;
		}
	}
}

static void good_make(void)
{
	u32 s = 1024, blocks = IMAGE / BLOCK;

	good_folder(2, 2);
	good_folder(11, 2);
	good_file(12);
	good_inode(13, 0120777, 1, 300);
	good_block(13, 0);
	good_file(14);
	good_word(inode_at(14) + 104, next_block);
	good_word(next_block++ * BLOCK, 0xEA020000);
	good_word(s, INODES);
	good_word(s + 4, blocks);
	good_word(s + 12, blocks - next_block);
	good_word(s + 16, INODES - 14);
	good_word(s + 20, 1);
	good_word(s + 32, 8192);
	good_word(s + 36, 8192);
	good_word(s + 40, INODES);
	good_half(s + 56, 0xEF53);
	good_half(s + 58, 1);
	good_word(s + 76, 1);
	good_word(s + 84, 11);
	good_half(s + 88, 128);
	good_word(s + 96, 2);
	good_word(2 * BLOCK, 3);
	good_word(2 * BLOCK + 4, 4);
	good_word(2 * BLOCK + 8, TABLE);
	good_half(2 * BLOCK + 12, blocks - next_block);
	good_half(2 * BLOCK + 14, INODES - 14);
	good_half(2 * BLOCK + 16, 2);
	for (u32 bit = 0; bit < next_block - 1; bit++)
		good[3 * BLOCK + bit / 8] |= (u8)(1 << bit % 8);
}

/* ---- what an input makes of it ---- */

/* Values that are likely to go wrong. */
static u32 input_value(void)
{
	static const u32 edges[] = { 0,		 1,  2,	  3,
				     4,		 5,  600, 0x7FFFFFFF,
				     0xFFFFFFFF, 11, 12,  8192,
				     0x80000000, 8,  128, 599 };
	return input_edge(edges);
}

static void put(u32 at, u32 value, u32 size)
{
	if (at + size <= IMAGE)
		memcpy(image + at, &value, size);
}

static void mutate(void)
{
	u32 where = input_byte(), field = input_word(), value = input_value();
	u32 own = next_block - FIRST_OWN, sizes[] = { 4, 2, 1, 4 };
	u32 size = sizes[where >> 6];

	switch (where & 7) {
	case 0:
		put(1024 + field % 260, value, size);
		break;
	case 1:
		put(2 * BLOCK + field % 32, value, size);
		break;
	case 2:
		put((3 + (field & 1)) * BLOCK + (field >> 1) % 256, value,
		    size);
		break;
	case 3:
		put(inode_at(2 + field % 13) + (field >> 8) % 128, value, size);
		break;
	case 4: /* an inode's pointers */
		put(inode_at(11 + field % 4) + 40 + (field >> 8) % 15 * 4,
		    value, 4);
		break;
	case 5: /* the first of its records */
		put((FIRST_OWN + (field & 1)) * BLOCK + (field >> 1) % 80,
		    value, size);
		break;
	default:
		put((FIRST_OWN + field % own) * BLOCK + (field >> 8) * 4, value,
		    size);
	}
}

/* ---- what is asked ---- */

static u32 input_inode(void)
{
	u32 n = input_byte();

	if (n >= 250)
		return input_value();
	return n & 1 ? 2 + 9 * (n >> 1 & 1) : 11 + (n >> 1) % 8;
}

static u32 input_names(char *text)
{
	return input_letters(text, "dfsgab");
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
		return filesystem_readlink(a, (char *)room, sizeof room);
	case 3:
		return filesystem_entries(a, b * 4, room, sizeof room);
	case 4:
		return filesystem_map(a, input_value(), input_value(), room,
				      sizeof room);
	default:
		return filesystem_space(&space);
	}
}

static i32 change(u32 what, u32 a, u32 b)
{
	static const u32 modes[] = { 0100644, 040755, 0120777, 020600,
				     0100644, 060600, 010644,  0140600 };
	static struct filesystem_attributes made;
	static u8 room[120];
	char text[300];
	u32 n = input_names(text);

	switch (what) {
	case 0:
	case 1:
		return filesystem_make(1, a, modes[b & 7], 1, 1, text, n,
				       &made);
	case 2:
		return filesystem_link(1, a, input_inode(), text, n);
	case 3:
	case 4:
		return filesystem_unlink(1, a, b & 1, text, n);
	case 5:
		return filesystem_rename(1, a, input_inode(), b & 3, text, n);
	case 6:
		made = (struct filesystem_attributes){ .size = input_value(),
						       .size_high = b >> 14 };
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
			shim_begin(changes);
			answer = changes ? change(what % 16, a, b) :
					   look(what % 16 - 10, a, b);
		} while (!shim_done(answer));
		hold(answer > -20);
		hold(shim.calls < CALLS_MOST);
	} while (answer == 1 && changes && what % 16 >= 6 && ++steps < 50);
	shim.calls = 0;
	if (b & 1)
		shim_commit();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 mutations;

	if (next_block == FIRST_OWN)
		good_make();
	memcpy(image, good, IMAGE);
	input = data;
	input_left = size;
	shim.calls = 0;
	shim.again = 50;
	mutations = input_byte() % 16;
	shim_load(image, IMAGE);
	if (mutations & 1)
		hold(ask(0, filesystem_mount("", 0)) == INODE_ROOT);
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
	shim_load(bytes, size);
}

static const u8 *good_of(u32 form)
{
	(void)form; /* there is one */
	good_make();
	return good;
}

#include "fuzz_alone.h"
#endif
