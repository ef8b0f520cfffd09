/*
 * Relays: calls from one domain to another that go through the core, because
 * one of them is sealed or a server. There is one for each gate of a domain;
 * its number is the gate's slot in the GDT.
 */
#ifndef GATES_RELAY_H
#define GATES_RELAY_H

#include "kernel/domain.h"
#include "seg/sealed.h"

#define RELAYS (SEALED_SLOTS - SLOT_GATES)

enum relay_shape {
	RELAY_FROM = 1, /* the callee gets a lend in FS */
	RELAY_INTO = 2, /* in GS */
	RELAY_LENDS = 3,
	RELAY_TWICE = 4, /* two pairs, not one */
	RELAY_WAITS = 8, /* its caller gives up its monitor meanwhile */
};

/* A buffer of a function's, as its lend is made: see LEND in gates/lend.inc. */
struct relay_pair {
	u32 least, span; /* what its length, less 1, is at least, and beyond */
	u32 slot; /* SLOT_FROM or SLOT_INTO of an activation's LDT slots */
	u32 access; /* bytes 5 and 6 of the descriptor */
};

/* Who calls: it has entries of its own, and ways of its own behind them. */
enum relay_caller { CALLER_FAR, CALLER_SEALED, CALLER_SERVER, CALLERS };

struct relay {
	u32 code; /* selector of the generation that answers; 0: none */
	u32 entry; /* window offset of the down thunk */
	u32 head; /* SS and function, as the record has them */
	u32 shape; /* bits of enum relay_shape */
	struct door *door; /* that generation's */
	void (*way[CALLERS])(void); /* by enum relay_caller */
	u32 directory; /* for CR3, if that is a server */
	u32 words;
	struct relay_pair *pairs; /* two, if `shape` has lends */
};

extern struct relay relays[RELAYS]; /* by slot, from SLOT_GATES on */

/* d's entries have gates from now on. -E_RANGE: too many gates are taken. */
i32 relays_make(struct domain *d);

/* Calls reach g from now on; or nobody. World stopped. */
void relays_open(struct generation *g);
void relays_close(struct domain *d);

/* The gate that leads into the relay of a slot; a server has none. */
struct descriptor relay_gate(u32 slot, enum relay_caller caller);

#endif
