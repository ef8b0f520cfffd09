/* Forbidden acts that need more than their name: where to, by which way. */
#ifndef KERNEL_TRIAL_ACTS_H
#define KERNEL_TRIAL_ACTS_H

#include "gates/abi.h"

enum way {
	WAY_DIRECT, /* the core calls the domain that does it */
	WAY_LENDER, /* by way of a domain that lends its own memory */
	WAY_LENT_ON, /* the same, which lends on what the core lends */
};

enum aim {
	AIM_NUMBER, /* `argument` as it stands */
	AIM_CORE, /* the linear address of a word of the core's */
	AIM_NEIGHBOUR, /* of one of the neighbour's */
	AIM_NEIGHBOUR_DATA, /* the neighbour's data selector */
	AIM_OTHER_GATE, /* the gate of a domain that is not imported */
	AIM_OWN_GATE,
};

struct forbidden {
	const char *name;
	const char *act; /* as the domain `wild` knows it */
	u8 way, aim;
	u32 size, room;
	u32 argument;
};

/* NULL for an act that needs nothing. */
const struct forbidden *forbidden_find(const char *name);

#endif
