/* A generator of random bytes, and what its key is made from. */
#ifndef DRIVERS_NULL_RANDOM_H
#define DRIVERS_NULL_RANDOM_H

#include "null.h"

#define RANDOM_BLOCK 64u

/* Seed it from the clock and the jitter of the CPU's own counter. */
void random_start(void);

/* Mix in bytes of somebody's; they are not believed to be random. */
void random_stir(const u8 *bytes, u32 size);

/*
 * A key for one reader, and the next block of its stream. random_key replaces
 * the generator's own, so that nobody can compute what was read before.
 */
struct stream {
	u32 words[16];
};
void random_key(struct stream *s);
void random_next(struct stream *s, u8 block[RANDOM_BLOCK]);

#endif
