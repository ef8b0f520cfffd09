/*
 * What lies on a compact disc, as ECMA-119 has it. Numbers stand there twice,
 * low byte first and high byte first: the former are read.
 */
#ifndef FS_ISO9660_LAYOUT_H
#define FS_ISO9660_LAYOUT_H

#include "iso9660.h"

#define PACKED __attribute__((packed))

#define BLOCK	    2048u
#define BLOCK_SHIFT 11u
#define FIRST	    16u /* block of the first volume descriptor */
#define DESCRIPTORS 32u /* looked at, at most */

struct both_32 {
	u32 low, high; /* the same number */
} PACKED;

struct both_16 {
	u16 low, high;
} PACKED;

struct stamp {
	u8 year; /* since 1900 */
	u8 month, day, hour, minute, second;
	i8 quarters; /* of an hour, east of Greenwich */
} PACKED;

/* A directory record; the name's bytes follow, then, at an even place, what
 * other standards have put there. */
struct record {
	u8 size;
	u8 attribute_blocks;
	struct both_32 extent, bytes;
	struct stamp made;
	u8 flags; /* enum record_flag */
	u8 unit, gap;
	struct both_16 volume;
	u8 name_size;
} PACKED;

_Static_assert(sizeof(struct record) == 33, "as the standard says");

#define RECORD_LEAST 34u

enum record_flag {
	RECORD_FOLDER = 2,
	RECORD_GOES_ON = 0x80, /* the next record is of the same file */
};

struct descriptor {
	u8 kind; /* enum descriptor_kind */
	u8 magic[5]; /* "CD001" */
	u8 version, flags;
	u8 names[64], unused[8];
	struct both_32 blocks;
	u8 escapes[32];
	struct both_16 set_size, number, block_size;
	u8 tables[24];
	struct record root;
} PACKED;

_Static_assert(offsetof(struct descriptor, root) == 156, "as it says");

enum descriptor_kind {
	DESCRIPTOR_FIRST = 1,
	DESCRIPTOR_OTHER = 2,
	DESCRIPTOR_END = 255,
};

#define MODE_KIND      0170000u
#define MODE_SOCKET    0140000u
#define MODE_LINK      0120000u
#define MODE_FILE      0100000u
#define MODE_BLOCK     0060000u
#define MODE_FOLDER    0040000u
#define MODE_CHARACTER 0020000u
#define MODE_FIFO      0010000u
#define NAME_MOST      255u

#endif
