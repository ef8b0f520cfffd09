/*
 * Chains of clusters: the contents of a file or a directory. What a chain
 * says is never believed beyond the number of clusters that there are, so
 * that a loop comes to an end.
 */
#ifndef FS_FAT_CHAIN_H
#define FS_FAT_CHAIN_H

#include "volume.h"

#define HOLE 0xFFFFFFFFu

/* What memory says about chains may be wrong. */
void hints_drop(void);

/* The cluster at place `index` of the chain that begins with `first`: 0
 * behind its end. -E_FORM if it leads astray. */
i32 chain_at(u32 first, u32 index, u32 *cluster);

/* How many clusters it has; -E_FORM if more than `most`. */
i32 chain_length(u32 first, u32 most, u32 *length);

/* Its last cluster and its length; 0 and 0 of an empty one. */
i32 chain_last(u32 first, u32 *last, u32 *length);

/*
 * One cluster more behind `last`, which is place `index` - 1 of the chain
 * that begins with `first`; 0 and 0: the chain is empty, and *cluster begins
 * it. Only clusters below `end` are taken. -E_FULL.
 */
i32 chain_append(u32 first, u32 last, u32 index, u32 end, u32 *cluster);

/*
 * Cut off what is behind the first `keep` clusters, as much as one operation
 * can: 1 if there is more, and the chain is in order yet. *first is 0 once
 * none is left. With `release`, the blocks held directories.
 */
i32 chain_cut(u32 *first, u32 keep, bool release);

/* What is at block `at` of the contents: at most `most` blocks. */
i32 chain_run(u32 first, u32 at, u32 most, struct filesystem_run *run);

#endif
