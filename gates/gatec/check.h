/*
 * What only the whole system can tell: who exports what, numbers, sums, and
 * every refusal that concerns more than one file.
 */
#ifndef GATEC_CHECK_H
#define GATEC_CHECK_H

#include "model.h"

/*
 * Sort, number and hash the gates, and find the gates of all links. Needs
 * the .gate files but not every .dom file.
 */
void system_link(struct system *all);

/* Refuse what does not fit together; then sum up needs and depths. */
void system_check(struct system *all);

#endif
