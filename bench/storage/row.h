/*
 * Rows of the storage benchmark: what is done to a file system on a disk, and
 * how many operations that is. The same static program runs on Bulkhead and on
 * Linux.
 */
#ifndef BENCH_STORAGE_ROW_H
#define BENCH_STORAGE_ROW_H

#include <stdint.h>

struct row {
	const char *name;
	uint32_t count; /* operations of one run */
	uint32_t size; /* bytes of one, where that matters */
	/* Makes what the run needs; then the volume is mounted anew, and so
	 * nothing of it is in memory. Any may be NULL but `run`. */
	void (*prepare)(const struct row *row);
	void (*run)(const struct row *row);
	void (*clean)(const struct row *row);
};

/* All paths are relative to the volume's root. Each list ends with a row
 * without a name. */
extern const struct row rows_data[], rows_tree[];

/* Ends the program with the name of what failed, if `result` is negative. */
long must(long result, const char *what);

/* Runs it by the volume's shell, with the volume as its root; ends the program
 * if it does not succeed. The volume is the current folder. */
void volume_run(const char *command);

#endif
