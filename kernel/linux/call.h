/*
 * System calls: the table from numbers to functions (kernel/linux/calls.def),
 * and what those functions are: `i32 call_NAME(u32 a, ...)` with up to six
 * words, answering a result or -errno.
 */
#ifndef KERNEL_LINUX_CALL_H
#define KERNEL_LINUX_CALL_H

#include "kernel/linux/errno.h"
#include "kernel/trap.h"

#define CALLS 460u

enum call_state { CALL_NONE, CALL_DONE, CALL_PARTLY };

struct call {
	void (*function)(void);
	const char *name;
	const char *format; /* of its arguments, for tracing */
	u8 state, arguments;
};

extern const struct call calls[CALLS];

/* A system call from ring 3, by any door: the frame holds number and words. */
void call_enter(struct frame *f);

/* What each 64-bit argument of a call is made of. */
static inline u64 words_join(u32 low, u32 high)
{
	return (u64)high << 32 | low;
}

#endif
