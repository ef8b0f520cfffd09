/*
 * One bitmap in memory, looked through by words.
 */
#include "allocate.h"

u8 bitmap[4096] __attribute__((aligned(4)));

u32 bits_find(u32 from_here, u32 end, bool set)
{
	u32 flip = set ? 0 : ~0u;

	for (u32 at = from_here & ~31u; at < end; at += 32) {
		u32 word;

		memcpy(&word, bitmap + at / 8, 4);
		word ^= flip;
		if (at < from_here)
			word &= ~0u << (from_here - at);
		if (word)
			return min(at + (u32)__builtin_ctz(word), end);
	}
	return end;
}
