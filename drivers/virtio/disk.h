/*
 * A virtio disk: its registers and features, and requests to it. Virtual I/O
 * Device 1.0, sections 4.1.4.8 (the legacy interface) and 5.2.
 */
#ifndef VIRTIO_DISK_H
#define VIRTIO_DISK_H

#include "queue.h"

struct disk {
	u32 ports; /* 0: there is none */
	u32 line;
	u32 sectors, most, pieces, align;
	bool read_only, flushes;
	bool untold; /* the device, of what is in its queue */
	void *memory; /* for its queue */
	u32 memory_address, memory_bytes;
	struct queue queue;
};

/* Set it back and begin anew; what was under way is forgotten. -E_DEVICE if
 * it is not as it must be, -E_MEMORY if its memory is too small. */
i32 disk_begin(struct disk *d);

/* Set it back: it touches no memory any more. */
void disk_end(const struct disk *d);

/* As block.start. */
i32 disk_ask(struct disk *d, u32 tag, u32 how, u32 sector, u32 count,
	     from u8 *pieces, u32 size);

/* Tell the core of what is done. 1 if the device had interrupted. */
i32 disk_interrupt(struct disk *d);

#endif
