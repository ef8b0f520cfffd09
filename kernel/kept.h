/*
 * Kept memory: pages of a domain that outlive its generations, twice over: as
 * the running generation has them, and as they were last committed.
 */
#ifndef KERNEL_KEPT_H
#define KERNEL_KEPT_H

#include "kernel/domain.h"

/* What d's manifest says is there at once. -E_MEMORY; kept_free undoes it. */
i32 kept_make(struct domain *d);
void kept_free(struct domain *d);

/*
 * Map what there is into g's window, as it was last committed; commits that
 * the generation before began are waited for. May sleep.
 */
void kept_map(struct generation *g);

#endif
