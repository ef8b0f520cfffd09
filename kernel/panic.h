/*
 * The end of the system, said once. A panic inside a panic stops silently
 * rather than recurse.
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include "kernel/trap.h"

_Noreturn void panic(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* A trap of the core's own that nothing can mend. */
_Noreturn void panic_trap(const struct frame *f);

#define assert(promise) \
	do { \
		if (!(promise)) \
			panic("%s:%u: broken promise: %s", __FILE__, __LINE__, \
			      #promise); \
	} while (0)

#endif
