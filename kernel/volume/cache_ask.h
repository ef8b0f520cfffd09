/* The core as client of the domain `cache`: each call is made again of its next
 * generation. -E_... of gates/abi.h. */
#ifndef KERNEL_VOLUME_CACHE_ASK_H
#define KERNEL_VOLUME_CACHE_ASK_H

#include "core.h"

struct volume;

enum cache_step_kind {
	STEP_READ = 1,
	STEP_WRITE = 2,
	STEP_DONE = 3,
	STEP_WRITE_ESCAPED = 4,
};

i32 cache_examine(u32 block_size, u32 blocks, const void *first, u32 size,
		  struct cache_log *found);
i32 cache_describe(u32 sequence, const u32 *pairs, u32 count, void *block,
		   u32 size);
i32 cache_revoke(u32 sequence, const u32 *blocks, u32 count, void *block,
		 u32 size);
i32 cache_commit(u32 sequence, u32 seconds, u32 nanoseconds, void *block,
		 u32 size);
i32 cache_begin_at(u32 start, u32 sequence, void *first, u32 size);

/* Not made again: -E_GONE means that the replay has to begin again. */
i32 cache_replay_begin(u32 block_size, const struct cache_log *log,
		       struct cache_step *next);
i32 cache_replay_next(const void *block, u32 size, struct cache_step *next);
i32 cache_revive(void);

/* Inside journals. */
u32 journal_place(const struct volume *v, u32 index);
u32 journal_next(const struct volume *v, u32 index);
i32 journal_begin_at(struct volume *v, u32 start, u32 sequence);

#endif
