/* Exceptions in ring 3, and what a signal of that kind leaves behind. */
#ifndef KERNEL_PROCESS_SIGNAL_TRAP_H
#define KERNEL_PROCESS_SIGNAL_TRAP_H

#include "kernel/process/process.h"

/*
 * The current process dies of a signal that says it is broken: a line in the
 * log, and a core file if its limit has room for one (core.c). Returns the
 * status that wait4 has.
 */
u32 process_crash(const struct signal_info *info, const struct frame *f);

#endif
