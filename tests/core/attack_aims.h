/*
 * What attacks are aimed at: who takes part, where the canaries are, and which
 * selector, gate or number an attack is given.
 */
#ifndef TESTS_ATTACK_AIMS_H
#define TESTS_ATTACK_AIMS_H

#include "kernel/domain.h"
#include "tests/core/attack_table.h"

/* The core's imports of those who take part. */
struct company {
	struct import attack, lending, neighbour, hello;
};

struct aim {
	u32 base; /* linear, of the intruder's DS */
	u32 at, word; /* where the canary is, and what it is */
};

/* Bind them all, starting who does not run; and let go of them. */
i32 company_bind(struct company *c);
void company_part(struct company *c);

/* Where t's canary is now. */
struct aim aim_take(const struct company *c, const struct trick *t);

/* The attack's argument at `number` of its sweep. */
u32 argument_take(const struct company *c, const struct trick *t, u32 number);

/* The next slot of a sweep over descriptors; 0 behind the last. */
u32 slot_after(const struct company *c, const struct trick *t, u32 slot);

/* Is `number` a selector of a gate that the intruder may call, and t a call? */
int call_is_its(const struct company *c, const struct trick *t, u32 number);

/* What is not as it was, and put it right. NULL if all is. */
const char *canary_changed(const struct company *c);

#endif
