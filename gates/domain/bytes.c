/*
 * Memory functions within a domain's own segment. Copies and fills are the
 * string instructions, as in take() and give(); the door into the core, not
 * we, guards against a direction flag left set.
 */
#include "gates/domain/domain.h"

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	void *at = dst;
	size_t words = n / 4;

	__asm__ volatile("rep movsl\n\t"
			 "movl %[tail], %%ecx\n\t"
			 "rep movsb"
			 : "+D"(at), "+S"(src), "+&c"(words)
			 : [tail] "rm"(n & 3)
			 : "memory");
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	u8 *to = (u8 *)dst + n - 1;
	const u8 *at = (const u8 *)src + n - 1;

	if ((size_t)dst - (size_t)src >= n)
		return memcpy(dst, src, n);
	__asm__ volatile("std\n\t"
			 "rep movsb\n\t"
			 "cld"
			 : "+D"(to), "+S"(at), "+c"(n)
			 :
			 : "memory");
	return dst;
}

void *memset(void *dst, int value, size_t n)
{
	void *at = dst;
	size_t words = n / 4;

	__asm__ volatile("rep stosl\n\t"
			 "movl %[tail], %%ecx\n\t"
			 "rep stosb"
			 : "+D"(at), "+&c"(words)
			 : "a"((u8)value * 0x01010101u), [tail] "rm"(n & 3)
			 : "memory");
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n && *x == *y; n--)
		x++, y++;
	return n ? *x - *y : 0;
}

size_t strlen(const char *text)
{
	const char *end = text;
	size_t most = ~(size_t)0;

	__asm__ volatile("repne scasb"
			 : "+D"(end), "+c"(most)
			 : "a"(0)
			 : "memory", "cc");
	return (size_t)(end - text) - 1;
}
