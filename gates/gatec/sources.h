/*
 * Holds a domain's C sources against its .dom file: does it use what it
 * imports, and does it wait only where its own gates say so?
 */
#ifndef GATEC_SOURCES_H
#define GATEC_SOURCES_H

#include "model.h"

/* Mark the imports that `file` uses. */
void source_read(struct domain *one, const char *file);

/*
 * Refuse an import that no source used; and a call that waits if no exported
 * function of the domain is marked `waits`, and no source has the domain's
 * start or stop, which may.
 */
void sources_check(const struct domain *one);

#endif
