/*
 * The FPU and SSE registers of tasks: saved when a task that used them leaves
 * a CPU, loaded at its first use after that. Whenever the running task has not
 * used them yet the FPU is closed: the core and domains have no use for it.
 */
#ifndef KERNEL_PROCESS_FPU_H
#define KERNEL_PROCESS_FPU_H

#include "kernel/process/fpu_form.h"
#include "kernel/process/process.h"

void fpu_init(void); /* on each CPU */

/* Scheduler: `out` leaves this CPU (interrupts off; NULL: no task), `in`
 * comes. */
void fpu_switch(struct task *out, struct task *in);

/* From the core's ways into domains that may be hostile: it is open, and shut
 * afterwards. Interrupts off. */
void fpu_shut(void);

/* A task wants to use it (#NM, or #UD while it is closed): make the registers
 * the current task's. May sleep. */
void fpu_use(void);
int fpu_closed(void); /* on this CPU, now */

/* Has this CPU FXSAVE, and so perhaps SSE? */
int fpu_has_fxsave(void);

/* The current task's state into / from memory in FXSAVE's form. A task that
 * has none gets the initial one. */
void fpu_get(struct fpu *to);
i32 fpu_set(const struct fpu *state); /* -EINVAL: reserved MXCSR bits */

/*
 * The registers themselves to and from a struct frame_fpu in the user's memory,
 * the fast way: 0, or -errno where that cannot be, with nothing promised of the
 * state; then the slow way must do. Stored, the task has still to begin anew.
 */
i32 fpu_store(u32 user);
i32 fpu_fetch(u32 user);

/* Where the state of the current task lies, made current; it has used it. */
struct fpu *fpu_saved(struct task *t);

/* That memory was changed and is the state from now on; or: it begins anew. */
void fpu_load(struct task *t);
void fpu_renew(struct task *t);
u32 fpu_mxcsr_mask(void); /* bits that MXCSR may have */

void fpu_forget(struct task *t); /* exec, exit */
i32 fpu_copy(struct task *to, struct task *of); /* fork; 0 or -ENOMEM */

#endif
