// sources:
/*
 * fs/iso9660 under a coverage-guided fuzzer (libFuzzer, or AFL++'s driver for
 * it): `make soak` runs it. An input first says what becomes of a good small
 * image (which block, which byte, what value) and then what is asked of the
 * file system, which must not touch what is not its own, and come to an end.
 * Without libFuzzer, -DALONE makes a program of it that takes its inputs from
 * a random number.
 */
#include <sys/types.h>

#include "iso9660_domain.h"

#include "fuzz_input.h"

#define IMAGE	   (32 * BLOCK)
#define CALLS_MOST 3000000u

static u8 image[IMAGE];

/* ---- a good image, made by hand ---- */

#define ROOT_BLOCK  20u
#define DEEP_BLOCK  21u
#define EXTRA_BLOCK 22u
#define WIDE_BLOCK  23u
#define FILE_BLOCK  24u

static void good_word(u32 at, u32 value)
{
	memcpy(image + at, &value, 4);
}

/* A record; returns where the next one goes. `rock`: its fields. */
static u32 good_record(u32 at, const char *name, u32 name_size, u32 flags,
		       u32 extent, u32 bytes, const char *rock, u32 rock_size)
{
	u32 fields = (33 + name_size + 1) & ~1u, size = fields + rock_size;

	size += size & 1;
	image[at] = (u8)size;
	good_word(at + 2, extent);
	good_word(at + 10, bytes);
	memcpy(image + at + 18, "\x65\1\2\3\4\5", 7);
	image[at + 25] = (u8)flags;
	image[at + 32] = (u8)name_size;
	memcpy(image + at + 33, name, name_size);
	memcpy(image + at + fields, rock, rock_size);
	return at + size;
}

#define ROCK(text) text, sizeof text - 1
#define PLAIN	   "", 0

static void good_descriptor(u32 block, u32 kind, u32 root)
{
	u32 at = block * BLOCK;

	image[at] = (u8)kind;
	memcpy(image + at + 1, "CD001\1", 6);
	good_word(at + 80, IMAGE / BLOCK);
	good_word(at + 128, BLOCK);
	if (kind == DESCRIPTOR_OTHER)
		memcpy(image + at + 88, "%/E", 3);
	if (root)
		good_record(at + 156, "", 1, RECORD_FOLDER, root, BLOCK, PLAIN);
}

#define PX(kind) \
	"PX\44\1\0" kind "\0\0\0\0\0\0" \
	"\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static void good_root(bool rock)
{
	u32 at = ROOT_BLOCK * BLOCK;

	if (rock)
		at = good_record(
			at, "", 1, 2, ROOT_BLOCK, BLOCK,
			ROCK("SP\7\1\xBE\xEF\0"
			     "CE\34\1\26\0\0\0\0\0\0\26\0\0\0\0\0\0\0\0"
			     "\144\0\0\0\0\0\0\0"));
	else
		at = good_record(at, "", 1, 2, ROOT_BLOCK, BLOCK, PLAIN);
	at = good_record(at, "\1", 1, 2, ROOT_BLOCK, BLOCK, PLAIN);
	at = good_record(at, "F.TXT;1", 7, 0, FILE_BLOCK, 5000,
			 ROCK("NM\7\1\0fi"
			      "TF\32\1\16\x65\1\2\3\4\5\0\x65\1\2\3\4\5\0"
			      "\x65\1\2\3\4\5\0"));
	at = good_record(at, "L", 1, 0, 0, 0,
			 ROCK("NM\6\1\0l"
			      "SL\21\1\0\10\0\4\0\2\0\1\2ab\0\1c"));
	at = good_record(at, "D", 1, 2, DEEP_BLOCK, BLOCK, ROCK("NM\6\1\0d"));
	at = good_record(at, "M", 1, 0, 0, 0,
			 ROCK("NM\6\1\0mCL\14\1\25\0\0\0\0\0\0\0"));
	at = good_record(at, "P.;1", 4, RECORD_GOES_ON, FILE_BLOCK, 4096,
			 PLAIN);
	good_record(at, "P.;1", 4, 0, FILE_BLOCK + 3, 100, PLAIN);
}

