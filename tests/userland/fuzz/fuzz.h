/*
 * A fuzzer of the system-call interface: arguments after the letters of
 * kernel/linux/calls.def, made from a seed. It wants to break the kernel, not
 * the machine: it does not power off, and kills nobody but its own.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>

#define WORDS 6u

struct call {
	uint32_t number, count;
	const char *name, *format;
};

extern const struct call calls[];
extern const uint32_t call_count;

/* A sequence of numbers from a seed. */
void chance_start(uint32_t seed);
uint32_t chance(void);
uint32_t below(uint32_t bound);

/* What this process's arguments are made of: descriptors, pages, names. The
 * current folder is empty and its own. */
void values_make(void);

/* Arguments for a call. */
void values_fill(const struct call *c, uint32_t words[WORDS]);

/* What they are made of: one of each; and 256 bytes to fill. */
uint32_t values_descriptor(void);
uint32_t values_pointer(void);
uint32_t values_size(void);
void *values_room(void);

/* Where a call takes structures: words that lead to some. */
void shape_fill(const struct call *c, uint32_t words[WORDS]);

/* May this process do that? If not, words are changed, or 0 is answered. */
int call_allowed(const struct call *c, uint32_t words[WORDS]);

/* Counters shared by a worker and the processes that it starts. */
struct progress {
	volatile uint32_t done; /* calls */
	volatile uint32_t digest; /* of their numbers and arguments' kinds */
	volatile uint32_t answered[2]; /* well, with an error */
};

/* Do `count` calls, and end. */
_Noreturn void calls_do(struct progress *p, uint32_t count);

#endif
