/*
 * The doors into the core and the thunks' own doors: with flags that no
 * caller should have set, and from where no thunk calls them.
 */
#include "act.h"
#include "call.h"

#define TRAP	  0x100u
#define DIRECTION 0x400u
#define NESTED	  0x4000u
#define ALIGNMENT 0x40000u

/* Selectors of the doors, in the order of seg/selectors.h. */
#define DOOR(n)	    ((1024 + (n)) * 8 + 1)
#define DOWN_RETURN DOOR(0)
#define ENTER	    DOOR(4)
#define WAKE	    DOOR(5)
#define STACK_TAKE  DOOR(6)
#define LEND_BUILD  DOOR(7)
#define REVIVE	    DOOR(8)
#define WAITS_BEGIN DOOR(9)
#define WAITS_END   DOOR(10)
#define CHECK	    DOOR(11)

/* port.write8(0x80, 0), which is granted. */
static i32 up(u32 flags)
{
	return call_flags(&slots_port[2], 0x80, 0, flags);
}

/* neighbour.nothing() */
static i32 across(u32 flags)
{
	return call_flags(&slots_neighbour[5], 0, 0, flags);
}

#define ACT(name, ...) \
	static i32 name(const struct trial *t) \
	{ \
		(void)t; \
		return __VA_ARGS__; \
	}

ACT(up_trap, up(TRAP))
ACT(up_direction, up(DIRECTION))
ACT(up_nested, up(NESTED))
ACT(up_alignment, up(ALIGNMENT))
ACT(up_all, up(DIRECTION | NESTED | ALIGNMENT | TRAP))
ACT(across_trap, across(TRAP))
ACT(across_direction, across(DIRECTION))
ACT(across_nested, across(NESTED))
ACT(across_alignment, across(ALIGNMENT))

/* This domain's own door, as its thunks name it. */
static u32 own_door(void)
{
	return 4096 + (data_selector() - 8 - (512 * 8 + 1)) / 16 * 128;
}

ACT(enter_other, call_door(ENTER, own_door() ^ 128))
ACT(enter_outside, call_door(ENTER, 0xFFFFFFFF))
ACT(enter_ring, call_door(ENTER, 8))
ACT(enter_twice, call_door(ENTER, own_door()))
ACT(wake_other, call_door(WAKE, own_door() ^ 128))
ACT(stack_other, call_door(STACK_TAKE, own_door() ^ 128))
ACT(stack_twice, call_door(STACK_TAKE, own_door()))
ACT(lend_build, call_door(LEND_BUILD, 0))
ACT(waits_begin, call_door(WAITS_BEGIN, 0))
ACT(waits_end, call_door(WAITS_END, 0))
ACT(revive_null, call_door(REVIVE, 0) < 0 ? 0 : 1)
ACT(down_return, call_door(DOWN_RETURN, 0))
ACT(check, (call_door(CHECK, 0), 0))

const struct act acts_doors[] = {
	{ "up-trap", up_trap },
	{ "up-direction", up_direction },
	{ "up-nested", up_nested },
	{ "up-alignment", up_alignment },
	{ "up-all-flags", up_all },
	{ "across-trap", across_trap },
	{ "across-direction", across_direction },
	{ "across-nested", across_nested },
	{ "across-alignment", across_alignment },
	{ "enter-other", enter_other },
	{ "enter-outside", enter_outside },
	{ "enter-ring", enter_ring },
	{ "enter-twice", enter_twice },
	{ "wake-other", wake_other },
	{ "stack-other", stack_other },
	{ "stack-twice", stack_twice },
	{ "lend-build", lend_build },
	{ "waits-begin", waits_begin },
	{ "waits-end", waits_end },
	{ "revive-null", revive_null },
	{ "down-return", down_return },
	{ "check-door", check },
	{ NULL, NULL },
};
