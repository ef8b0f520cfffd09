/*
 * The FPU and SSE registers of tasks: saved when a task that used them leaves
 * a CPU, loaded at its first use after another task's. The core and domains
 * have no use for them.
 */
#ifndef KERNEL_PROCESS_FPU_H
#define KERNEL_PROCESS_FPU_H

#include "kernel/process/process.h"

void fpu_init(void); /* on each CPU */

/* Scheduler: `out` leaves this CPU (interrupts off; NULL: no task), `in`
 * comes. */
void fpu_switch(struct task *out, struct task *in);

/* #NM in ring 3: make the registers the current task's. */
void fpu_use(void);

/* For signal frames and fork: the current task's state into / from memory in
 * FXSAVE's form; a task that has none gets the initial one. */
void fpu_get(struct fpu *to);
i32 fpu_set(const struct fpu *state); /* -EINVAL: reserved MXCSR bits */
void fpu_forget(struct task *t); /* exec, exit */
i32 fpu_copy(struct task *to, struct task *of); /* fork; 0 or -ENOMEM */

#endif
