/*
 * What Bulkhead's /proc/domains says: how many calls have entered domains, and
 * where these are.
 */
#ifndef BENCH_LAB_CROSSINGS_H
#define BENCH_LAB_CROSSINGS_H

/* The sum since the system started, what reading it takes left out; negative
 * if this system does not count (it is not Bulkhead). */
long long crossings_read(void);

/* Prints "window NAME BASE SIZE", hexadecimal, for each domain there is. */
void windows_print(void);

#endif
