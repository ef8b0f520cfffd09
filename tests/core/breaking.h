/*
 * Bugs to break domains with: a few bytes of machine code each, written over
 * the text of the running generation; the next one comes from the file again.
 */
#ifndef KERNEL_BREAKING_H
#define KERNEL_BREAKING_H

#include "kernel/domain.h"

struct bug {
	const char *name;
	u8 size;
	u8 code[12];
};

#define BUGS	 24u
#define BUG_LOOP (BUGS - 1) /* costs the watchdog's time */

extern const struct bug bugs[BUGS];

/* Write it into d's text at a window offset; false if d is not running. */
int bug_plant(struct domain *d, const struct bug *bug, u32 offset);

/* Wait while a new generation is on its way; true if d runs then. */
int domain_back(struct domain *d);

/* The beginning of its interrupt handler, or of the thunk that leads there. */
u32 bug_place(const struct domain *d);

/* Call what bug_place() names, for a line that nobody has. */
i32 bug_meet(struct domain *d);

#endif
