/*
 * Bare mechanisms, in assembly (bench/core/bare.asm): loops that do one thing
 * again and again in ring 0, 1 or 3, on descriptors and page tables that are
 * there for the run alone.
 */
#ifndef BENCH_CORE_BARE_H
#define BENCH_CORE_BARE_H

#include "gates/abi.h"
#include "seg/selectors.h"

/* Slots of this CPU's, from SLOT_BENCH on. */
enum bare_slot {
	BARE_CODE = SLOT_BENCH, /* flat, ring 1 */
	BARE_DATA,
	BARE_EXIT, /* gates: back to bare_run; to a lone return in ring 1, */
	BARE_SAME,
	BARE_INNER, /* in ring 0, and there with the clock read */
	BARE_CLOCK,
	BARE_TASK_GATE,
	BARE_TSS,
	BARE_LDT, /* has one flat data segment */
};

#define SEL_BARE_CODE  (BARE_CODE * 8 + 1)
#define SEL_BARE_DATA  (BARE_DATA * 8 + 1)
#define SEL_BARE_EXIT  (BARE_EXIT * 8 + 3)
#define SEL_BARE_SAME  (BARE_SAME * 8 + 1)
#define SEL_BARE_INNER (BARE_INNER * 8 + 3)
#define SEL_BARE_CLOCK (BARE_CLOCK * 8 + 3)
#define SEL_BARE_TASK  (BARE_TASK_GATE * 8)
#define SEL_BARE_TSS   (BARE_TSS * 8)
#define SEL_BARE_LDT   (BARE_LDT * 8)
#define SEL_BARE_LOCAL 4 /* the segment in that LDT */

#define BARE_INT       0x81 /* vectors of bare_int and bare_int_clock */
#define BARE_INT_CLOCK 0x82

/* Where ring 3 has its code, its stack, and pages to touch. */
#define BARE_USER     0x10000000u
#define BARE_PAGES    (BARE_USER + 0x1000)
#define BARE_PAGE_SUM 32

#endif
