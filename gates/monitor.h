/* Monitors and activation stacks: what thunks ask the core for. */
#ifndef GATES_MONITOR_H
#define GATES_MONITOR_H

#include "kernel/domain.h"

/*
 * Enter and leave g's monitor from the core, as thunks do for themselves.
 * Taking may sleep; -E_GONE if g dies meanwhile. Nothing for `concurrent`.
 */
i32 monitor_take(struct generation *g);
void monitor_leave(struct generation *g);

/* The caller's monitor around something that waits in the core. */
struct generation *monitor_pause(void);
void monitor_resume(struct generation *g);

/* g died: wake all who wait for its monitor. Scheduler's lock held. */
void monitor_close(struct generation *g);

#endif
