/*
 * Timeouts as poll, select and epoll get them from programs: relative times in
 * one of several forms, here turned into deadlines and, at the end, back into
 * what is left.
 */
#ifndef KERNEL_VFS_TIMEOUT_H
#define KERNEL_VFS_TIMEOUT_H

#include "kernel/linux/errno.h"

enum timeout_form {
	TIMEOUT_MICRO, /* struct timeval of 32-bit words */
	TIMEOUT_NANO, /* struct timespec of 32-bit words */
	TIMEOUT_WIDE, /* struct timespec with 64-bit seconds */
};

/* A deadline (ns since boot) from the time at `user`; 0 there: WAIT_FOREVER.
 * An empty time is a deadline of 0. 0, -EFAULT or -EINVAL. */
i32 timeout_read(u32 user, enum timeout_form form, u64 *deadline);

/* Write back what is left until then; nothing if `user` is 0. Errors are not
 * told: the call is over. */
void timeout_write(u32 user, enum timeout_form form, u64 deadline);

/* The same for milliseconds; negative: WAIT_FOREVER. */
u64 timeout_of_ms(i32 ms);

#endif
