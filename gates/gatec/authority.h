/*
 * The whole system's authority as text, for people: compared with a copy
 * that was reviewed.
 */
#ifndef GATEC_AUTHORITY_H
#define GATEC_AUTHORITY_H

#include <stdio.h>

#include "model.h"

/* Print what every domain may touch and call, then who can reach whom. */
void authority_print(const struct system *all, FILE *to);

#endif
