/* What the domain `intruder` is told to try: each attack with its aim. */
#ifndef TESTS_ATTACK_TABLE_H
#define TESTS_ATTACK_TABLE_H

#include "gates/abi.h"

enum approach {
	APPROACH_LENT, /* the core calls it, with two lends */
	APPROACH_BARE, /* with none */
	APPROACH_OUTER, /* another domain, which was lent something, calls it */
	APPROACH_TWICE, /* first with lends, to remember them; then bare */
	APPROACH_COMPANY, /* bare, while another thread is in it with lends */
};

/* Where the canary is. */
enum target {
	TARGET_NONE, /* `aim` is 0 */
	TARGET_CORE, /* linear, a word of the core's */
	TARGET_NEIGHBOUR, /* linear, a word of the neighbour's */
	TARGET_INSIDE, /* the same word's offset in the neighbour's window */
	TARGET_RETURN, /* offset of a far return in the neighbour's text */
	TARGET_BAIT, /* linear: two words of the core's that could be a pair */
	TARGET_OUTER, /* what an outer call was lent begins with it */
};

enum argument {
	ARGUMENT_NUMBER, /* as it stands */
	ARGUMENT_DATA, /* the neighbour's data selector, or'ed with it */
	ARGUMENT_CODE, /* the neighbour's code selector */
	ARGUMENT_GATE, /* of a function that is not imported */
	ARGUMENT_PRESENT, /* every selector of a descriptor that there is */
	ARGUMENT_GATES, /* every gate that is not imported */
	ARGUMENT_IMPORTED, /* how many gates are */
};

struct trick {
	const char *name;
	const char *plan; /* as `intruder` knows it */
	u8 approach, target, argument; /* enums */
	u32 number; /* the argument, or the first one */
	u32 last, step; /* of a sweep: every step-th up to there */
};

/* NULL if there is none of that name. */
const struct trick *trick_find(const char *name);

#endif
