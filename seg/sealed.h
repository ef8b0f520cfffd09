/*
 * The tables of sealed domains. While one runs, GDTR points to a GDT of its
 * own, in which stand the core's segments (level 0), its own two, and the
 * gates of its imports; and LDTR to the lends of this one activation, with
 * room behind them for those of a call up.
 */
#ifndef SEG_SEALED_H
#define SEG_SEALED_H

#include "kernel/domain.h"

struct cpu;
struct thread;

#define SEALED_SLOTS 4096u /* of such a GDT: gates up to there */
#define SEALED_STRIDE \
	(SEALED_SLOTS * 8u) /* from one CPU's view to the next \
			     */
#define SEALED_LDT 32u /* bytes: two lends, two more of a call up */

/* Selectors of an activation's lends there. */
#define SEL_SEALED_FROM 0x05
#define SEL_SEALED_INTO 0x0D

/* A CPU's first page of all such GDTs; at boot. */
i32 sealed_cpu_make(struct cpu *cpu);

/* The LDTs of a new page's activations, should they be sealed ones. */
void sealed_describe(struct crossing *c);

/* A GDT for g, its own segments in it; and away with it. -E_MEMORY. */
i32 sealed_make(struct generation *g);
void sealed_free(struct generation *g);

/* g is dead: nothing leads back into its code. World stopped. */
void sealed_close(struct generation *g);

/* All gates go but for those that it may always have; then one at a time. */
void sealed_gates_clear(struct generation *g);
i32 sealed_gate_set(struct generation *g, u32 slot, struct descriptor d);

/* What stands in a slot for g. */
struct descriptor sealed_get(const struct generation *g, u32 slot);

/*
 * Load GDTR and LDTR for the activation that is on top of t's linkage, or for
 * none. Interrupts off, or on a CPU that t does not leave meanwhile.
 */
void tables_load(struct cpu *cpu, struct thread *t);

#endif
