/*
 * One generated file: written in memory, then to disk if it says anything
 * new, so that make rebuilds only what changed.
 */
#ifndef GATEC_OUTPUT_H
#define GATEC_OUTPUT_H

#include <stdio.h>

#include "model.h"

struct output {
	FILE *to; /* write here */
	const char *path;
	char *text;
	size_t size;
};

/* Begin DIRECTORY/NAMESUFFIX. `out` must stay where it is until the close. */
void output_open(struct output *out, const char *directory, const char *name,
		 const char *suffix);

/* Store it; refuses a path that cannot be written. */
void output_close(struct output *out);

#endif
