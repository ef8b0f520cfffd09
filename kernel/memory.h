/* Bytes in the core's own memory: what the compiler needs, and by name. */
#ifndef KERNEL_MEMORY_H
#define KERNEL_MEMORY_H

#include "gates/abi.h"

void *memcpy(void *to, const void *bytes, u32 size);
void *memmove(void *to, const void *bytes, u32 size);
void *memset(void *to, int byte, u32 size);
int memcmp(const void *a, const void *b, u32 size);
u32 text_length(const char *text);
int text_equal(const char *a, const char *b);
void text_copy(char *to, u32 size, const char *text);

#define memory_copy memcpy
#define memory_fill memset

#define min(a, b) \
	({ \
		__typeof__(a) _a = (a); \
		__typeof__(b) _b = (b); \
		_a < _b ? _a : _b; \
	})
#define max(a, b) \
	({ \
		__typeof__(a) _a = (a); \
		__typeof__(b) _b = (b); \
		_a > _b ? _a : _b; \
	})

#endif
