/* Exceptions and software interrupts. */
#include "act.h"

#define ACT(name, instruction) \
	static i32 name(const struct trial *t) \
	{ \
		(void)t; \
		__asm__ volatile(instruction \
				 : \
				 : \
				 : "eax", "ecx", "edx", "memory"); \
		return 0; \
	}

ACT(int_80, "int $0x80")
ACT(int_timer, "int $0x40")
ACT(int_page, "int $14")
ACT(int_double, "int $8")
ACT(int_3, "int3")
ACT(int_icebp, ".byte 0xF1")
ACT(act_into, "movb $0x7F, %%al\n\taddb $1, %%al\n\tinto")
ACT(act_ud2, "ud2")
ACT(act_unknown, ".byte 0x0F, 0xFF, 0xC0")
ACT(act_locked, ".byte 0xF0, 0x90")
ACT(act_sysenter, "movl %%esp, %%ecx\n\tsysenter")
ACT(act_float, "fninit\n\tfld1\n\tfstp %%st(0)")
ACT(act_vector, ".byte 0x0F, 0x57, 0xC0")
ACT(act_trap_flag, "pushfl\n\torl $0x100, (%%esp)\n\tpopfl\n\tnop\n\tnop")

static i32 act_bound(const struct trial *t)
{
	static const i32 bounds[2] = { 0, 9 };

	(void)t;
	__asm__ volatile("bound %0, %1" : : "r"(10), "m"(bounds));
	return 0;
}

static i32 divide(u32 high, u32 low, u32 by)
{
	__asm__ volatile("divl %2" : "+a"(low), "+d"(high) : "r"(by));
	return 0;
}

static i32 divide_zero(const struct trial *t)
{
	return divide(0, t->size, 0);
}

static i32 divide_overflow(const struct trial *t)
{
	(void)t;
	return divide(5, 0, 2);
}

static i32 assert_fails(const struct trial *t)
{
	assert(t->size == 0xFFFFFFFF);
	return 0;
}

const struct act acts_interrupts[] = {
	{ "int-80", int_80 },
	{ "int-timer", int_timer },
	{ "int-page-fault", int_page },
	{ "int-double-fault", int_double },
	{ "int3", int_3 },
	{ "icebp", int_icebp },
	{ "into", act_into },
	{ "bound", act_bound },
	{ "ud2", act_ud2 },
	{ "unknown-opcode", act_unknown },
	{ "lock-nop", act_locked },
	{ "sysenter", act_sysenter },
	{ "float", act_float },
	{ "vector", act_vector },
	{ "trap-flag", act_trap_flag },
	{ "divide-zero", divide_zero },
	{ "divide-overflow", divide_overflow },
	{ "assert", assert_fails },
	{ NULL, NULL },
};
