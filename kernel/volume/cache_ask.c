/* The core as client of the domain `cache`. */
#include "kernel/volume/cache_ask.h"

#include "kernel/domain.h"
#include "kernel/mutex.h"

static struct mutex binding = MUTEX(binding, "cache binding");
static struct import cache;
static u32 bound;

static i32 bind(void)
{
	i32 r = 0;

	mutex_lock(&binding);
	if (!bound)
		r = import_bind(&cache, "cache", 0);
	bound |= r == 0;
	mutex_unlock(&binding);
	return r;
}

i32 cache_revive(void)
{
	return import_revive(&cache);
}

#define ASK(call) \
	({ \
		i32 answer_ = bind(); \
		if (answer_ == 0) \
			do \
				answer_ = (call); \
			while (answer_ == -E_GONE && cache_revive() == 0); \
		answer_; \
	})

i32 cache_examine(u32 block_size, u32 blocks, const void *first, u32 size,
		  struct cache_log *found)
{
	return ASK(down_cache_examine(&cache, block_size, blocks, first, size,
				      found));
}

i32 cache_describe(u32 sequence, const u32 *pairs, u32 count, void *block,
		   u32 size)
{
	return ASK(down_cache_describe(&cache, sequence, (const u8 *)pairs,
				       count * 8, block, size));
}

i32 cache_revoke(u32 sequence, const u32 *blocks, u32 count, void *block,
		 u32 size)
{
	return ASK(down_cache_revoke(&cache, sequence, (const u8 *)blocks,
				     count * 4, block, size));
}

i32 cache_commit(u32 sequence, u32 seconds, u32 nanoseconds, void *block,
		 u32 size)
{
	return ASK(down_cache_commit(&cache, sequence, seconds, nanoseconds,
				     block, size));
}

i32 cache_begin_at(u32 start, u32 sequence, void *first, u32 size)
{
	return ASK(down_cache_begin_at(&cache, start, sequence, first, size));
}

/* A domain that died between two steps knows of no replay. */
static i32 begin_again(i32 answer)
{
	return answer == -E_RANGE ? -E_GONE : answer;
}

i32 cache_replay_begin(u32 block_size, const struct cache_log *log,
		       struct cache_step *next)
{
	i32 r = bind();

	return r < 0 ? r : down_cache_replay(&cache, block_size, log, next);
}

i32 cache_replay_next(const void *block, u32 size, struct cache_step *next)
{
	return begin_again(down_cache_replay_on(&cache, block, size, next));
}
