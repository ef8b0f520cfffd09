/*
 * Faults of domains: who is charged, what rule was broken, the end of that
 * generation and the start of the next.
 */
#ifndef KERNEL_FAULT_H
#define KERNEL_FAULT_H

#include "kernel/domain.h"
#include "kernel/trap.h"

/* Broken by a lender whose bytes turn out not to be there. */
#define RULE_LENT "what is lent is mapped, and writable if lent to be filled"

/* An exception taken in ring 1. On return `f` is where to go on. */
void fault_domain(struct frame *f);

/*
 * Generation g broke `rule` (a sentence in the present tense that says what
 * holds). Its end: report, revoke, mark its threads for the unwinder, have it
 * restarted. `f` gives the registers, or NULL. Nothing if g is dead already.
 */
void fault_charge(struct generation *g, struct frame *f, const char *rule);

/* End g without a fault: close it and mark its threads. */
void generation_end(struct generation *g);

/* The timer's share: charge what runs too long without returning. */
void fault_watch(struct frame *f);

/* Start the thread that frees what is left of dead generations. */
void undertaker_start(void);
void undertaker_wake(void);

/* Faults since boot. */
u32 fault_count(void);

/* The last fault's rule and domain, for tests ("" before the first). */
struct fault_summary {
	char domain[MANIFEST_NAME_SIZE];
	const char *rule;
	u32 vector; /* VECTOR_DOOR: none */
	u32 error;
	u32 address; /* what was touched: offset or linear */
	u32 missed; /* bytes beyond the limit; 0 if none */
};
extern struct fault_summary fault_last;

#endif
