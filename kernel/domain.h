/*
 * Domains: their files, generations and life. A domain is what a file and its
 * manifest describe; a generation is one window with its own selectors, made
 * at each start and kept until the last thread has left it.
 */
#ifndef KERNEL_DOMAIN_H
#define KERNEL_DOMAIN_H

#include "gates/linkage.h"
#include "kernel/busmaster.h"
#include "kernel/frame.h"
#include "kernel/image.h"
#include "kernel/mutex.h"

struct volume; /* kernel/volume/volume.h */

enum domain_state {
	DOMAIN_LOADED, /* never started, or stopped in good order */
	DOMAIN_STARTING, /* its start gate is running */
	DOMAIN_RUNNING,
	DOMAIN_DEAD, /* faulted; a new generation is on its way */
	DOMAIN_OFF, /* faulted too often: stays down until told otherwise */
};

enum organization {
	ORGANIZATION_FAR, /* entered by whoever imports it, through a gate */
	ORGANIZATION_SEALED, /* by the core alone, with tables of its own */
	ORGANIZATION_IPC, /* by the core alone, as a process of ring 3 */
	ORGANIZATION_QUEUED, /* the same, by threads of its own */
	ORGANIZATION_FLAT, /* all of them, in the core's segments: FLAT_BUILD */
	ORGANIZATIONS,
};

struct generation {
	struct domain *domain;
	struct door *door;
	u32 number;
	u32 pair; /* its descriptors and door */
	u32 base, size; /* of the window, linear */
	u32 origin; /* what its own code calls offset 0: 0; flat: base */
	u32 heap, heap_end, heap_most; /* window offsets */
	u32 stacks, stack_bytes; /* offset of the first; usable bytes */
	u32 stack_count, stack_most;
	u32 kept, dma, mmio[MANIFEST_MMIOS]; /* window offsets; 0: none */
	u32 unmapped; /* frames on their way back: see window_unmap */
	u8 organization; /* enum organization */
	u8 dead;
	u8 empty; /* nothing is mapped any more */
};

/* An entry as the core's stubs find it. */
struct entry_point {
	u32 offset; /* of the down thunk: in the window; flat: linear */
	u32 pages; /* to set aside before calling */
};

/* A slot of the core's own: one gate of one domain. */
struct import {
	u32 code; /* selector of the generation that answers; 0: none */
	const struct entry_point *entries;
	struct domain *domain;
	char gate[MANIFEST_NAME_SIZE];
	struct list list; /* of the domain's */
};

struct domain {
	char name[MANIFEST_NAME_SIZE];
	const u8 *file;
	u32 file_size;
	u8 *file_owned; /* the same, if the domain must free it */
	struct image image;
	struct entry_point entries[MANIFEST_ENTRIES];
	struct generation *now;
	u8 state;
	u8 organization; /* enum organization: of its next generation */
	u32 generations; /* starts so far */
	u32 faults, restarts;
	u32 recent; /* faults in the budget's window */
	u64 recent_from; /* when that began */
	u32 first_gate; /* GDT slots of its entries */
	u32 calls_before; /* of earlier generations */
	u32 raised; /* events */
	struct wait_queue event_waiters;
	struct wait_queue changed; /* state changed */
	struct physical *kept, *committed; /* frames of kept memory */
	u32 kept_pages; /* of them there */
	u32 committing; /* threads at work on them in the core */
	struct physical dma;
	struct busmasters busmasters; /* devices to silence at death */
	u32 dma_order;
	struct import life;
	struct import interrupts; /* the same gate, open only while it runs */
	struct list imports; /* core imports bound here */
	struct list list;
	struct thread *restarter; /* starts the next generation after a fault */
	struct wait_queue restart; /* where it waits for one */
	u32 unloading;
	u32 waiters; /* threads that wait for its next generation */
	struct volume *volume; /* that this instance serves; NULL: none */
	u32 ports_refused; /* I/O on ports that it was not granted */
	struct mutex lifecycle; /* one start, stop, unload at a time */
};

extern struct list domains; /* in order of loading; guarded by domain_mutex */
extern struct mutex domain_mutex;

void domain_init(void);

/*
 * Load a file, checked here, as a domain: of that name, or (NULL) of the one
 * that it states. -E_FORM with `why` for a bad file; -E_NAME if the name is
 * taken; -E_BUSY if a grant overlaps another's.
 */
i32 domain_load(const u8 *file, u32 size, const char *name, struct domain **out,
		const char **why);

/* Begin a new generation and call its start gate. */
i32 domain_start(struct domain *d);

/* Call its stop gate, then take the generation down. */
i32 domain_stop(struct domain *d);

/* Stop if running, start again: at will, not because of a fault. */
i32 domain_restart(struct domain *d);

/* Forget a stopped domain. -E_BUSY while it runs. */
i32 domain_unload(struct domain *d);

/* By name; NULL if there is none. */
struct domain *domain_find(const char *name);

const char *domain_state_name(const struct domain *d);

/* By pair of descriptors; NULL: it is free. generation.c's alone to change. */
extern struct generation *generation_pairs[DOMAIN_PAIRS];

static inline struct generation *generation_at(u32 pair)
{
	return pair < DOMAIN_PAIRS ? generation_pairs[pair] : 0;
}

/* Generation behind a code or data selector; NULL if none. */
static inline struct generation *generation_of(u32 selector)
{
	if (selector & 4 || selector >> 3 < SLOT_DOMAINS)
		return 0;
	return generation_at(((selector >> 3) - SLOT_DOMAINS) / 2);
}

/* Generation in whose window a linear address lies; NULL if in none. */
struct generation *generation_holding(u32 linear);

/*
 * Bind a core import to the running exporter of `gate` (or the one called
 * `domain`). -E_NAME if nobody exports it; the slot then follows restarts.
 */
i32 import_bind(struct import *to, const char *gate, const char *domain);

/* Let go of a slot. */
void import_unbind(struct import *to);

/* After -E_GONE: wait for the next generation; -E_GONE if none will come. */
i32 import_revive(struct import *to);

/* Let d's gates answer -E_GONE. World stopped. */
void domain_gates_close(struct domain *d);

/* Called by fault.c: no call enters generation g from here on. */
void generation_close(struct generation *g);

/* Free a closed generation that no thread is inside. -E_BUSY otherwise. */
i32 generation_free(struct generation *g);

/* Which of a generation's stacks, from 0 on, has that number in records. */
u32 generation_stack_index(const struct generation *g, u32 number);

/* Map one more activation stack: its number, or -E_MEMORY. */
i32 generation_stack_add(struct generation *g);
u32 generation_stack_top(const struct generation *g, u32 number);

/* Bytes of memory a generation has: window, stacks, tables. */
u32 generation_memory(const struct generation *g);

/* Every generation, dead ones too. */
void generation_each(void (*visit)(struct generation *, void *), void *arg);

/* Debuggers break here: `base` is the window of `name`'s new generation. */
void domain_loaded_hook(const char *name, u32 base);

/* How long a started domain took, ns, from nothing to its start gate's end. */
u32 domain_start_time(const struct domain *d);

#endif
