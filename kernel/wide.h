/*
 * 64-bit arithmetic that the compiler would take from libgcc, which the core
 * is not linked with. (It multiplies u32 by u32 and shifts u64 on its own.)
 */
#ifndef KERNEL_WIDE_H
#define KERNEL_WIDE_H

#include "gates/abi.h"

static inline u64 wide_product(u32 a, u32 b)
{
	return (u64)a * b;
}

/* n / d, which must not be 0; the rest goes to *rest. */
static inline u64 wide_divide(u64 n, u32 d, u32 *rest)
{
	u32 high = (u32)(n >> 32) / d;
	u32 low;

	__asm__("divl %4"
		: "=a"(low), "=d"(*rest)
		: "a"((u32)n), "d"((u32)(n >> 32) % d), "r"(d)
		: "cc");
	return (u64)high << 32 | low;
}

/* n * factor / 2^shift with a 96-bit product, shift 0 to 63; low 64 bits. */
static inline u64 wide_scale(u64 n, u32 factor, u32 shift)
{
	u64 low = wide_product((u32)n, factor);
	u64 high = wide_product((u32)(n >> 32), factor) + (low >> 32);

	if (shift >= 32)
		return high >> (shift - 32);
	return high << (32 - shift) | (u32)low >> shift;
}

#endif
