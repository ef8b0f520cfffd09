/* Bytes in and out of lends, in the core: the lender may be in the way. */
#ifndef GATES_BYTES_H
#define GATES_BYTES_H

#include "gates/abi.h"

/*
 * Copy between the core's memory and the lend in FS or GS. -E_GONE if a page of
 * the lend is not there or may not be written; the lender is charged then.
 */
i32 lend_take(void *to, from void *bytes, u32 size);
i32 lend_give(into void *to, const void *bytes, u32 size);

/* Copy what lies in the same address space, one side of which may not be there:
 * then -E_GONE. */
i32 linear_copy(void *to, const void *bytes, u32 size);

#endif
