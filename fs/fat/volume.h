/*
 * What an operation begins and ends with, bytes of the volume, and what was
 * read once from the boot sector. Nothing here outlives an operation but what
 * never changes, and hints.
 */
#ifndef FS_FAT_VOLUME_H
#define FS_FAT_VOLUME_H

#include "layout.h"

/* What does not change while it is mounted. Checked. */
struct geometry {
	bool ready, read_only;
	u8 width; /* bits of a cell: 12, 16 or 32 */
	u8 block_shift, cluster_shift; /* bytes */
	u8 slot_shift; /* slots of a cluster */
	u32 block_size;
	u32 tables, table, table_bytes; /* table: the first one in use */
	u32 clusters, end; /* end: one more than the last one's number */
	u32 folder_end; /* the same for those that directories can be in */
	u32 root_cluster; /* 0: the root has a place of its own */
	u32 root_slots; /* there */
	u64 table_at, root_at, data_at; /* bytes */
	u32 info_at, state_at; /* bytes; info_at 0: none */
};

extern struct geometry fs;

/* Begin an operation, one that changes something or only looks. 0; -E_DENIED
 * to change what is read-only; what reading the boot sector ends in. */
i32 operation_begin(bool changes);

/* Write the free count, keep what is to be kept; the answer goes through. */
i32 operation_end(i32 answer);

/* Read and check the boot sector. -E_FORM with a line in the log. */
i32 geometry_load(void);

/* Bytes anywhere on the volume. */
i32 bytes_read(u64 at, void *to, u32 size);
i32 bytes_write(u64 at, const void *bytes, u32 size);

/* The first block of a cluster; a cluster's number of blocks. */
u32 cluster_block(u32 cluster);
u32 cluster_blocks(void);

static inline bool cluster_ok(u32 cluster)
{
	return cluster >= CELL_FIRST && cluster < fs.end;
}

/* Now, in seconds since 1970. */
i32 time_now(u32 *seconds);

void say(const char *format, u32 number);

#define RETURN_IF(error) \
	do { \
		i32 return_error = (error); \
		if (return_error < 0) \
			return return_error; \
	} while (0)

#endif
