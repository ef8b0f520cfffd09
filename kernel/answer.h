/*
 * What domains answer to the core, made believable: a count is never more than
 * was lent, a status is 0 or an error. Errors are any negative number; who
 * turns them into others has a case for those that have no name.
 */
#ifndef KERNEL_ANSWER_H
#define KERNEL_ANSWER_H

#include "gates/abi.h"

/* Of `size` lent bytes so many were used; or an error. size < 2 GiB. */
static inline i32 answer_count(i32 answer, u32 size)
{
	return answer > (i32)size ? (i32)size : answer;
}

static inline i32 answer_status(i32 answer)
{
	return answer < 0 ? answer : 0;
}

#endif
