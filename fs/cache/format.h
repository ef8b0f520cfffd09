/*
 * The journal on the disk: JBD2's version 2 without checksums, which is what
 * mke2fs makes for ext3. Numbers are big-endian. (Linux kernel documentation,
 * filesystems/ext4/journal.)
 */
#ifndef FS_CACHE_FORMAT_H
#define FS_CACHE_FORMAT_H

#include "cache.h"

#define MAGIC 0xC03B3998u

enum kind { DESCRIPTOR = 1, COMMIT = 2, SUPER_1 = 3, SUPER_2 = 4, REVOKE = 5 };

/* Offsets in the words of the first block, and of all of the log's own. */
enum super {
	WORD_MAGIC = 0,
	WORD_KIND = 1,
	WORD_SEQUENCE = 2,
	SUPER_BLOCK_SIZE = 3,
	SUPER_LENGTH = 4,
	SUPER_FIRST = 5,
	SUPER_SEQUENCE = 6,
	SUPER_START = 7,
	SUPER_INCOMPATIBLE = 10,
	SUPER_WORDS = 16,
};

#define HEADER	       12u
#define REVOKE_HEADER  16u /* the fourth word: bytes in use */
#define COMMIT_SECONDS 48u /* 64 bits; 32 of nanoseconds behind them */
#define UUID	       16u

#define FEATURE_REVOKE 1u

enum tag_flag { TAG_ESCAPED = 1, TAG_SAME = 2, TAG_LAST = 8 };

/* Of a descriptor; 16 bytes of UUID follow one without TAG_SAME. */
struct tag {
	u32 block;
	u16 checksum, flags;
};

static inline u32 big(u32 n)
{
	return __builtin_bswap32(n);
}

static inline u16 big16(u16 n)
{
	return __builtin_bswap16(n);
}

#endif
