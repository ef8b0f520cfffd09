/* Making and freeing generations: between domain.c and generation.c. */
#ifndef KERNEL_GENERATION_H
#define KERNEL_GENERATION_H

#include "kernel/domain.h"

/* A new generation of d, not yet reachable by anyone. May sleep. */
i32 generation_make(struct domain *d, struct generation **out);

/* Free all that g has. Nothing may be inside it. */
void generation_release(struct generation *g);

#endif
