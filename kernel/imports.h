/* Who exports what, and what an importer's slots hold. */
#ifndef KERNEL_IMPORTS_H
#define KERNEL_IMPORTS_H

#include "kernel/bind.h"

extern u32 first_core_gate; /* GDT slot of the core's first function */

/* What answers -E_GONE for 0, 1 and 2 buffers. */
extern void (*const gone_doors[3])(void);

static inline u32 buffer_count(const u8 buffer[2])
{
	return (u32)(buffer[0] != BUFFER_NONE) +
	       (u32)(buffer[1] != BUFFER_NONE);
}

/* The first entry of `gate` in d, or -E_NAME. */
i32 export_find(const struct domain *d, const char *gate, u32 hash);

/* Fill the import slots of a generation that nobody runs in yet. */
void imports_fill(struct generation *g);

/* The domain whose gate the slot at that offset of g leads to; or NULL. */
struct domain *exporter_behind(const struct generation *g, u32 offset);

/* Buffers that a function of a gate takes: 0 to 2. */
u32 gate_buffers(const char *gate, u32 function);

#endif
