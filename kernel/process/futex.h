/* Futexes: words in programs' memory that tasks sleep at. */
#ifndef KERNEL_PROCESS_FUTEX_H
#define KERNEL_PROCESS_FUTEX_H

struct task;

/*
 * The current task ends, or execs: the robust locks it holds are marked as a
 * dead owner's, and who joins it is woken (CLONE_CHILD_CLEARTID).
 */
void futex_task_end(struct task *t);

#endif
