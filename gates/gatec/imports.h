/*
 * Walks the imports of a checked system: calls go down, so there must be a
 * bottom. Fills `depth` and `below` of every domain.
 */
#ifndef GATEC_IMPORTS_H
#define GATEC_IMPORTS_H

#include "model.h"

/* Refuse cycles, chains that are too long, and needs beyond the limit. */
void imports_walk(struct system *all);

/* Mark in `reached`, by index in `all`, whom `one` can reach by imports. */
void imports_reach(const struct system *all, const struct domain *one,
		   bool reached[LIMIT_DOMAINS]);

#endif
