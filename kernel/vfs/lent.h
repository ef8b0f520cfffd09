/*
 * The one way in which a domain is asked to take, or to fill, what comes next
 * of a transfer: the bytes are lent to it where they lie. What it answers is
 * not believed beyond what it was lent.
 */
#ifndef KERNEL_VFS_LENT_H
#define KERNEL_VFS_LENT_H

#include "kernel/answer.h"
#include "kernel/domain.h"
#include "kernel/vfs/transfer.h"

/* Calls a function of a gate with these bytes; its answer as it is. */
typedef i32 lent_call(const void *argument, void *bytes, u32 size);

struct lent {
	struct import *to; /* whom it asks */
	i32 (*error)(i32 answer); /* -E_NAME as -errno */
	u8 again; /* ask the next generation where the domain dies of it */
	lent_call *call;
	const void *argument;
};

/*
 * Lend what comes next of t, for `access` (enum access): bytes moved, at most
 * a lend's; 0 where nothing is left to be lent (it is asked all the same), or
 * there is nothing to be read; or -errno: -EFAULT, or the answer's. Without
 * `again` the next generation is waited for, but not asked. Writing moves at
 * least one byte, or is an error.
 */
i32 lent_ask(const struct lent *l, struct transfer *t, u32 access);

#endif
