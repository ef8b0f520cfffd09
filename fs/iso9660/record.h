/*
 * Directory records: found by number, checked, and understood with all that
 * Rock Ridge adds. A record's number is its place on the volume in units of
 * 32 bytes, which is less than a record takes up.
 */
#ifndef FS_ISO9660_RECORD_H
#define FS_ISO9660_RECORD_H

#include "volume.h"

#define ROOT	     1u /* its inode; no record can be there */
#define UNIT	     32u
#define TARGET_MOST  4095u
#define EXTENTS_MOST 4096u /* of one file */

/* What a record is about. */
struct entry {
	u32 number; /* of the first record, if there are several */
	u32 extent; /* the first block */
	u64 bytes;
	u32 mode, links, uid, gid, device;
	u32 modified, accessed, changed; /* seconds since 1970 */
	bool goes_on; /* more of the contents is where the next record says */
	bool is_dots; /* the directory's own record, or that of the one above */
	bool is_moved; /* it is to be seen somewhere else only */
	u32 child; /* the block of a directory that was moved; 0: none */
	u32 name_size, target_size;
	char name[NAME_MOST + 1];
};

/* What the last link's record that was understood leads to. */
extern char target[TARGET_MOST + 1];

/* An operation begins to look. */
void blocks_begin(void);

/* The record at byte `at` of a directory's block: its bytes, until another
 * block is read. 1; 0 if there is none before the block's end; -E_FORM. */
i32 record_load(u32 block, u32 at, const struct record **r);

/* Understand the record at a byte of a block. */
i32 record_read(u32 block, u32 at, const struct record *r, struct entry *e);

/* The entry of an inode, all of its extents in `bytes`. -E_NAME. */
i32 entry_get(u32 number, struct entry *e);

/* Where its (first) record is: the byte of a block. */
i32 entry_place(u32 number, u32 *block, u32 *at);

/* From the record at byte *at of block *block to the next one, which is of the
 * same file. 1, or -E_FORM if there is none. */
i32 record_next(u32 *block, u32 *at, const struct record **r);

/* The directory that was moved, instead of its record. */
i32 entry_child(struct entry *e);

/* ---- rock.c ---- */

/* Does the root have Rock Ridge's fields? fs.skip is set. 1 or 0. */
i32 rock_find(void);

/* Take over what they say of a record. */
i32 rock_read(const struct record *r, struct entry *e);

/* ---- name.c ---- */

/* A record's own name; "" if it makes no sense. */
void name_read(const struct record *r, struct entry *e);

/* Seconds since 1970, 0 before that. */
u32 stamp_seconds(const struct stamp *s);

#endif
