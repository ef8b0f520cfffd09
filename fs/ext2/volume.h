/*
 * What an operation begins and ends with; the superblock; groups of blocks.
 * Nothing here outlives an operation but what the superblock and the group
 * descriptors say for good.
 */
#ifndef FS_EXT2_VOLUME_H
#define FS_EXT2_VOLUME_H

#include "layout.h"

/* What does not change while it is mounted. Checked. */
struct geometry {
	bool ready, read_only, journal, types, sparse, sparse2, extended;
	u8 block_shift, pointer_shift; /* pointers in a block */
	u32 block_size, pointers, sectors; /* sectors of a block */
	u32 blocks, first_block, group_blocks, groups;
	u32 kept; /* blocks that the superuser alone may take */
	u32 inodes, group_inodes, table_blocks, first_inode;
	u32 inode_size, extra_size; /* extra: of new inodes */
	u32 descriptor_blocks, reserved_descriptors;
	u32 backups[2];
	u32 journal_inode, overhead;
};

extern struct geometry fs;

/* Begin an operation, one that changes something or only looks. 0; -E_DENIED
 * to change what is read-only; what reading the superblock ends in. */
i32 operation_begin(bool changes);

/* Write the counts that changed; the operation's answer goes through. */
i32 operation_end(i32 answer);

/* Now, in seconds and nanoseconds since 1970: the same in all of an operation.
 */
i32 time_now(u32 *seconds, u32 *nanoseconds);

/* Somebody should check this volume. */
i32 errors_mark(void);

/* Part of the superblock, at a byte of it. */
i32 super_read(u32 at, void *to, u32 size);
i32 super_write(u32 at, const void *bytes, u32 size);

/* Read and check all of it, and the volume's block size. -E_FORM with a line
 * in the log. */
i32 super_load(void);

/* Free blocks of the volume and of a group, with what the operation changed. */
i32 blocks_free_of(u32 group, u32 *count);
i32 blocks_free(u32 *count);
i32 inodes_free(u32 *count);

/* A whole descriptor with what the operation changed. */
i32 descriptor_read(u32 group, struct descriptor *d);

/* They are more, or less, by so many. */
i32 counts_change(u32 group, i32 blocks, i32 inodes, i32 folders);

/* Where things lie in a group, each in the group's own blocks. */
struct place {
	u32 group; /* and 1; 0: this place is empty */
	u32 block_map, inode_map, table, overhead;
};

i32 group_place(u32 group, const struct place **found);

/* First block of a group; how many it has. */
u32 group_start(u32 group);
u32 group_size(u32 group);
bool group_has_super(u32 group);

/* Blocks where a superblock and the descriptors are take up a group's first. */
u32 group_overhead(u32 group);

/* May contents be there? -E_FORM if it is no place of the volume's, or one of
 * its own structures. */
i32 blocks_check(u32 block, u32 count);

void say(const char *format, u32 number);

#define RETURN_IF(error) \
	do { \
		i32 return_error = (error); \
		if (return_error < 0) \
			return return_error; \
	} while (0)

#endif
