/*
 * System calls as lines of text, as strace(1) writes them, for tasks that have
 * ATTENTION_TRACE: into the kernel's log.
 */
#ifndef KERNEL_LINUX_TRACE_H
#define KERNEL_LINUX_TRACE_H

#include "kernel/trap.h"

struct line;

/*
 * A call begins, and is over. The line is what is made at the beginning of
 * calls that lose their arguments (execve), else NULL; trace_leave frees it.
 */
struct line *trace_enter(const struct frame *f);
void trace_leave(const struct frame *f, struct line *l, u32 number,
		 i32 result);

/* Switch tracing of a process's tasks (0: of every one to come) on or off.
 * -ESRCH without such a process. */
i32 trace_switch(u32 pid, int on);

#endif
