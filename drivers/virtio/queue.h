/*
 * A split virtqueue as the legacy interface has it, and requests in it: each
 * has a slot of its own, whose place in the queue never changes. Virtual I/O
 * Device 1.0, sections 2.4 and 2.4.4. What the device writes is not believed.
 */
#ifndef VIRTIO_QUEUE_H
#define VIRTIO_QUEUE_H

#include "gates/domain/domain.h"

#define QUEUE_LEAST 16u /* descriptors */
#define QUEUE_MOST  1024u
#define QUEUE_ALIGN 4096u
#define SLOTS	    32u /* at most, a bit each in `free` */
#define TABLE	    62u /* descriptors of a slot's own */

struct descriptor {
	u64 address;
	u32 bytes;
	u16 flags, next;
};

enum { DESCRIPTOR_NEXT = 1, DESCRIPTOR_INTO = 2, DESCRIPTOR_TABLE = 4 };

struct available {
	u16 flags, index;
	u16 heads[];
};

struct used {
	u16 flags, index;
	struct {
		u32 head, bytes;
	} done[];
};

#define USED_SILENT 1 /* it looks by itself: it need not be told */

/* In memory that the device reaches. */
struct slot {
	struct descriptor table[TABLE];
	u32 kind, zero; /* what is asked; the device reads from here */
	u64 sector;
	u8 status; /* what it answers */
	u8 pad[15];
};

_Static_assert(sizeof(struct slot) == 1024, "slots do not cross pages");

struct queue {
	u32 size; /* descriptors */
	bool tables; /* the device takes tables of descriptors */
	u32 stride; /* descriptors of the queue that a slot has */
	u32 depth; /* slots */
	struct descriptor *descriptors;
	volatile struct available *available;
	const volatile struct used *used;
	struct slot *slots;
	u32 slots_address;
	u16 seen; /* of used->index */
	u16 given; /* our available->index */
	u32 free; /* slots, a bit each */
	u32 tags[SLOTS];
};

/* Bytes that a queue of `size` with its slots takes. */
u32 queue_bytes(u32 size);

/*
 * Lay out a queue of `size` descriptors in zeroed memory at `at`, which the
 * device finds at `address`, a multiple of QUEUE_ALIGN.
 */
void queue_make(struct queue *q, u32 size, bool tables, void *at, u32 address);

/* Runs of memory that one request may have. */
u32 queue_pieces(const struct queue *q);

/*
 * Put request `tag` into the queue. `size` bytes of struct block_piece are
 * `bytes` of memory together, to be filled by the device or not. -E_AGAIN if
 * no slot is free; -E_RANGE or -E_BIG for pieces that do not fit.
 */
i32 queue_put(struct queue *q, u32 tag, u32 kind, u32 sector, bool fill,
	      from u8 *pieces, u32 size, u32 bytes);

/* Does the device want to be told of what was put? */
bool queue_tell(const struct queue *q);

/*
 * The next request that is done: 1 with its tag and the device's answer, 0 if
 * there is none, -E_DEVICE if the device answers what cannot be.
 */
i32 queue_next(struct queue *q, u32 *tag, u8 *status);

#endif
