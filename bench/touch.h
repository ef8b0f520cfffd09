/*
 * Work on every byte of a buffer, the same in every segment: what a payload
 * costs includes its use, so that copied, mapped and lent bytes compare fairly.
 */
#ifndef BENCH_TOUCH_H
#define BENCH_TOUCH_H

#include "gates/abi.h"

typedef u32 touch_word __attribute__((may_alias));

/*
 * The sum of the words of `size` bytes at `a`, which is a pointer to `kind`
 * (const, from); and words to fill `size` bytes at `b` (nothing, into).
 */
#define TOUCH_READ(kind, a, size) \
	({ \
		kind touch_word *_word = (kind touch_word *)(a); \
		u32 _sum = 0; \
		for (u32 _left = (size) / 4; _left; _left--) \
			_sum += *_word++; \
		_sum; \
	})
#define TOUCH_WRITE(kind, b, size) \
	do { \
		kind touch_word *_word = (kind touch_word *)(b); \
		for (u32 _left = (size) / 4; _left; _left--) \
			*_word++ = _left; \
	} while (0)

#endif
