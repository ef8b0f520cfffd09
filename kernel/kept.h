/*
 * Kept memory: pages of a domain that outlive its generations, twice over: as
 * the running generation has them, and as they were last committed.
 */
#ifndef KERNEL_KEPT_H
#define KERNEL_KEPT_H

#include "kernel/domain.h"
#include "kernel/thread.h"

/* What d's manifest says is there at once. -E_MEMORY; kept_free undoes it. */
i32 kept_make(struct domain *d);
void kept_free(struct domain *d);

/*
 * Map what there is into g's window, as it was last committed; commits that
 * the generation before began are waited for. May sleep.
 */
void kept_map(struct generation *g);

/*
 * Calls of domains that commit their answers (gate `memory`): forget before;
 * after it, what d answered, or was about to answer when it died.
 */
static inline void kept_forget(void)
{
	thread_current()->answered = 0;
}
i32 kept_answer(const struct domain *d, i32 answer);

#endif
