/*
 * Far transfers: calls, jumps and returns to where no gate leads, outward and
 * sideways; and jumps into the middle of one's own thunks and stubs.
 */
#include "attack.h"
#include "call.h"

extern u8 thunk_attack_act[], thunk_attack_bare[], down_attack_act[],
	down_attack_bare[];

/* A far call: what it leads to comes back, if it is a far return. */
static i32 call_there(const struct attack *a)
{
	u32 far[2] = { a->aim, a->argument };

	__asm__ volatile("lcall *%0"
			 :
			 : "m"(far)
			 : "eax", "ecx", "edx", "memory");
	return GAIN_RUN;
}

static i32 jump_there(const struct attack *a)
{
	u32 far[2] = { a->aim, a->argument };

	__asm__ volatile("movl %%esp, %%esi\n\t"
			 "pushl %%cs\n\t"
			 "pushl $1f\n\t"
			 "ljmp *%0\n"
			 "1:\tmovl %%esi, %%esp"
			 :
			 : "m"(far)
			 : "eax", "ecx", "edx", "esi", "memory");
	return GAIN_RUN;
}

/* A far return, in this ring: the way back lies behind. */
static i32 return_there(const struct attack *a)
{
	__asm__ volatile("movl %%esp, %%esi\n\t"
			 "pushl %%cs\n\t"
			 "pushl $1f\n\t"
			 "pushl %0\n\t"
			 "pushl %1\n\t"
			 "lret\n"
			 "1:\tmovl %%esi, %%esp"
			 :
			 : "r"(a->argument), "r"(a->aim)
			 : "eax", "ecx", "edx", "esi", "memory");
	return GAIN_RUN;
}

static i32 iret_there(const struct attack *a)
{
	__asm__ volatile("movl %%esp, %%esi\n\t"
			 "pushl %%cs\n\t"
			 "pushl $1f\n\t"
			 "pushfl\n\t"
			 "pushl %0\n\t"
			 "pushl %1\n\t"
			 "iret\n"
			 "1:\tmovl %%esi, %%esp"
			 :
			 : "r"(a->argument), "r"(a->aim)
			 : "eax", "ecx", "edx", "esi", "memory");
	return GAIN_RUN;
}

/* Outward, to ring 3: with a program's stack selector behind. */
static i32 return_outward(const struct attack *a)
{
	__asm__ volatile("pushl $0x23\n\t"
			 "pushl $0x1000\n\t"
			 "pushl %0\n\t"
			 "pushl %1\n\t"
			 "lret"
			 :
			 : "r"(a->argument), "r"(a->aim));
	return GAIN_RUN;
}

static i32 iret_outward(const struct attack *a)
{
	__asm__ volatile("pushl $0x23\n\t"
			 "pushl $0x1000\n\t"
			 "pushl $0x202\n\t"
			 "pushl %0\n\t"
			 "pushl %1\n\t"
			 "iret"
			 :
			 : "r"(a->argument), "r"(a->aim));
	return GAIN_RUN;
}

/* One's own code and data, asked for at ring 2 or 3. */
static i32 own_outward(const struct attack *a)
{
	u32 code = (code_selector() & ~3u) | a->argument;
	u32 data = (data_selector() & ~3u) | a->argument;

	__asm__ volatile("pushl %1\n\t"
			 "pushl $0x1000\n\t"
			 "pushl %0\n\t"
			 "pushl $1f\n\t"
			 "lret\n"
			 "1:"
			 :
			 : "r"(code), "r"(data));
	return GAIN_RUN;
}

/* IRET with flags that ring 1 may not have: VM, IOPL 3, no IF. */
static i32 iret_flags(const struct attack *a)
{
	u32 flags;

	__asm__ volatile("pushl %1\n\t"
			 "pushl %%cs\n\t"
			 "pushl $1f\n\t"
			 "iret\n"
			 "1:\tpushfl\n\t"
			 "popl %0"
			 : "=r"(flags)
			 : "r"(a->argument)
			 : "memory", "cc");
	return flags & 0x23000 || !(flags & 0x200) ? GAIN_LOAD : GAIN_NOTHING;
}

static i32 sysexit_there(const struct attack *a)
{
	__asm__ volatile("sysexit" : : "d"(a->aim), "c"(a->aim));
	return GAIN_RUN;
}

/* Gates take no notice of the offset in the far pointer. */
static i32 gate_offset(const struct attack *a)
{
	struct far_slot slot = slots_port[PORT_READ8];

	slot.offset = a->argument;
	return far_call(&slot, 0x60, 0, 0, 0) == -E_DENIED ? GAIN_NOTHING :
							     GAIN_RUN;
}

static i32 relay_offset(const struct attack *a)
{
	struct far_slot slot = slots_neighbour[NEIGHBOUR_NOTHING];

	slot.offset = a->argument;
	return far_call(&slot, 0, 0, 0, 0) == 0 ? GAIN_NOTHING : GAIN_RUN;
}

/* A gate is called, not jumped to or returned to. */
static i32 gate_jump(const struct attack *a)
{
	struct far_slot slot = slots_port[PORT_READ8];

	(void)a;
	__asm__ volatile("ljmp *%0" : : "m"(slot));
	return GAIN_RUN;
}

static i32 gate_return(const struct attack *a)
{
	(void)a;
	__asm__ volatile("pushl %0\n\t"
			 "pushl $0\n\t"
			 "lret"
			 :
			 : "r"((u32)slots_port[PORT_READ8].selector));
	return GAIN_RUN;
}

/* A near jump to byte `argument` of what gatec made. */
#define JUMP_INTO(name, where) \
	static i32 name(const struct attack *a) \
	{ \
		__asm__ volatile("jmp *%0" \
				 : \
				 : "r"((u32)(where) + a->argument)); \
		return GAIN_NOTHING; \
	}

JUMP_INTO(thunk_jump, thunk_attack_act)
JUMP_INTO(thunk_bare_jump, thunk_attack_bare)
JUMP_INTO(down_jump, down_attack_act)
JUMP_INTO(down_bare_jump, down_attack_bare)
JUMP_INTO(stub_jump, time_now__n)
JUMP_INTO(relay_stub_jump, neighbour_nothing)

const struct plan plans_transfers[] = {
	{ "call-there", call_there },
	{ "jump-there", jump_there },
	{ "return-there", return_there },
	{ "iret-there", iret_there },
	{ "return-outward", return_outward },
	{ "iret-outward", iret_outward },
	{ "own-outward", own_outward },
	{ "iret-flags", iret_flags },
	{ "sysexit", sysexit_there },
	{ "gate-offset", gate_offset },
	{ "relay-offset", relay_offset },
	{ "gate-jump", gate_jump },
	{ "gate-return", gate_return },
	{ "thunk-jump", thunk_jump },
	{ "thunk-bare-jump", thunk_bare_jump },
	{ "down-jump", down_jump },
	{ "down-bare-jump", down_bare_jump },
	{ "stub-jump", stub_jump },
	{ "relay-stub-jump", relay_stub_jump },
	{ NULL, NULL },
};
