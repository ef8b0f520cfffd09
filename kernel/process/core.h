/* Core files: a process' memory and registers as debuggers read them. */
#ifndef KERNEL_PROCESS_CORE_H
#define KERNEL_PROCESS_CORE_H

#include "kernel/process/process.h"

/* Write `core` in the working directory of the current process, which dies of
 * that signal with these registers. Was it written? */
int core_write(const struct signal_info *info, const struct frame *f);

/*
 * The notes: who it was, its auxiliary vector, and registers of all its tasks,
 * the current one first. On the heap; *size is a multiple of 4. NULL without
 * memory.
 */
u8 *core_notes(const struct signal_info *info, const struct frame *f,
	       u32 *size);

#endif
