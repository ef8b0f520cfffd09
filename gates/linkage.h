/*
 * What a crossing leaves behind: the crossing page of a thread (its LDT of
 * lends and its linkage records) and the door of a domain. Thunks in ring 1
 * write both through selectors that no C code holds, so what is read here is
 * believed only after a check.
 */
#ifndef GATES_LINKAGE_H
#define GATES_LINKAGE_H

#include "seg/descriptor.h"
#include "seg/selectors.h"

#define LINKAGE_DEPTH 32 /* activations of one thread at most */
/* Bytes 5 and 6 of the descriptors that thunks and relays build. */
#define FROM_ACCESS 0xB1u /* present, level 1, data, read-only, accessed */
#define INTO_ACCESS 0xB3u /* the same, writable */
#define SMALL_FLAGS 0x4000u /* byte limit, its bits 19-16 zero, 32-bit */
#define LEND_SLOT   16 /* bytes of LDT for each: from, into */

/* One activation: who called, where to go back to, what was taken. */
struct record {
	u32 esp; /* the caller's; [esp] is the far return address */
	u16 ss; /* the caller's too */
	u16 gate; /* function number */
	u16 cs; /* the callee's: names its generation */
	u16 ticks; /* timer ticks spent at the top, for the watchdog */
	u32 ebx, esi; /* the caller's, for the unwinder */
	u32 stack; /* number of the activation stack in the callee's pool */
	u32 spill; /* the thunk's own */
	u32 far_esp; /* an activation stack beyond the door's table */
	u16 far_ss, far_ss_zero;
	u32 released; /* the caller's monitor is free while this call waits */
	u32 ldt; /* low word of this activation's LDT, should it be sealed */
	u32 zero[5];
};

struct crossing {
	struct descriptor lends[LINKAGE_DEPTH][2]; /* the thread's LDT */
	u32 top; /* LEND_SLOT times the number of live records */
	u32 ldt_high; /* high word of the LDTs of sealed activations */
	u32 reserved[126];
	struct record records[LINKAGE_DEPTH];
	struct descriptor served[LINKAGE_DEPTH][2]; /* lends, as servers see */
	u32 rest[128];
};

_Static_assert(sizeof(struct record) == 64, "thunks scale by 4 * LEND_SLOT");
_Static_assert(sizeof(struct crossing) == 4096, "one page");

#define DOOR_TABLE  8 /* activation stacks that thunks hand out alone */
#define DOOR_SPARE  32 /* number of the first stack that the core hands out */
#define DOOR_STACKS 256 /* stacks at most */
#define DOOR_SHIFT  32 /* doors of the core's alone number from `pool` on */

enum door_flag {
	DOOR_CONCURRENT = 1, /* no monitor */
	DOOR_SEALED = 2, /* entered by the core alone, with tables of its own */
	DOOR_SERVER = 4, /* entered by the core alone, as a process */
	DOOR_QUEUED = 8, /* a server, whose own threads do the calls */
	DOOR_CORE = DOOR_SEALED | DOOR_SERVER,
};

#define MONITOR_HELD   1u
#define MONITOR_WAITER 2u /* counts threads waiting in the core */

/* One generation of a domain, as thunks see it. */
struct door {
	u32 monitor; /* MONITOR_HELD + MONITOR_WAITER * threads waiting */
	u32 calls; /* crossings into this generation */
	u32 base; /* linear address of the window */
	u32 reach; /* 64 KiB from any offset up to this lie in the window */
	u32 flags; /* enum door_flag */
	u32 limit; /* last offset of the window */
	u32 tables; /* sealed: CPU 0's view of its GDT; server: struct server */
	u32 pool; /* free, where only the core enters: the bits before free */
	u32 free[DOOR_STACKS / 32]; /* bit n: activation stack n is free */
	struct {
		u32 esp;
		u16 ss, zero;
	} stacks[DOOR_TABLE];
};

_Static_assert(sizeof(struct door) == 128, "thunks scale by 8 * SEL_PAIR");

/* What the number of an activation stack is beyond its bit in `free`. */
static inline u32 door_shift(const struct door *d)
{
	return d->flags & DOOR_CORE ? DOOR_SHIFT : 0;
}

#define RING_ENTRIES 256

/* A crossing as the per-CPU ring remembers it. */
struct ring_entry {
	u16 gate, caller_ss;
	u16 callee_cs, zero;
};

struct ring {
	u8 head; /* the next entry to be written */
	u8 zero[15];
	struct ring_entry entries[RING_ENTRIES];
};

#endif
