/*
 * The benchmark program's rows: what one operation is, and the watch that
 * measures it. The same static program runs on Bulkhead and on Linux.
 */
#ifndef BENCH_LINUX_ROW_H
#define BENCH_LINUX_ROW_H

#include <stdint.h>

struct row {
	const char *name;
	/* Do the operation `count` times; only what lies between the watch's
	 * start and stop is measured. Leaves nothing behind. */
	void (*run)(uint32_t count);
};

extern const struct row rows_process[], rows_memory[], rows_message[],
	rows_file[]; /* each ends with a row without a name */

void watch_start(void);
void watch_stop(void);

/* Ends the program with the name of what failed, if `result` is negative. */
long must(long result, const char *what);

/* The program's own file, for exec. */
extern const char *own_path;

/* Waits for a child that must have ended with status 0. */
void child_wait(int child);

#endif
