/*
 * The core's side of the `notice` gate: which of the core's clients hears of a
 * domain's objects.
 */
#ifndef KERNEL_VFS_NOTICE_H
#define KERNEL_VFS_NOTICE_H

#include "kernel/domain.h"

/*
 * From now on `ready` hears of objects of the domain that `import` is bound
 * to, and `signal` (or nobody, if NULL) of signals for their users. Both are
 * called in the midst of an up call: they take spinlocks at most.
 */
void notice_listen(const struct import *import,
		   void (*ready)(u32 number, u32 events),
		   void (*signal)(u32 number, u32 signal));

#endif
