/*
 * What FUTEX_WAKE_OP does to a word, and what it compares the old value with,
 * packed into one number (futex(2)).
 */
#ifndef KERNEL_PROCESS_FUTEX_CHANGE_H
#define KERNEL_PROCESS_FUTEX_CHANGE_H

#include "gates/abi.h"

struct change {
	u32 how, comparison, argument, against;
};

struct change change_of(u32 code);

/* Is it one that there is? */
int change_known(struct change c);

/* The word afterwards, and whether the word before compares. */
u32 changed(struct change c, u32 word);
int compares(struct change c, i32 word);

#endif
