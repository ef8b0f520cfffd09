/*
 * The tree of an inode's cached pages: nodes of 64 words, the lowest level
 * holding physical addresses of frames (0: no page). The caller locks.
 */
#ifndef KERNEL_SPACE_CACHED_H
#define KERNEL_SPACE_CACHED_H

#include "kernel/space/cache.h"

#define CACHED_WAYS 64u

/* The word of a page; NULL: its node does not exist. */
u32 *cached_find(const struct cached *c, u32 index);

/* The same, nodes made where they are missing; NULL without memory. */
u32 *cached_make(struct cached *c, u32 index);

/*
 * Take the last pages out that have numbers of at least `first`, at most those
 * of one node, and free what nodes that empties. Their addresses go to
 * `frames`; returns how many: 0 if there are no such pages any more.
 */
u32 cached_cut(struct cached *c, u32 first, u32 frames[CACHED_WAYS]);

#endif
