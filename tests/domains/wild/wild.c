/*
 * The wild domain: finds an act by its name and does it. What the acts are is
 * in the other files, one for each kind.
 */
#include "act.h"

static const struct act *const tables[] = {
	acts_bytes,   acts_segments,   acts_control, acts_stack,
	acts_machine, acts_interrupts, acts_gates,   acts_doors,
};

#define TABLES (sizeof tables / sizeof *tables)

/* Act `number` over all tables; NULL beyond the last. */
static const struct act *act_at(u32 number)
{
	for (u32 i = 0; i < TABLES; i++)
		for (const struct act *a = tables[i]; a->name; a++)
			if (number-- == 0)
				return a;
	return NULL;
}

i32 trial_choose(from char *name, u32 size)
{
	char wanted[32];
	const struct act *a;

	if (size > sizeof wanted)
		return -E_NAME;
	take(wanted, name, size);
	for (u32 n = 0; (a = act_at(n)); n++)
		if (strlen(a->name) == size &&
		    memcmp(a->name, wanted, size) == 0)
			return (i32)n;
	return -E_NAME;
}

i32 trial_act(u32 number, u32 base, u32 argument, from u8 *data, u32 size,
	      into u8 *space, u32 room)
{
	struct trial t = { .base = base,
			   .argument = argument,
			   .data = data,
			   .size = size,
			   .space = space,
			   .room = room };
	const struct act *a = act_at(number);

	return a ? a->run(&t) : -E_RANGE;
}
