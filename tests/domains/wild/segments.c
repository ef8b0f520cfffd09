/* Selectors that are not to be used, or not to be loaded. */
#include "act.h"

#define CORE_CODE 0x08
#define CORE_DATA 0x10
#define USER_DATA 0x23
#define TSS	  0x28
#define LDT	  0x38
#define LDT_RING1 5 /* selector bits: in the LDT, asked for at ring 1 */

static void gs_load(u32 selector)
{
	__asm__ volatile("movl %0, %%gs" : : "r"(selector));
}

static i32 null_selector_read(const struct trial *t)
{
	gs_load(0);
	LOOK("gs", t->base + 0x1000);
	return 0;
}

static i32 null_selector_write(const struct trial *t)
{
	static u32 own;

	gs_load(0);
	TOUCH("gs", t->base + (u32)&own);
	return 0;
}

static i32 text_read(const struct trial *t)
{
	(void)t;
	LOOK("cs", text_read);
	return 0;
}

static i32 text_write_through(const struct trial *t)
{
	(void)t;
	TOUCH("cs", text_write_through);
	return 0;
}

static i32 text_load(const struct trial *t)
{
	u32 code;

	(void)t;
	__asm__ volatile("movl %%cs, %0" : "=r"(code));
	gs_load(code);
	return 0;
}

static i32 core_data_load(const struct trial *t)
{
	(void)t;
	gs_load(CORE_DATA);
	return 0;
}

static i32 core_data_forged(const struct trial *t)
{
	(void)t;
	gs_load(CORE_DATA | 1);
	return 0;
}

static i32 core_code_load(const struct trial *t)
{
	(void)t;
	gs_load(CORE_CODE);
	return 0;
}

static i32 tss_load(const struct trial *t)
{
	(void)t;
	gs_load(TSS);
	return 0;
}

static i32 ldt_load(const struct trial *t)
{
	(void)t;
	gs_load(LDT);
	return 0;
}

static i32 core_stack_load(const struct trial *t)
{
	(void)t;
	__asm__ volatile("movl %0, %%ss" : : "r"(CORE_DATA));
	return 0;
}

static i32 null_stack_load(const struct trial *t)
{
	(void)t;
	__asm__ volatile("movl %0, %%ss" : : "r"(0));
	return 0;
}

static i32 beyond_gdt_load(const struct trial *t)
{
	(void)t;
	gs_load(0xFFF9);
	return 0;
}

static i32 beyond_ldt_load(const struct trial *t)
{
	(void)t;
	gs_load(64 * 8 + LDT_RING1);
	return 0;
}

static i32 gate_load(const struct trial *t)
{
	gs_load(t->argument);
	return 0;
}

/*
 * A lend that this call makes and gets back: afterwards its place in the LDT
 * is empty, so that reloading what the callee had in FS and GS faults.
 */
static i32 lend_reload(const struct trial *t)
{
	u8 bytes[16] = { 0 };
	u32 mine;

	(void)t;
	__asm__ volatile("movl %%fs, %0" : "=r"(mine));
	neighbour_sum(bytes, sizeof bytes);
	gs_load(mine + 16);
	LOOK("gs", 0);
	return 0;
}

/* Selectors of another domain: under `far` they load. */
static i32 other_data_load(const struct trial *t)
{
	gs_load(t->argument);
	LOOK("gs", 0x1000);
	return 0;
}

static i32 user_data_load(const struct trial *t)
{
	(void)t;
	gs_load(USER_DATA);
	return 0;
}

const struct act acts_segments[] = {
	{ "null-selector-read", null_selector_read },
	{ "null-selector-write", null_selector_write },
	{ "text-read", text_read },
	{ "text-write-through", text_write_through },
	{ "text-load", text_load },
	{ "core-data-load", core_data_load },
	{ "core-data-forged", core_data_forged },
	{ "core-code-load", core_code_load },
	{ "tss-load", tss_load },
	{ "ldt-load", ldt_load },
	{ "core-stack-load", core_stack_load },
	{ "null-stack-load", null_stack_load },
	{ "beyond-gdt-load", beyond_gdt_load },
	{ "beyond-ldt-load", beyond_ldt_load },
	{ "gate-load", gate_load },
	{ "lend-reload", lend_reload },
	{ "other-data-load", other_data_load },
	{ "user-data-load", user_data_load },
	{ NULL, NULL },
};
