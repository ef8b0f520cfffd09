/*
 * Lends that are over, or that are somebody else's: what an LDT holds besides
 * the two of this call.
 */
#include "attack.h"
#include "call.h"

#define LDT_FIRST 4u
#define LDT_STEP  8u
#define SELECTORS 0x10000u

static u32 kept[2]; /* FS and GS of an earlier call */
static volatile u32 lingering;

static void lent_selectors(const struct attack *a, u32 own[2])
{
	own[0] = own[1] = 0;
	if (a->lent)
		__asm__ volatile("movl %%fs, %0\n\tmovl %%gs, %1"
				 : "=r"(own[0]), "=r"(own[1]));
}

/* What the LDT has that is no lend of this call, by VERR alone. */
static i32 ldt_scan(const struct attack *a)
{
	u32 own[2];

	lent_selectors(a, own);
	for (u32 s = LDT_FIRST; s < SELECTORS; s += LDT_STEP)
		for (u32 level = 0; level < 4; level++)
			if (readable(s | level) && (s | 3) != (own[0] | 3) &&
			    (s | 3) != (own[1] | 3))
				return GAIN_LOAD;
	return GAIN_NOTHING;
}

/* What an outer call was lent, byte 0 of it. */
static i32 outer_read(const struct attack *a)
{
	u32 own[2];

	lent_selectors(a, own);
	for (u32 s = LDT_FIRST | 1; s < own[0] && a->lent; s += LDT_STEP) {
		u32 seen;

		if (!readable(s))
			continue;
		__asm__ volatile("pushl %%es\n\t"
				 "movl %1, %%es\n\t"
				 "movl %%es:0, %0\n\t"
				 "popl %%es"
				 : "=r"(seen)
				 : "r"(s)
				 : "memory");
		if (seen == a->canary)
			return GAIN_READ;
	}
	return GAIN_NOTHING;
}

/* Keep the selectors for the next call; then use them. */
static i32 lend_keep(const struct attack *a)
{
	lent_selectors(a, kept);
	return GAIN_NOTHING;
}

static i32 lend_stale(const struct attack *a)
{
	(void)a;
	__asm__ volatile("movl %0, %%gs\n\t"
			 "movb %%gs:0, %%al"
			 :
			 : "r"(kept[0])
			 : "eax", "memory");
	return GAIN_READ;
}

static i32 lend_stale_write(const struct attack *a)
{
	(void)a;
	__asm__ volatile("movl %0, %%es\n\t"
			 "notb %%es:0"
			 :
			 : "r"(kept[1])
			 : "memory");
	return GAIN_WRITE;
}

/* Are the selectors of the call before still in the table? */
static i32 lend_stale_scan(const struct attack *a)
{
	(void)a;
	return readable(kept[0]) || readable(kept[1]) ? GAIN_LOAD :
							GAIN_NOTHING;
}

/* What a call of its own was lent, when that is over. */
static i32 lend_callee(const struct attack *a)
{
	u8 bytes[16] = { 0 };

	neighbour_sum(bytes, sizeof bytes);
	return ldt_scan(a);
}

static i32 lend_core(const struct attack *a)
{
	struct time_instant now;

	time_now(&now);
	return ldt_scan(a);
}

/* By its address, where lends are mapped: of a call that is over. */
static i32 window_read(const struct attack *a)
{
	u32 seen = *(volatile u32 *)a->argument;

	return seen == a->canary ? GAIN_READ : GAIN_NOTHING;
}

/* A lend read past its end, in its own call. */
static i32 lend_past(const struct attack *a)
{
	u8 seen;

	__asm__ volatile("movb %%fs:(%1), %0" : "=q"(seen) : "r"(a->size));
	return seen == a->canary ? GAIN_READ : GAIN_NOTHING;
}

/* To be lent on: more than it was lent, or as what it is not. */
static i32 lend_on_more(const struct attack *a)
{
	u32 pair[2] = { 0x80000000, a->size + 4 };
	u32 result = 0;

	__asm__ volatile("pushl %%ebp\n\tpushl %%edi\n\t"
			 "pushl %%fs\n\tpushl %%gs\n\t"
			 "pushl %2\n\t"
			 "pushl %1\n\t"
			 "lcall *(%3)\n\t"
			 "popl %%gs\n\tpopl %%fs\n\t"
			 "popl %%edi\n\tpopl %%ebp"
			 : "+a"(result)
			 : "S"(pair[0]), "c"(pair[1]),
			   "b"(&slots_neighbour[NEIGHBOUR_SUM])
			 : "edx", "memory");
	return GAIN_READ;
}

/* One thread is lent something and stays for a while; another one looks. */
static i32 lend_linger(const struct attack *a)
{
	u32 own[2];

	lent_selectors(a, own);
	lingering = 1;
	for (volatile u32 i = 0; i < 100000000 && lingering; i++)
		;
	return GAIN_NOTHING;
}

static i32 lend_of_other(const struct attack *a)
{
	i32 gain;

	for (volatile u32 i = 0; i < 100000000 && !lingering; i++)
		;
	gain = lingering ? ldt_scan(a) : -E_GONE;
	lingering = 0;
	return gain;
}

const struct plan plans_lends[] = {
	{ "ldt-scan", ldt_scan },
	{ "outer-read", outer_read },
	{ "lend-keep", lend_keep },
	{ "lend-stale", lend_stale },
	{ "lend-stale-write", lend_stale_write },
	{ "lend-stale-scan", lend_stale_scan },
	{ "lend-callee", lend_callee },
	{ "lend-core", lend_core },
	{ "window-read", window_read },
	{ "lend-past", lend_past },
	{ "lend-on-more", lend_on_more },
	{ "lend-linger", lend_linger },
	{ "lend-of-other", lend_of_other },
	{ NULL, NULL },
};
