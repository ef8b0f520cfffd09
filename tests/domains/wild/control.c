/* Control that goes where it should not, or does not come back. */
#include "act.h"

extern u8 thunk_trial_choose[];

/* A RET, as data. */
static u8 data_code[4] = { 0xC3, 0xC3, 0xC3, 0xC3 };

static void near_call(u32 to)
{
	__asm__ volatile("call *%0"
			 :
			 : "r"(to)
			 : "eax", "ecx", "edx", "memory");
}

static void far_call(u32 selector, u32 offset)
{
	u32 where[2] = { offset, selector };

	__asm__ volatile("lcall *%0"
			 :
			 : "m"(where)
			 : "eax", "ecx", "edx", "memory");
}

static i32 null_call(const struct trial *t)
{
	(void)t;
	near_call(0);
	return 0;
}

static i32 data_execute(const struct trial *t)
{
	(void)t;
	near_call((u32)data_code);
	return 0;
}

static i32 stack_execute(const struct trial *t)
{
	u8 code[4];

	(void)t;
	memset(code, 0xC3, sizeof code);
	near_call((u32)code);
	return 0;
}

static i32 constants_execute(const struct trial *t)
{
	static const u8 code[4] = { 0xC3, 0xC3, 0xC3, 0xC3 };

	(void)t;
	near_call((u32)code);
	return 0;
}

static i32 far_outside_jump(const struct trial *t)
{
	(void)t;
	near_call(0xFFFFFF00);
	return 0;
}

/* Straight into another gate's thunk, past its first instructions. */
static i32 thunk_jump(const struct trial *t)
{
	__asm__ volatile("jmp *%0" : : "r"(thunk_trial_choose + t->argument));
	return 0;
}

static i32 core_code_call(const struct trial *t)
{
	far_call(0x08, t->argument);
	return 0;
}

static i32 core_code_jump(const struct trial *t)
{
	u32 where[2] = { t->argument, 0x09 };

	__asm__ volatile("ljmp *%0" : : "m"(where));
	return 0;
}

static i32 core_code_return(const struct trial *t)
{
	__asm__ volatile("pushl $0x08\n\t"
			 "pushl %0\n\t"
			 "lret"
			 :
			 : "r"(t->argument));
	return 0;
}

static i32 tss_call(const struct trial *t)
{
	(void)t;
	far_call(0x30, 0);
	return 0;
}

static i32 data_call(const struct trial *t)
{
	(void)t;
	far_call(data_selector(), (u32)data_code);
	return 0;
}

static i32 beyond_gdt_call(const struct trial *t)
{
	(void)t;
	far_call(0xFFF9, 0);
	return 0;
}

static i32 absent_call(const struct trial *t)
{
	(void)t;
	far_call(8000 * 8 + 1, 0);
	return 0;
}

/* Outward to ring 3, where nothing of this domain's is. */
static i32 user_return(const struct trial *t)
{
	(void)t;
	__asm__ volatile("pushl $0x23\n\t"
			 "pushl $0x1000\n\t"
			 "pushl $0x1B\n\t"
			 "pushl $0x1000\n\t"
			 "lret");
	return 0;
}

static i32 user_iret(const struct trial *t)
{
	(void)t;
	__asm__ volatile("pushl $0x23\n\t"
			 "pushl $0x1000\n\t"
			 "pushl $0x202\n\t"
			 "pushl $0x1B\n\t"
			 "pushl $0x1000\n\t"
			 "iret");
	return 0;
}

static i32 core_iret(const struct trial *t)
{
	__asm__ volatile("pushl $0x202\n\t"
			 "pushl $0x08\n\t"
			 "pushl %0\n\t"
			 "iret"
			 :
			 : "r"(t->argument));
	return 0;
}

/* IRET with NT set returns to the task that the TSS names: there is none. */
static i32 task_return(const struct trial *t)
{
	(void)t;
	__asm__ volatile("pushfl\n\t"
			 "orl $0x4000, (%%esp)\n\t"
			 "popfl\n\t"
			 "iret"
			 :
			 :
			 : "memory");
	return 0;
}

static i32 endless_loop(const struct trial *t)
{
	while (t->base)
		__asm__ volatile("");
	return 0;
}

/* A callee's return address, overwritten. */
static i32 return_corrupted(const struct trial *t)
{
	volatile u32 *frame = __builtin_frame_address(0);

	frame[1] = t->argument;
	return 0;
}

/* The thunk's own way back, with another far address where ESP then stands. */
static i32 far_return(const struct trial *t)
{
	(void)t;
	__asm__ volatile("lret");
	return 0;
}

const struct act acts_control[] = {
	{ "null-call", null_call },
	{ "data-execute", data_execute },
	{ "stack-execute", stack_execute },
	{ "constants-execute", constants_execute },
	{ "outside-jump", far_outside_jump },
	{ "thunk-jump", thunk_jump },
	{ "core-code-call", core_code_call },
	{ "core-code-jump", core_code_jump },
	{ "core-code-return", core_code_return },
	{ "tss-call", tss_call },
	{ "data-call", data_call },
	{ "beyond-gdt-call", beyond_gdt_call },
	{ "absent-call", absent_call },
	{ "user-return", user_return },
	{ "user-iret", user_iret },
	{ "core-iret", core_iret },
	{ "task-return", task_return },
	{ "endless-loop", endless_loop },
	{ "return-corrupted", return_corrupted },
	{ "far-return", far_return },
	{ NULL, NULL },
};
