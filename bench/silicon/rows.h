/* The rows of bench/silicon: what is measured, in the order of the output. */
#ifndef BENCH_SILICON_ROWS_H
#define BENCH_SILICON_ROWS_H

#include "window.h"

/* Calls and crossings of the domains `pair[0]` (tracer) and `pair[1]`
 * (traced), and loads of segment registers. `quick`: fewer batches. */
void rows_segment(struct window pair[2], int quick);

/* In flat segments: a near call, and null system calls of this host's Linux,
 * by INT 80 and as the vDSO does. */
void rows_flat(int quick);

/* There and back between two processes, on one CPU and on two. */
void rows_message(int quick);

#endif
