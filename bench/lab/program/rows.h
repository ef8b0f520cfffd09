/*
 * The laboratory's own rows, beside those of the storage benchmark: messages
 * between processes, terminals, requests to a volume, a compile. Each ends with
 * a row without a name.
 */
#ifndef BENCH_LAB_ROWS_H
#define BENCH_LAB_ROWS_H

#include "bench/storage/row.h"

extern const struct row rows_trip[], rows_volume[], rows_terminal[];

#endif
