/*
 * What lies on a FAT volume, as Microsoft's "FAT32 File System Specification"
 * (version 1.03) has it. Numbers have their low byte first.
 */
#ifndef FS_FAT_LAYOUT_H
#define FS_FAT_LAYOUT_H

#include "fat.h"

#define PACKED __attribute__((packed))

/* What follows the first fields, with one of the two before it. */
struct boot_tail {
	u8 drive;
	u8 state; /* bit 0: not unmounted; bit 1: look at all clusters */
	u8 signature;
	u32 serial;
	u8 label[11];
	u8 kind[8];
} PACKED;

struct boot_sector {
	u8 jump[3];
	u8 maker[8];
	u16 sector_size;
	u8 cluster_sectors;
	u16 reserved;
	u8 tables;
	u16 root_entries;
	u16 sectors_16;
	u8 media;
	u16 table_sectors_16;
	u16 track_sectors, heads;
	u32 hidden, sectors_32;
	union {
		struct boot_tail tail_16;
		struct {
			u32 table_sectors_32;
			u16 flags; /* bit 7: only table (bits 0-3) is used */
			u16 version;
			u32 root_cluster;
			u16 info_sector, backup_sector;
			u8 unused[12];
			struct boot_tail tail_32;
		} PACKED;
	};
} PACKED;

_Static_assert(sizeof(struct boot_sector) == 90, "as the specification says");

/* The sector of free counts, FAT32 only. */
struct info_sector {
	u32 begin; /* INFO_BEGIN */
	u8 unused[480];
	u32 middle; /* INFO_MIDDLE */
	u32 free, next; /* clusters; INFO_UNKNOWN */
	u8 unused_too[12];
	u32 end; /* INFO_END */
};

_Static_assert(sizeof(struct info_sector) == 512, "one sector");

#define INFO_BEGIN   0x41615252u
#define INFO_MIDDLE  0x61417272u
#define INFO_END     0xAA550000u
#define INFO_UNKNOWN 0xFFFFFFFFu

/* Cells of the table, as wide as FAT32's; narrower ones are widened. */
#define CELL_FREE  0u
#define CELL_BAD   0x0FFFFFF7u
#define CELL_END   0x0FFFFFFFu
#define CELL_FIRST 2u /* the first cluster's number */

#define CLUSTERS_12 4084u /* at most */
#define CLUSTERS_16 65524u
#define CLUSTERS_32 0x0FFFFFF5u

/* Bits of cell 1, with FAT16 and FAT32: set while the volume is in order. */
#define CLEAN_16    0x8000u
#define CLEAN_32    0x08000000u
#define STATE_DIRTY 1u

#define SLOT 32u /* bytes of a directory entry, or of a part of its name */

struct record {
	u8 name[11];
	u8 attributes;
	u8 cases; /* enum record_case */
	u8 made_centiseconds;
	u16 made_time, made_date;
	u16 accessed_date;
	u16 cluster_high;
	u16 time, date;
	u16 cluster_low;
	u32 size;
} PACKED;

/* A part of a long name, before the record that it belongs to; the last part
 * comes first. */
struct name_part {
	u8 number; /* from 1 on; PART_LAST: the last */
	u16 units_1[5];
	u8 attributes; /* RECORD_PART */
	u8 kind;
	u8 sum; /* of the record's name */
	u16 units_2[6];
	u16 zero;
	u16 units_3[2];
} PACKED;

_Static_assert(sizeof(struct record) == SLOT, "one slot");
_Static_assert(sizeof(struct name_part) == SLOT, "one slot");

#define PART_LAST  0x40u
#define PART_UNITS 13u
#define UNITS_MOST 255u
#define PARTS_MOST 20u

enum record_attribute {
	RECORD_READ_ONLY = 1,
	RECORD_HIDDEN = 2,
	RECORD_SYSTEM = 4,
	RECORD_LABEL = 8,
	RECORD_FOLDER = 16,
	RECORD_ARCHIVE = 32,
	RECORD_PART = 15, /* all of these, and no other of the six */
	RECORD_ALL = 63,
};

enum record_case { CASE_BASE = 8, CASE_EXTENSION = 16 };

#define RECORD_GONE   0xE5u /* first byte: free; it was in use */
#define RECORD_E5     0x05u /* first byte: 0xE5, really */
#define RECORD_UNUSED 0u /* first byte: this and all behind are free */

#define FOLDER_SLOTS 65536u /* at most */

#define MODE_KIND   0170000u
#define MODE_FOLDER 0040000u
#define MODE_FILE   0100000u
#define NAME_MOST   255u

#endif
