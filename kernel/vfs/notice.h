/*
 * The core's side of the `notice` gate: which of the core's clients hears of a
 * domain's objects.
 */
#ifndef KERNEL_VFS_NOTICE_H
#define KERNEL_VFS_NOTICE_H

#include "kernel/domain.h"

/*
 * Who hears of a domain's objects. All of these are called where nothing but
 * spinlocks may be taken: in the midst of an up call, or with the world
 * stopped. Those that are NULL hear nothing.
 */
struct listener {
	const struct import *import; /* bound to the domain */
	void (*ready)(u32 number, u32 events);
	void (*signal)(u32 number, u32 signal);
	void (*lost)(u32 token);
	void (*restarted)(void); /* another generation, or none any more */
};

/* From now on, for good. */
void notice_listen(const struct listener *l);

/* d runs again after a death, or is off: whoever sleeps for it looks again. */
void notice_restarted(const struct domain *d);

#endif
