/*
 * How many calls have entered domains, as Bulkhead's /proc/domains counts them.
 */
#ifndef BENCH_LAB_CROSSINGS_H
#define BENCH_LAB_CROSSINGS_H

/* The sum since the system started, what reading it takes left out; negative
 * if this system does not count (it is not Bulkhead). */
long long crossings_read(void);

#endif
