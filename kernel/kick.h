/* Sending for a CPU that idles. All under the scheduler's lock. */
#ifndef KERNEL_KICK_H
#define KERNEL_KICK_H

#include "kernel/thread.h"

/* A CPU that idles, if there is one, looks for what is ready. */
void kick_idle(void);

/* The current thread t, which goes on, made another ready, and perhaps that is
 * the `only` one: send for a CPU, unless t is about to sleep. */
void kick_woke(struct thread *t, int only);

/* The current thread is about to end. */
void kick_ends(void);

/* It sleeps. */
void kick_sleeps(struct thread *t);

/* At each tick of the timer: it still runs. */
void kick_tick(struct thread *t);

#endif
