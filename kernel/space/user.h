/*
 * Copies between the core and the current process's memory. Every address is
 * hostile: outside the user's half, or not mapped, is -EFAULT. All may sleep
 * (pages are faulted in) and must be called with no spinlock held.
 */
#ifndef KERNEL_SPACE_USER_H
#define KERNEL_SPACE_USER_H

#include "kernel/linux/errno.h"

/* 0 or -EFAULT. What was copied before the fault stays copied. */
i32 user_read(void *to, u32 user, u32 size);
i32 user_write(u32 user, const void *bytes, u32 size);
i32 user_zero(u32 user, u32 size);

/* One word, without the overhead of a string instruction. */
i32 user_read32(u32 *to, u32 user);
i32 user_write32(u32 user, u32 value);

/*
 * A NUL-terminated string of at most `room` bytes with its NUL. Returns its
 * length, -EFAULT, or -ENAMETOOLONG without a NUL in `room`.
 */
i32 user_text(char *to, u32 user, u32 room);

/* Compare and exchange; the word found, or -EFAULT in *error. For futexes. */
u32 user_exchange(u32 user, u32 expected, u32 wanted, i32 *error);

/*
 * A copy of [user, user + size) of another process' space, for /proc and core
 * dumps: bytes copied. Pages that are not there are not faulted in as zeros of
 * files: what cannot be had ends it.
 */
struct space;
u32 user_peek(struct space *s, u32 user, void *to, u32 size);
i32 user_poke(struct space *s, u32 user, const void *bytes, u32 size);

#endif
