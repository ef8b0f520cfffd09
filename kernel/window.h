/* A generation's window: what is mapped where, and its page contents. */
#ifndef KERNEL_WINDOW_H
#define KERNEL_WINDOW_H

#include "kernel/domain.h"

/* Lay out and fill g's window from its domain's image. -E_MEMORY undoes all. */
i32 window_make(struct generation *g);

/* Unmap everything. World stopped. window_free still has to follow. */
void window_unmap(struct generation *g);

/* Unmap everything and give the frames back; kept and DMA frames stay. */
void window_free(struct generation *g);

/* Copy `size` bytes into the window at `offset`, whatever its pages allow. */
void window_write(struct generation *g, u32 offset, const void *bytes,
		  u32 size);

/* Read likewise; bytes of absent pages read as 0. Returns bytes present. */
u32 window_read(const struct generation *g, u32 offset, void *bytes, u32 size);

#endif
