/*
 * Where the bytes of a read or write go: a list of runs in the user's memory,
 * or one in the core's. One for read, readv, recvmsg and the core itself.
 */
#ifndef KERNEL_VFS_TRANSFER_H
#define KERNEL_VFS_TRANSFER_H

#include "gates/abi.h"

struct span {
	u32 start, size;
};

struct transfer {
	const struct span *spans;
	u32 count; /* spans left, the current one with it */
	u32 at; /* bytes done of the current one */
	u32 left; /* bytes left in all */
	u32 done; /* bytes moved so far */
	u32 lent; /* by transfer_lend */
	u8 core; /* the spans are the core's memory: trusted */
	struct span single; /* where there is only one */
};

/* One run of the user's memory, or of the core's. */
void transfer_user(struct transfer *t, u32 start, u32 size);
void transfer_core(struct transfer *t, void *bytes, u32 size);

/* Several runs of the user's; the caller keeps `spans` alive. */
void transfer_spans(struct transfer *t, const struct span *spans, u32 count);

/* Move bytes to (out) or from (in) where t points: 0, or -EFAULT with what
 * went before it counted in t->done. size <= t->left. */
i32 transfer_out(struct transfer *t, const void *bytes, u32 size);
i32 transfer_in(struct transfer *t, void *bytes, u32 size);
i32 transfer_zero(struct transfer *t, u32 size);

/*
 * Lending what comes next, at most 1 MiB of one span: pins it (access: enum
 * access) and gives its linear address. Bytes, 0 at the end, or -EFAULT. When
 * that is more than 0, transfer_lent unpins, and counts what the borrower
 * answered as moved: at most what was lent is believed, and returned; an error
 * is returned as it is. See kernel/vfs/lent.h.
 */
i32 transfer_lend(struct transfer *t, u32 access, u32 *address);
i32 transfer_lent(struct transfer *t, i32 answer);

#endif
