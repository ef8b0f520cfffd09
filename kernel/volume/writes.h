/* Many blocks on their way to a volume's disk at once. */
#ifndef KERNEL_VOLUME_WRITES_H
#define KERNEL_VOLUME_WRITES_H

#include "kernel/volume/buffer.h"

struct writes {
	struct volume *volume;
	u32 pending;
	i32 error; /* the first one */
	struct wait_queue queue;
};

void writes_begin(struct writes *w, struct volume *v);

/* Write a frame's first bytes to a block of the volume; the frame is shared
 * until then. Waits for memory if there is none. */
void writes_add(struct writes *w, u32 block, struct physical p);

/* Wait for all of them; with `flush`, until the disk has them for good. 0 or
 * -EIO. */
i32 writes_end(struct writes *w, int flush);

#endif
