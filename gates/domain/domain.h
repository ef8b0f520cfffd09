/*
 * What every domain's C code may rely on besides its gates: integer types,
 * bytes in and out of lent buffers, the few memory functions that GCC calls
 * by itself, a formatter, assert. There is nothing else below a domain.
 */
#ifndef GATES_DOMAIN_H
#define GATES_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "gates/abi.h"

#define min(a, b) \
	({ \
		__typeof__(a) min_a = (a); \
		__typeof__(b) min_b = (b); \
		min_a < min_b ? min_a : min_b; \
	})
#define max(a, b) \
	({ \
		__typeof__(a) max_a = (a); \
		__typeof__(b) max_b = (b); \
		max_a > max_b ? max_a : max_b; \
	})

/*
 * For promises of our own, never for a caller's input: a failed one kills the
 * domain, and the fault report names the line. The line is an operand so that
 * GCC cannot fold two of them into one.
 */
#define assert(promise) \
	do { \
		if (__builtin_expect(!(promise), 0)) { \
			__asm__ volatile("ud2" : : "i"(__LINE__)); \
			__builtin_unreachable(); \
		} \
	} while (0)

#if FLAT_BUILD /* what is promised below, of addresses that nobody checks */
#define take(dst, src, n) \
	((void)(__builtin_constant_p(n) && (n) <= 64 ? \
			__builtin_memcpy(dst, src, n) : \
			memcpy(dst, src, n)))
#define give take
#else
/*
 * void take(void *dst, from void *src, u32 n)
 *
 * Copy `n` bytes out of the lent buffer `src`. A byte past its end is a fault
 * of this domain: the lend's limit is the check. A macro, as give() is, so
 * that the fault is in the line that says take.
 */
#define take(dst, src, n) \
	({ \
		void *take_to = (dst); \
		from void *take_at = (src); \
		u32 take_n = (n), take_words = take_n / 4; \
		__asm__ volatile("rep movsl %%fs:(%%esi), %%es:(%%edi)\n\t" \
				 "movl %[tail], %%ecx\n\t" \
				 "rep movsb %%fs:(%%esi), %%es:(%%edi)" \
				 : "+D"(take_to), "+S"(take_at), \
				   "+&c"(take_words) \
				 : [tail] "rm"(take_n & 3) \
				 : "memory"); \
	})

/*
 * void give(into void *dst, const void *src, u32 n)
 *
 * Copy `n` bytes into the lent buffer `dst`. MOVS writes through ES and no
 * other, so ES is the lend for as long as it takes.
 */
#define give(dst, src, n) \
	({ \
		into void *give_to = (dst); \
		const void *give_at = (src); \
		u32 give_n = (n), give_words = give_n / 4, give_segment; \
		__asm__ volatile( \
			"movl %%gs, %[segment]\n\t" \
			"movl %[segment], %%es\n\t" \
			"rep movsl\n\t" \
			"movl %[tail], %%ecx\n\t" \
			"rep movsb\n\t" \
			"movl %%ds, %[segment]\n\t" \
			"movl %[segment], %%es" \
			: "+D"(give_to), "+S"(give_at), \
			  "+&c"(give_words), [segment] "=&r"(give_segment) \
			: [tail] "rm"(give_n & 3) \
			: "memory"); \
	})
#endif

/* As in the C library. */
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *text);

/*
 * Format into `buf`, cut to `size` bytes with the NUL behind them; `size` is
 * at least 1. Knows %s %c %d %u %x and %%, and before d, u and x a width,
 * with 0 in front to fill with zeros. Returns the length without the NUL:
 * log_write(line, print_to(line, sizeof line, "%u disks", count));
 */
u32 print_to(char *buf, u32 size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
