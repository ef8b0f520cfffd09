/*
 * The devices without hardware: null, zero, full, random and urandom, by the
 * minor numbers that Linux gives them.
 */
#include "random.h"

#define PIECE 1024u /* of what is written to random, at a time */

enum minor {
	MINOR_NULL = 3,
	MINOR_ZERO = 5,
	MINOR_FULL = 7,
	MINOR_RANDOM = 8,
	MINOR_URANDOM = 9,
};

i32 life_start(u32 generation)
{
	char text[32];

	random_start();
	log_write(text,
		  print_to(text, sizeof text, "null: start %u", generation));
	return 0;
}

static void zeros_give(into u8 *data, u32 room)
{
	static const u8 zeros[4096];

	for (u32 done = 0; done < room; done += sizeof zeros)
		give(data + done, zeros, min(room - done, (u32)sizeof zeros));
}

static void random_give(into u8 *data, u32 room)
{
	struct stream s;
	u8 block[RANDOM_BLOCK];

	random_key(&s);
	for (u32 done = 0; done < room; done += RANDOM_BLOCK) {
		random_next(&s, block);
		give(data + done, block, min(room - done, RANDOM_BLOCK));
	}
	memset(&s, 0, sizeof s);
	memset(block, 0, sizeof block);
}

i32 device_read(u32 minor, into u8 *data, u32 room)
{
	switch (minor) {
	case MINOR_NULL:
		return 0;
	case MINOR_ZERO:
	case MINOR_FULL:
		zeros_give(data, room);
		return (i32)room;
	case MINOR_RANDOM:
	case MINOR_URANDOM:
		random_give(data, room);
		return (i32)room;
	}
	return -E_NAME;
}

static void random_take(from u8 *data, u32 size)
{
	static u8 bytes[PIECE];

	for (u32 done = 0; done < size; done += PIECE) {
		u32 n = min(size - done, PIECE);

		take(bytes, data + done, n);
		random_stir(bytes, n);
	}
}

i32 device_write(u32 minor, from u8 *data, u32 size)
{
	switch (minor) {
	case MINOR_RANDOM:
	case MINOR_URANDOM:
		random_take(data, size);
		return (i32)size;
	case MINOR_NULL:
	case MINOR_ZERO:
		return (i32)size;
	case MINOR_FULL:
		return -E_FULL;
	}
	return -E_NAME;
}

i32 device_ready(u32 minor)
{
	return minor >= MINOR_NULL && minor <= MINOR_URANDOM ? 1 | 4 : -E_NAME;
}
