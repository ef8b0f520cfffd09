/*
 * The organization `flat`: domains that run in the core's segments, at level
 * 0, on the kernel stack of who calls them. A build of its own (FLAT_BUILD) has
 * all domains so, and the others have none. What gatec's lines become there is
 * gates/flat.inc.
 */
#ifndef KERNEL_FLAT_H
#define KERNEL_FLAT_H

#include "kernel/domain.h"
#include "kernel/thread.h"
#include "seg/gdt.h"

/* Stands in a domain's image for its door; domain.ld has it too. */
#define FLAT_DOOR 0x40000000u

/*
 * Make the addresses in a new window linear, and those by which the core will
 * call it: its image was linked from offset 0 on. -E_FORM if its file does not
 * say where they are.
 */
i32 flat_relocate(struct generation *g);

/* What a slot of an importer leads to: the gate with that GDT slot. */
u32 flat_target(u32 slot);

/* Fill g's slots for what its thunks ask of the core. */
void flat_doors_fill(struct generation *g);

/* Who asks the core in t, in an up call; NULL: nobody did. */
static inline struct generation *flat_caller(const struct thread *t)
{
	const struct door *d = *(struct door **)(t->stack + STACK_CALLER);

	return d ? generation_at((u32)(d - doors)) : 0;
}

/* May t be on its way back to code of g? World stopped. */
int flat_inside(const struct thread *t, const struct generation *g);

/* The flat generation whose text holds that linear address; or NULL. */
struct generation *flat_at(u32 linear);

#endif
