/* Futexes: words in programs' memory that tasks sleep at. */
#ifndef KERNEL_PROCESS_FUTEX_H
#define KERNEL_PROCESS_FUTEX_H

#include "gates/abi.h"

struct task;

/* FUTEX_WAKE of the current space's word: how many, or -errno. */
i32 futex_wake_shared(u32 address, u32 most);

/*
 * The current task ends, or execs: the robust locks it holds are marked as a
 * dead owner's, and who joins it is woken (CLONE_CHILD_CLEARTID).
 */
void futex_task_end(struct task *t);

#endif
