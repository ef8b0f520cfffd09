/*
 * The queue of bytes. `in` and `out` only grow; their low bits are the places
 * in the buffer, and their difference stays right when they wrap.
 */
#include "gates/domain/ring.h"

bool ring_put(struct ring *ring, char byte)
{
	if (ring_used(ring) == RING_SIZE)
		return false;
	ring->bytes[ring->in++ % RING_SIZE] = byte;
	return true;
}

char ring_get(struct ring *ring)
{
	assert(ring_used(ring) > 0);
	return ring->bytes[ring->out++ % RING_SIZE];
}

u32 ring_take(struct ring *ring, from char *src, u32 n)
{
	u32 place = ring->in % RING_SIZE;
	u32 part;

	n = min(n, RING_SIZE - ring_used(ring));
	part = min(n, RING_SIZE - place); /* up to the end, then from 0 */
	take(ring->bytes + place, src, part);
	take(ring->bytes, src + part, n - part);
	ring->in += n;
	return n;
}

u32 ring_give(struct ring *ring, into char *dst, u32 room)
{
	u32 place = ring->out % RING_SIZE;
	u32 n = min(room, ring_used(ring));
	u32 part = min(n, RING_SIZE - place);

	give(dst, ring->bytes + place, part);
	give(dst + part, ring->bytes, n - part);
	ring->out += n;
	return n;
}
