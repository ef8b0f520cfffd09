/* What the two tables of rows share: the samples, and bytes to lend. */
#ifndef BENCH_CALLER_ROWS_H
#define BENCH_CALLER_ROWS_H

#include "bench/sample.h"

#define BIG	 (65536u + 4096u) /* more than a thunk lends by itself */
#define NEAR	 __attribute__((noipa))
#define ROW_NAME 24u

extern struct sample_set row_set;
extern u8 row_bytes[BIG], row_room[BIG];

/* What was measured last is in `row_set`. */
void rows_measured_here(void);

#endif
