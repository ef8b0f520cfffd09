/*
 * Samples of the time-stamp counter, and the rows of the laboratory's CSV that
 * are made of them. Ticks are the TSC's, not the clock of the core.
 */
#ifndef BENCH_SILICON_REPORT_H
#define BENCH_SILICON_REPORT_H

#include <stdint.h>

#define SAMPLES 1001u /* at most */

struct samples {
	uint32_t count; /* of batches */
	double each[SAMPLES]; /* ticks for one operation */
};

/* What a row is of; empty texts stay empty. */
struct label {
	const char *mechanism, *organization;
	uint32_t payload; /* bytes */
	const char *direction, *trip;
	uint32_t cpus;
	const char *state;
};

/* Ends the program with what was tried and errno's text, if `result` < 0. */
long must(long result, const char *what);

/* Ends the program with status 3: this host does not let us. */
_Noreturn void refuse(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Ticks now, after all that came before and before all that follows. */
uint64_t ticks_now(void);

/* Find out how long a tick is. First of all. */
void ticks_measure(void);
double ticks_nanoseconds(double ticks);

/* The middle one; sorts. */
double samples_median(struct samples *samples);

/* The header and remarks; then rows, in ticks and in nanoseconds. */
void report_begin(void);
void report_row(const struct label *label, struct samples *samples);
void report_remark(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
