/*
 * The intruder: finds an attack by its name and tries it. What the attacks are
 * is in the other files, one for each kind.
 */
#include "attack.h"

static const struct plan *const tables[] = {
	plans_selectors, plans_transfers, plans_flags,
	plans_calls,	 plans_lends,	  plans_stack,
};

#define TABLES (sizeof tables / sizeof *tables)

/* Attack `number` over all tables; NULL beyond the last. */
static const struct plan *plan_at(u32 number)
{
	for (u32 i = 0; i < TABLES; i++)
		for (const struct plan *p = tables[i]; p->name; p++)
			if (number-- == 0)
				return p;
	return NULL;
}

i32 attack_choose(from char *name, u32 size)
{
	char wanted[32];
	const struct plan *p;

	if (size > sizeof wanted)
		return -E_NAME;
	take(wanted, name, size);
	for (u32 n = 0; (p = plan_at(n)); n++)
		if (strlen(p->name) == size &&
		    memcmp(p->name, wanted, size) == 0)
			return (i32)n;
	return -E_NAME;
}

i32 attack_act(u32 number, u32 base, u32 aim, u32 canary, u32 argument,
	       from u8 *data, u32 size, into u8 *space, u32 room)
{
	struct attack a = { .base = base,
			    .aim = aim,
			    .canary = canary,
			    .argument = argument,
			    .lent = true,
			    .data = data,
			    .size = size,
			    .space = space,
			    .room = room };
	const struct plan *p = plan_at(number);

	return p ? p->run(&a) : -E_RANGE;
}

i32 attack_bare(u32 number, u32 base, u32 aim, u32 canary, u32 argument)
{
	struct attack a = {
		.base = base, .aim = aim, .canary = canary, .argument = argument
	};
	const struct plan *p = plan_at(number);

	return p ? p->run(&a) : -E_RANGE;
}
