/*
 * Forbidden acts: what each is given, and the tables that name them. One act
 * breaks one rule; where nothing stops it, it leaves no damage and returns.
 */
#ifndef TESTS_ACT_H
#define TESTS_ACT_H

#include "wild.h"

struct trial {
	u32 base; /* linear address of offset 0 */
	u32 argument; /* the act's own */
	from u8 *data;
	u32 size;
	into u8 *space;
	u32 room;
};

struct act {
	const char *name;
	i32 (*run)(const struct trial *t); /* 0, or the error that refused */
};

/* Each table ends with a row without a name. */
extern const struct act acts_bytes[], acts_segments[], acts_control[],
	acts_stack[], acts_machine[], acts_interrupts[], acts_gates[],
	acts_doors[];

/* Read, or write back unchanged, the byte at `at` through a segment. */
#define LOOK(segment, at) \
	({ \
		u8 looked; \
		__asm__ volatile("movb %%" segment ":(%1), %0" \
				 : "=q"(looked) \
				 : "r"(at)); \
		looked; \
	})
#define TOUCH(segment, at) \
	__asm__ volatile("lock orb $0, %%" segment ":(%0)" \
			 : \
			 : "r"(at) \
			 : "memory")

/* The segment limit that the CPU reads off a selector. */
static inline u32 limit_of(u32 selector)
{
	u32 limit = 0;

	__asm__("lsl %1, %0" : "+r"(limit) : "r"(selector));
	return limit;
}

static inline u32 data_selector(void)
{
	u32 selector;

	__asm__ volatile("movl %%ds, %0" : "=r"(selector));
	return selector;
}

#endif
