/*
 * Selectors: loading each kind of them into each register, and what can be
 * learned of those that do not load.
 */
#include "attack.h"

#define SELECTORS 0x10000u

/* Load `selector`, read at `aim`, and be as before. */
#define READ_THROUGH(name, register) \
	static i32 name(const struct attack *a) \
	{ \
		u32 seen; \
\
		__asm__ volatile( \
			"pushl %%" register "\n\t" \
					    "movl %1, %%" register "\n\t" \
								   "movl %%" register ":(%2), %0\n\t" \
										      "popl %%" register \
			: "=r"(seen) \
			: "r"(a->argument), "r"(a->aim) \
			: "memory"); \
		return seen == a->canary ? GAIN_READ : GAIN_NOTHING; \
	}

/* The same, writing: what the core finds changed there. */
#define WRITE_THROUGH(name, register) \
	static i32 name(const struct attack *a) \
	{ \
		__asm__ volatile( \
			"pushl %%" register "\n\t" \
					    "movl %0, %%" register "\n\t" \
								   "notl %%" register ":(%1)\n\t" \
										      "popl %%" register \
			: \
			: "r"(a->argument), "r"(a->aim) \
			: "memory"); \
		return GAIN_WRITE; \
	}

READ_THROUGH(ds_read, "ds")
READ_THROUGH(es_read, "es")
READ_THROUGH(fs_read, "fs")
READ_THROUGH(gs_read, "gs")
WRITE_THROUGH(ds_write, "ds")
WRITE_THROUGH(es_write, "es")
WRITE_THROUGH(gs_write, "gs")

/* Null loads anywhere and is nothing; one's own loads, and what one is lent. */
static bool is_own(u32 selector)
{
	u32 from_there, into_there;

	__asm__ volatile("movl %%fs, %0\n\tmovl %%gs, %1"
			 : "=r"(from_there), "=r"(into_there));
	return selector < 4 || (selector | 3) == (data_selector() | 3) ||
	       (selector | 3) == (code_selector() | 3) ||
	       (selector | 3) == (from_there | 3) ||
	       (selector | 3) == (into_there | 3);
}

/* Only load it. */
#define LOAD(name, register) \
	static i32 name(const struct attack *a) \
	{ \
		__asm__ volatile( \
			"pushl %%" register "\n\t" \
					    "movl %0, %%" register "\n\t" \
								   "popl %%" register \
			: \
			: "r"(a->argument) \
			: "memory"); \
		return is_own(a->argument) ? GAIN_NOTHING : GAIN_LOAD; \
	}

LOAD(ds_load, "ds")
LOAD(es_load, "es")
LOAD(fs_load, "fs")
LOAD(gs_load, "gs")

static i32 ss_load(const struct attack *a)
{
	__asm__ volatile("movl %%ss, %%ecx\n\t"
			 "movl %0, %%ss\n\t"
			 "movl %%ecx, %%ss"
			 :
			 : "r"(a->argument)
			 : "ecx", "memory");
	return is_own(a->argument) ? GAIN_NOTHING : GAIN_LOAD;
}

/* By the instructions that load a far pointer whole. */
#define LOAD_POINTER(name, instruction, register) \
	static i32 name(const struct attack *a) \
	{ \
		struct { \
			u32 offset; \
			u32 selector; \
		} far = { a->aim, a->argument }; \
		u32 seen; \
\
		__asm__ volatile( \
			"pushl %%" register "\n\t" instruction \
					    " %1, %%ecx\n\t" \
					    "movl %%" register ":(%%ecx), %0\n\t" \
							       "popl %%" register \
			: "=r"(seen) \
			: "m"(far) \
			: "ecx", "memory"); \
		return seen == a->canary ? GAIN_READ : GAIN_NOTHING; \
	}

LOAD_POINTER(les_read, "les", "es")
LOAD_POINTER(lfs_read, "lfs", "fs")
LOAD_POINTER(lgs_read, "lgs", "gs")

/* SS and the first word from there in one. */
static i32 lss_read(const struct attack *a)
{
	struct {
		u32 offset, selector;
	} far = { a->aim, a->argument };
	u32 seen;

	__asm__ volatile("movl %%ss, %%edx\n\t"
			 "movl %%esp, %%ecx\n\t"
			 "lss %1, %%esp\n\t"
			 "popl %0\n\t"
			 "movl %%edx, %%ss\n\t"
			 "movl %%ecx, %%esp"
			 : "=a"(seen)
			 : "m"(far)
			 : "ecx", "edx", "memory");
	return seen == a->canary ? GAIN_READ : GAIN_NOTHING;
}

/* Which of all selectors could be read through, written, or looked at? */
#define SCAN(name, instruction, what) \
	static i32 name(const struct attack *a) \
	{ \
		(void)a; \
		for (u32 s = 4; s < SELECTORS; s++) { \
			u32 limit = 0; \
			bool yes; \
\
			__asm__ volatile(instruction \
					 : "=@ccz"(yes), "+r"(limit) \
					 : "r"(s)); \
			if (yes && !is_own(s)) \
				return what; \
		} \
		return GAIN_NOTHING; \
	}

SCAN(readable_scan, "verr %w2", GAIN_LOAD)
SCAN(writable_scan, "verw %w2", GAIN_LOAD)
SCAN(limits_scan, "lsl %2, %1", GAIN_TOLD)

/* More gates than its own imports and the doors of all? `argument`: so many. */
static i32 gates_scan(const struct attack *a)
{
	u32 count = 0;

	for (u32 s = 1024 * 8 + 1; s < SELECTORS; s += 8)
		count += visible(s);
	return count > a->argument ? GAIN_TOLD : GAIN_NOTHING;
}

/* Where the tables lie is told to everybody who asks; only that. */
static i32 tables_told(const struct attack *a)
{
	struct {
		u16 limit;
		u32 base;
	} __attribute__((packed)) gdtr = { 0, 0 };

	(void)a;
	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	return gdtr.base ? GAIN_TOLD : GAIN_NOTHING;
}

const struct plan plans_selectors[] = {
	{ "ds-read", ds_read },
	{ "es-read", es_read },
	{ "fs-read", fs_read },
	{ "gs-read", gs_read },
	{ "ds-write", ds_write },
	{ "es-write", es_write },
	{ "gs-write", gs_write },
	{ "ds-load", ds_load },
	{ "es-load", es_load },
	{ "fs-load", fs_load },
	{ "gs-load", gs_load },
	{ "ss-load", ss_load },
	{ "les-read", les_read },
	{ "lfs-read", lfs_read },
	{ "lgs-read", lgs_read },
	{ "lss-read", lss_read },
	{ "readable-scan", readable_scan },
	{ "writable-scan", writable_scan },
	{ "limits-scan", limits_scan },
	{ "gates-scan", gates_scan },
	{ "tables-told", tables_told },
	{ NULL, NULL },
};
