/*
 * A reader of cpio archives ("newc", as Linux's boot images), one or several
 * one behind the other with zeros in between. Reads the archive's bytes and
 * believes none of them.
 */
#ifndef KERNEL_ARCHIVE_H
#define KERNEL_ARCHIVE_H

#include "gates/abi.h"

struct archive {
	const u8 *bytes;
	u32 size;
	u32 at; /* where the next entry's header is looked for */
};

/* Name and contents lie in the archive. The name ends with a NUL; more of them
 * may fill the room up to the contents. */
struct archive_file {
	const char *name; /* without a leading "./" */
	const u8 *bytes; /* at a multiple of 4 from the archive's start */
	u32 size;
	u32 mode; /* as in stat(): 0100000 a file, 0040000 a folder */
	u32 number; /* of its inode: names of one file have the same */
	u32 uid, gid, links;
	u32 modified; /* seconds since 1970 */
	u32 device; /* of device nodes: major << 8 | minor */
};

/* Start at the first entry of the `size` bytes at `bytes`. */
void archive_open(struct archive *archive, const void *bytes, u32 size);

/*
 * Step to the next entry: 1 and `file` set, 0 at the end, or -E_FORM where
 * the archive is malformed or cut off, now and ever after.
 */
i32 archive_next(struct archive *archive, struct archive_file *file);

/*
 * The last entry of that name, so that an archive behind another one can
 * replace its files. 0, -E_NAME, or -E_FORM for a malformed archive.
 */
i32 archive_find(const void *bytes, u32 size, const char *name,
		 struct archive_file *file);

#endif
