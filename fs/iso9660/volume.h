/*
 * The volume: what its descriptors say, checked. Nothing is kept that could
 * not be read again.
 */
#ifndef FS_ISO9660_VOLUME_H
#define FS_ISO9660_VOLUME_H

#include "layout.h"

enum naming {
	NAMING_PLAIN, /* capitals and a version: lower-cased here */
	NAMING_WIDE, /* Joliet: UTF-16, high byte first */
	NAMING_ROCK, /* Rock Ridge: whatever its NM fields say */
};

struct geometry {
	bool ready;
	u8 naming; /* enum naming */
	u8 skip; /* bytes before the fields of Rock Ridge */
	u32 blocks; /* that there are */
	u32 stated; /* that the volume says it has */
	u32 root_extent, root_bytes;
};

extern struct geometry fs;

/* Begin an operation: 0, or what reading the descriptors ends in. */
i32 operation_begin(void);

/* Read and check the descriptors. -E_FORM with a line in the log. */
i32 geometry_load(void);

/* Are so many bytes from that block on all on the volume? */
bool extent_ok(u32 block, u32 bytes);

void say(const char *format, u32 number);

#define RETURN_IF(error) \
	do { \
		i32 return_error = (error); \
		if (return_error < 0) \
			return return_error; \
	} while (0)

#endif
