/*
 * The fault storm: break running domains over and over, by writing a bug into
 * their text, while threads call them from all CPUs; then count what is left.
 */
#ifndef KERNEL_STORM_H
#define KERNEL_STORM_H

#include "kernel/prompt.h"

/* storm COUNT [SEED] */
i32 run_storm(const struct words *w);

/* break NAME [KIND]: one bug into the next call of one domain. */
i32 run_break(const struct words *w);

#endif