static void good_make(bool rock)
{
	u32 at = EXTRA_BLOCK * BLOCK;

	memset(image, 0, IMAGE);
	good_descriptor(FIRST, DESCRIPTOR_FIRST, ROOT_BLOCK);
	good_descriptor(FIRST + 1, DESCRIPTOR_OTHER, WIDE_BLOCK);
	good_descriptor(FIRST + 2, DESCRIPTOR_END, 0);
	good_root(rock);
	memcpy(image + at, "PX\44\1\0\101", 6);
	memcpy(image + at + 36,
	       "CE\34\1\26\0\0\0\0\0\0\26\50\0\0\0\0\0\0\0"
	       "\100",
	       21);
	at = DEEP_BLOCK * BLOCK;
	at = good_record(at, "", 1, 2, DEEP_BLOCK, BLOCK, PLAIN);
	at = good_record(at, "\1", 1, 2, ROOT_BLOCK, BLOCK, PLAIN);
	good_record(at, "R", 1, 2, DEEP_BLOCK, BLOCK, ROCK("RE\4\1NM\6\1\0r"));
	at = WIDE_BLOCK * BLOCK;
	at = good_record(at, "", 1, 2, WIDE_BLOCK, BLOCK, PLAIN);
	at = good_record(at, "\1", 1, 2, WIDE_BLOCK, BLOCK, PLAIN);
	at = good_record(at, "\0f\0i", 4, 0, FILE_BLOCK, 3000, PLAIN);
	good_record(at, "\0d", 2, 2, WIDE_BLOCK, BLOCK, PLAIN);
}

/* ---- what an input makes of it ---- */

/* Values that are likely to go wrong. */
static u32 input_value(void)
{
	static const u32 edges[] = { 0,	 1,	     2,	  3,	     4,	   33,
				     34, ROOT_BLOCK, 31,  32,	     2047, 2048,
				     80, 0xFF,	     128, 0xFFFFFFFF };
	return input_edge(edges);
}

static void mutate(void)
{
	static const u32 sizes[] = { 1, 2, 4, 1 };
	u32 where = input_byte(), field = input_word(), value = input_value();
	u32 size = sizes[where >> 6],
	    at = (ROOT_BLOCK + (where >> 2 & 3)) * BLOCK;

	if (where % 4 == 0)
		at = (FIRST + (field >> 8) % 3) * BLOCK + field % 200;
	else
		at += field % 500;
	memcpy(image + at, &value, size);
}

static i32 look(u32 what, u32 a, u32 b)
{
	static const char *const names[] = {
		"fi", "d", "l", "m", "p", "f.txt"
	};
	static struct filesystem_attributes found;
	static struct filesystem_space space;
	static u8 room[4100];
	const char *name = names[b % 6];

	switch (what) {
	case 0:
		return filesystem_lookup(a, name, (u32)strlen(name), &found);
	case 1:
		return filesystem_attributes(a, &found);
	case 2:
		return filesystem_entries(a, b % 4096, room, sizeof room);
	case 3:
		return filesystem_map(a, input_value(), input_value(), room,
				      12 + b % 50);
	case 4:
		return filesystem_readlink(a, (char *)room, sizeof room);
	default:
		return filesystem_space(&space);
	}
}

/* One operation, made until it has an answer. */
static void input_operation(void)
{
	u32 what = input_byte(), number = input_byte(), b = input_word();
	u32 a = (ROOT_BLOCK + (what >> 4) % 4) * (BLOCK / UNIT) + number % 20;
	const u8 *place = input;
	size_t left = input_left;
	i32 answer;

	if (number > 250)
		a = b << 8;
	else if (number < 50)
		a = ROOT;
	do {
		input = place;
		input_left = left;
		operation_start(0);
		answer = look(what % 16 % 6, a, b);
	} while (!operation_done(&answer));
	hold(answer > -20);
	hold(shim.calls < CALLS_MOST);
	shim.calls = 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 mutations;

	input = data;
	input_left = size;
	mutations = input_byte();
	good_make(mutations & 64);
	shim.calls = 0;
	shim.again = 50;
	image_take(image, IMAGE);
	if (mutations & 1)
		hold(ask(0, filesystem_mount("", 0)) == ROOT);
	for (u32 n = 0; n < mutations % 16; n++)
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
}

/* With Rock Ridge or without. */
static const u8 *good_of(u32 form)
{
	good_make(form);
	return image;
}

#include "fuzz_alone.h"
#endif
