/*
 * Reads one .gate or .dom file into the system. What only the whole system
 * can tell (who exports what) is check.c's business.
 */
#ifndef GATEC_PARSE_H
#define GATEC_PARSE_H

#include "model.h"

void gate_parse(struct system *all, const char *file);

/* Returns the domain read. */
struct domain *domain_parse(struct system *all, const char *file);

/* Refuse a file whose name is not `name` with `suffix` behind it. */
void file_name_check(struct place place, const char *name, const char *suffix);

#endif
