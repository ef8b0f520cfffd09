/*
 * Telling the TLBs of all CPUs that have a space loaded. Needed where a page
 * went, or may be used less than before.
 */
#ifndef KERNEL_SPACE_FLUSH_H
#define KERNEL_SPACE_FLUSH_H

#include "kernel/space/space.h"

/* Lock of the space held, no spinlock; may be waited in, interrupts on. */
void flush_range(struct space *s, u32 start, u32 end);
void flush_all(struct space *s);

/* Nobody but the caller can be using s now, on any CPU. */
int flush_alone(const struct space *s);

/* No CPU has s loaded on return; nobody can load it any more. */
void flush_unload(struct space *s);

#endif
