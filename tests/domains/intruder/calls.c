/*
 * Crossings themselves: the linkage record and the doors behind their
 * selectors, returns that nobody waits for or that come too early, questions
 * that only stubs should ask.
 */
#include "attack.h"
#include "call.h"

#define CROSSING 0x41
#define DOORS	 0x49

/* One's own crossing page: its lends, its records. Changed by nothing. */
static i32 linkage_write(const struct attack *a)
{
	__asm__ volatile("movl %0, %%es\n\t"
			 "lock orl $0, %%es:(%1)\n\t"
			 "pushl %%ds\n\t"
			 "popl %%es"
			 :
			 : "r"(CROSSING), "r"(a->argument)
			 : "memory");
	return GAIN_LOAD;
}

/* The first record's SS, through the same. */
static i32 linkage_read(const struct attack *a)
{
	u32 seen;

	__asm__ volatile("pushl %%fs\n\t"
			 "movl %1, %%fs\n\t"
			 "movl %%fs:(%2), %0\n\t"
			 "popl %%fs"
			 : "=r"(seen)
			 : "r"(CROSSING), "r"(a->argument)
			 : "memory");
	return seen ? GAIN_LOAD : GAIN_NOTHING;
}

static i32 doors_write(const struct attack *a)
{
	__asm__ volatile("movl %0, %%es\n\t"
			 "lock orl $0, %%es:(%1)\n\t"
			 "pushl %%ds\n\t"
			 "popl %%es"
			 :
			 : "r"(DOORS), "r"(a->argument)
			 : "memory");
	return GAIN_LOAD;
}

/* Straight back to the core, past what is on the stack: its own affair. */
static i32 return_early(const struct attack *a)
{
	static const struct far_slot door = { .selector = DOOR_RETURN };

	far_call(&door, GAIN_NOTHING, 0, 0, a->argument);
	return GAIN_RUN; /* nobody comes back from there */
}

static i32 return_wild_stack(const struct attack *a)
{
	static const struct far_slot door = { .selector = DOOR_RETURN };

	far_call_stack(&door, GAIN_NOTHING, data_selector(), a->argument);
	return GAIN_RUN;
}

/* With a lend for a stack. */
static i32 return_lent_stack(const struct attack *a)
{
	static const struct far_slot door = { .selector = DOOR_RETURN };
	u32 lent;

	__asm__ volatile("movl %%gs, %0" : "=r"(lent));
	far_call_stack(&door, GAIN_NOTHING, lent, a->room);
	return GAIN_RUN;
}

/* Through a forged pointer with another offset: the gate's counts. */
static i32 return_offset(const struct attack *a)
{
	struct far_slot door = { .offset = a->argument,
				 .selector = DOOR_RETURN };

	far_call(&door, GAIN_NOTHING, 0, 0, 0);
	return GAIN_RUN;
}

/* A far return where the thunk's would be: nobody called so. */
static i32 return_forged(const struct attack *a)
{
	static const struct far_slot door = { .selector = DOOR_RETURN };
	u32 selector = door.selector;

	__asm__ volatile("pushl %0\n\t"
			 "pushl %1\n\t"
			 "lret"
			 :
			 : "r"(selector), "r"(a->argument));
	return GAIN_RUN;
}

/* The question of a stub that got -E_GONE, about any address. */
static i32 revive(const struct attack *a)
{
	static const struct far_slot door = { .selector = DOOR_REVIVE };

	return far_call(&door, a->argument, 0, 0, 0) > 0 ? GAIN_TOLD :
							   GAIN_NOTHING;
}

static i32 revive_canary(const struct attack *a)
{
	static const struct far_slot door = { .selector = DOOR_REVIVE };
	u32 answer = (u32)far_call(&door, a->aim - a->base, 0, 0, 0);

	return answer == a->canary ? GAIN_READ : GAIN_NOTHING;
}

/* The answer of an empty slot moves its caller's stack, and no other. */
static i32 gone_lent_stack(const struct attack *a)
{
	static const struct far_slot door = { .selector = DOOR_GONE_2 };
	u32 lent;

	__asm__ volatile("movl %%gs, %0" : "=r"(lent));
	far_call_stack(&door, 0, lent, a->room);
	return readable(0x23) ? GAIN_LOAD : GAIN_NOTHING;
}

/* Gate `argument` of the GDT, whether imported or not. */
static i32 gate_call(const struct attack *a)
{
	struct far_slot gate = { .selector = (u16)a->argument };

	far_call(&gate, 0, 0, 0, 0);
	return GAIN_RUN;
}

const struct plan plans_calls[] = {
	{ "linkage-write", linkage_write },
	{ "linkage-read", linkage_read },
	{ "doors-write", doors_write },
	{ "return-early", return_early },
	{ "return-wild-stack", return_wild_stack },
	{ "return-lent-stack", return_lent_stack },
	{ "return-offset", return_offset },
	{ "return-forged", return_forged },
	{ "revive", revive },
	{ "revive-canary", revive_canary },
	{ "gone-lent-stack", gone_lent_stack },
	{ "gate-call", gate_call },
	{ NULL, NULL },
};
