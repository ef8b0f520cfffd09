/*
 * Directories, and the names in them.
 */
#ifndef FS_ISO9660_FOLDER_H
#define FS_ISO9660_FOLDER_H

#include "record.h"

#define FOLDER_MOST (16u << 20) /* bytes */

struct folder {
	u32 extent, bytes;
};

/* -E_KIND if it is none. */
i32 folder_get(u32 number, struct folder *dir);

struct walk {
	const struct folder *dir;
	u32 at; /* the byte of it where the next record is */
};

void walk_begin(struct walk *w, const struct folder *dir, u32 at);

/* The next name: 1, or 0 if there is none. A directory that was moved is not
 * there, but what leads to it is. */
i32 walk_name(struct walk *w, struct entry *e);

/* 1 if it is there. */
i32 folder_find(const struct folder *dir, const char *name, u32 size,
		struct entry *e);

#endif
