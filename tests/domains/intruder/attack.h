/*
 * Attacks: what each is given and what it says that it got. Unlike the acts of
 * `wild`, which are accidents, these know the core: its selectors, how calls
 * are made, and the linear address of what they want.
 */
#ifndef TESTS_ATTACK_H
#define TESTS_ATTACK_H

#include "intruder.h"

/*
 * What an attacker got, such that no odd answer looks like it; the core looks
 * for itself at what was changed.
 */
enum gain {
	GAIN_NOTHING,
	GAIN_READ = 0x6A696E01, /* the canary */
	GAIN_WRITE, /* to where the canary is */
	GAIN_LOAD, /* a selector that is not its own */
	GAIN_RUN, /* somebody else's code, at the wrong place */
	GAIN_TOLD, /* addresses or registers, but no memory */
};

struct attack {
	u32 base; /* of DS, linear: window or, in a server, 0 */
	u32 aim; /* linear, or an offset behind `argument` */
	u32 canary; /* the word that is there */
	u32 argument;
	bool lent; /* is there something in FS and GS? */
	from u8 *data;
	u32 size;
	into u8 *space;
	u32 room;
};

struct plan {
	const char *name;
	i32 (*run)(const struct attack *a); /* enum gain, or an error */
};

/* Each table ends with a row without a name. */
extern const struct plan plans_selectors[], plans_transfers[], plans_flags[],
	plans_calls[], plans_lends[], plans_stack[];

static inline u32 data_selector(void)
{
	u32 selector;

	__asm__ volatile("movl %%ds, %0" : "=r"(selector));
	return selector;
}

static inline u32 code_selector(void)
{
	u32 selector;

	__asm__ volatile("movl %%cs, %0" : "=r"(selector));
	return selector;
}

/* Can it be loaded and read here, as VERR has it? */
static inline bool readable(u32 selector)
{
	bool yes;

	__asm__ volatile("verr %w1" : "=@ccz"(yes) : "r"(selector));
	return yes;
}

/* Is there a descriptor that this level may look at? */
static inline bool visible(u32 selector)
{
	u32 rights = 0;
	bool yes;

	__asm__ volatile("lar %2, %1"
			 : "=@ccz"(yes), "+r"(rights)
			 : "r"(selector));
	return yes;
}

#endif
