/* Sets of block numbers: a bit each, in pages that are made when needed. */
#ifndef KERNEL_VOLUME_SET_H
#define KERNEL_VOLUME_SET_H

#include "gates/abi.h"

struct block_set {
	u32 **pages; /* of SET_BITS blocks each; NULL: none of them is in */
	u32 page_count;
	u32 count; /* blocks in the set */
};

#define SET_BITS 32768u

/* For blocks below `blocks`. 0 or -ENOMEM. */
i32 set_make(struct block_set *s, u32 blocks);
void set_free(struct block_set *s);

/* Make room for these, so that set_add cannot fail. 0 or -ENOMEM. */
i32 set_prepare(struct block_set *s, u32 block, u32 count);
void set_add(struct block_set *s, u32 block);
void set_remove(struct block_set *s, u32 block);
int set_has(const struct block_set *s, u32 block);

/* The first one from `block` on, or 0xFFFFFFFF. */
u32 set_next(const struct block_set *s, u32 block);

/* How many of `count` from `block` on come before the first one in the set. */
u32 set_gap(const struct block_set *s, u32 block, u32 count);

/* Take all out, and free the pages. */
void set_clear(struct block_set *s);

#endif
