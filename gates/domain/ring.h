/*
 * A queue of bytes inside a domain, between its interrupt handler and its
 * callers: the domain's monitor is all the lock it needs. Begins empty as
 * zeroed memory.
 */
#ifndef GATES_DOMAIN_RING_H
#define GATES_DOMAIN_RING_H

#include "gates/domain/domain.h"

#define RING_SIZE 1024 /* a power of two */

struct ring {
	u32 in, out; /* bytes ever put and got */
	char bytes[RING_SIZE];
};

static inline u32 ring_used(const struct ring *ring)
{
	return ring->in - ring->out;
}

/* Put one byte; false when there is no room for it. */
bool ring_put(struct ring *ring, char byte);

/* Get the oldest byte. There must be one. */
char ring_get(struct ring *ring);

/* Put the first bytes of `n` from a lent buffer. Returns how many fitted. */
u32 ring_take(struct ring *ring, from char *src, u32 n);

/* Get bytes into a lent buffer, as many as are there and fit: how many. */
u32 ring_give(struct ring *ring, into char *dst, u32 room);

#endif
