/* Bindings: which gate leads where, and which slot holds which selector. */
#ifndef KERNEL_BIND_H
#define KERNEL_BIND_H

#include "kernel/domain.h"

/*
 * Lead d's gates into g, and the core's imports with them: d runs from here on,
 * unless g is dead already. Stops the world: eight bytes of a gate that others
 * call are not written at once, and a death must not be overwritten.
 */
void gates_open(struct generation *g);
void bind_open(struct generation *g, struct import *to);

/* After one has come or gone: where slots lead straight into it (flat). */
void imports_changed(void);

/* The core's own slot for d's life gate. */
void import_bind_life(struct domain *d);

/* d is unloaded: empty every slot that named it. */
void bind_forget(struct domain *d);

/* The core's gates and doors; once. */
void bind_init(void);

#endif
