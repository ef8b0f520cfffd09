/* Bytes and text in the core's own memory. */
#include "kernel/memory.h"

void *memcpy(void *to, const void *bytes, u32 size)
{
	void *at = to;
	u32 words = size / 4;

	__asm__ volatile("rep movsl"
			 : "+D"(at), "+S"(bytes), "+c"(words)
			 :
			 : "memory");
	words = size % 4;
	__asm__ volatile("rep movsb"
			 : "+D"(at), "+S"(bytes), "+c"(words)
			 :
			 : "memory");
	return to;
}

void *memmove(void *to, const void *bytes, u32 size)
{
	u8 *d = to;
	const u8 *s = bytes;

	if (d <= s || d >= s + size)
		return memcpy(to, bytes, size);
	while (size--)
		d[size] = s[size];
	return to;
}

void *memset(void *to, int byte, u32 size)
{
	void *at = to;
	u32 words = size / 4;
	u32 pattern = (u8)byte * 0x01010101u;

	__asm__ volatile("rep stosl"
			 : "+D"(at), "+c"(words)
			 : "a"(pattern)
			 : "memory");
	words = size % 4;
	__asm__ volatile("rep stosb"
			 : "+D"(at), "+c"(words)
			 : "a"(pattern)
			 : "memory");
	return to;
}

int memcmp(const void *a, const void *b, u32 size)
{
	const u8 *x = a, *y = b;

	for (; size; size--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

u32 text_length(const char *text)
{
	u32 n = 0;

	while (text[n])
		n++;
	return n;
}

int text_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

void text_copy(char *to, u32 size, const char *text)
{
	while (size > 1 && *text) {
		*to++ = *text++;
		size--;
	}
	*to = 0;
}
