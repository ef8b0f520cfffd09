/*
 * Thread-local segments: what set_thread_area and clone's `tls` describe, as
 * descriptors of a task.
 */
#ifndef KERNEL_PROCESS_AREA_H
#define KERNEL_PROCESS_AREA_H

#include "kernel/process/process.h"

/*
 * Set one of t's segments from a struct user_desc in the current process'
 * memory. `any`: entry number -1 is a free one, which is written back. 0,
 * -EFAULT, -EINVAL, -ESRCH (none is free).
 */
i32 area_set(struct task *t, u32 user, int any);

#endif
