/*
 * Lends as the core makes them: bytes of one segment as a segment of their
 * own, in the LDT of the thread that carries them across.
 */
#ifndef SEG_LEND_H
#define SEG_LEND_H

#include "gates/linkage.h"

/*
 * Describe `size` bytes at `linear`: read-only or writable, level 1. No bytes
 * make the empty segment. -E_BIG above 1 MiB unless whole pages.
 */
i32 lend_make(u32 linear, u32 size, u8 writable, struct descriptor *out);

/* Where a caller says its buffer is: the pair that lies on its stack. */
struct pair {
	u32 offset; /* top bits: in which segment */
	u32 length;
};

#define PAIR_IN_FROM 0x80000000u /* in the caller's own `from` lend */
#define PAIR_IN_INTO 0xC0000000u /* in its `into` lend */
#define PAIR_SOURCE  0xC0000000u

/*
 * Make a lend out of a pair. `door` is the lender's; `own` its activation's
 * two lends, from which it may lend on. -E_RANGE if the bytes are not its to
 * lend; -E_DENIED if it lends on as writable what it got read-only.
 */
i32 lend_pair(const struct door *door, const struct descriptor own[2],
	      struct pair pair, u8 writable, struct descriptor *out);

#endif
