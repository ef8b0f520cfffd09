/*
 * What each single operation of a run took, in time-stamp counts: one reading
 * between two operations, stored, and looked at only when the run is over.
 */
#ifndef BENCH_LAB_SAMPLE_H
#define BENCH_LAB_SAMPLE_H

#include <stdint.h>

#define SAMPLES_MOST 32768u

/* A run begins: what was stored is forgotten, and the first operation begins
 * now. */
void sample_start(void);

/* An operation has ended, and the next begins. Beyond SAMPLES_MOST nothing is
 * stored. */
void sample_take(void);

/* Prints one line, if there are samples: "each NAME LEAST MOST INDEX:COUNT..."
 * in nanoseconds, with `tick` nanoseconds a count. A bucket of index i begins
 * at 2^(i/16) ns. */
void sample_print(const char *name, double tick);

/* The time-stamp counter. */
uint64_t ticks(void);

#endif
