/* Aims of attacks: canaries in the core and in the neighbour, selectors. */
#include "tests/core/attack_aims.h"

#include "core.h"
#include "core_gates.h"
#include "kernel/bind.h"
#include "kernel/cpu.h"
#include "kernel/imports.h"
#include "kernel/memory.h"
#include "kernel/window.h"
#include "seg/gdt.h"
#include "tests/core/trials.h"

#define CANARY	0xC0DEC0DEu
#define SEED	0x9E3779B9u /* the first word that the neighbour keeps */
#define FAR_RET 0xCBu

static volatile u32 canary[2] = { CANARY, ~CANARY };
static volatile u32 bait[2] = { 0x1000, 0x124 }; /* as a pair: 292 bytes */

i32 company_bind(struct company *c)
{
	i32 error = trial_bind(&c->neighbour, "neighbour", "neighbour");

	if (error >= 0)
		error = trial_bind(&c->attack, "attack", "intruder");
	if (error >= 0)
		error = trial_bind(&c->lending, "lending", "lender");
	if (error >= 0)
		error = trial_bind(&c->hello, "text", "hello");
	return error;
}

void company_part(struct company *c)
{
	import_unbind(&c->neighbour);
	import_unbind(&c->attack);
	import_unbind(&c->lending);
	import_unbind(&c->hello);
}

const char *canary_changed(const struct company *c)
{
	const char *what = 0;

	if (canary[0] != CANARY || canary[1] != ~CANARY)
		what = "wrote to the core";
	if (down_neighbour_intact(&c->neighbour) < 0) {
		what = "wrote to the neighbour";
		domain_restart(domain_find("neighbour"));
	}
	canary[0] = CANARY;
	canary[1] = ~CANARY;
	return what;
}

static u32 far_return_in(const struct generation *g)
{
	u8 byte;

	for (u32 at = 4096; at < g->domain->image.text_end; at++)
		if (window_read(g, at, &byte, 1) == 1 && byte == FAR_RET)
			return at;
	return 0;
}

struct aim aim_take(const struct company *c, const struct trick *t)
{
	struct generation *g = domain_find("neighbour")->now;
	struct generation *own = domain_find("intruder")->now;
	u32 inside = (u32)down_neighbour_intact(&c->neighbour);
	struct aim a = { .word = CANARY };

	if (!(own->door->flags & DOOR_SERVER))
		a.base = own->base;
	if (t->target == TARGET_CORE)
		a.at = (u32)canary;
	if (t->target == TARGET_NEIGHBOUR)
		a.at = g->base + inside;
	if (t->target == TARGET_INSIDE)
		a.at = inside;
	if (t->target == TARGET_NEIGHBOUR || t->target == TARGET_INSIDE)
		a.word = SEED;
	if (t->target == TARGET_RETURN)
		a.at = far_return_in(g);
	if (t->target == TARGET_BAIT) {
		a.at = (u32)bait;
		a.word = bait[1];
	}
	return a;
}

/* Is this gate one of those of an import of the intruder's? */
static int is_of_import(u32 slot, const struct manifest_import *m)
{
	const struct domain *neighbour = domain_find("neighbour");
	i32 entry = export_find(neighbour, m->gate, m->hash);

	for (u32 i = 0; i < core_export_count; i++)
		if (text_equal(core_exports[i].gate, m->gate) &&
		    slot - first_core_gate - core_exports[i].first_entry <
			    m->functions)
			return 1;
	return entry >= 0 &&
	       slot - neighbour->first_gate - (u32)entry < m->functions;
}

/* May the intruder call it? Everybody may call some of the core's doors. */
static int gate_is_its(const struct company *c, u32 slot)
{
	const struct image *image = &c->attack.domain->image;

	for (u32 n = 0; n < image->manifest->import_count; n++)
		if (is_of_import(slot, &image->imports[n]))
			return 1;
	return (slot >= SLOT_DOWN_RETURN && slot < SLOT_MONITOR_ENTER) ||
	       slot == SLOT_REVIVE;
}

int call_is_its(const struct company *c, const struct trick *t, u32 number)
{
	return text_equal(t->plan, "call-there") && !(number & 4) &&
	       gate_is_its(c, number >> 3);
}

/* The gates of its imports, and the doors of all. */
static u32 imported_count(const struct company *c)
{
	const struct image *i = &c->attack.domain->image;
	u32 count = 5;

	for (u32 n = 0; n < i->manifest->import_count; n++)
		count += (u32)i->imports[n].slots * i->imports[n].functions;
	return count;
}

static u32 gate_of_other(void)
{
	const struct domain *hello = domain_find("hello");

	return GATE_SELECTOR(hello->first_gate);
}

u32 argument_take(const struct company *c, const struct trick *t, u32 number)
{
	u32 pair = domain_find("neighbour")->now->pair;

	switch (t->argument) {
	case ARGUMENT_DATA:
		return SEL_DOMAINS + pair * SEL_PAIR + 8;
	case ARGUMENT_CODE:
		return SEL_DOMAINS + pair * SEL_PAIR;
	case ARGUMENT_GATE:
		return gate_of_other();
	case ARGUMENT_IMPORTED:
		return imported_count(c);
	case ARGUMENT_PRESENT:
	case ARGUMENT_GATES:
		return number * 8 + 1;
	default:
		return number;
	}
}

u32 slot_after(const struct company *c, const struct trick *t, u32 slot)
{
	u32 own = SLOT_DOMAINS + 2 * domain_find("intruder")->now->pair;

	while (++slot < SLOT_END) {
		struct descriptor_view v =
			descriptor_read(gdt_get(cpu_current(), slot));

		if (!v.present || slot == own || slot == own + 1)
			continue;
		if (t->argument == ARGUMENT_PRESENT && slot < SLOT_GATES)
			return slot;
		if (t->argument == ARGUMENT_GATES && slot >= SLOT_GATES &&
		    !gate_is_its(c, slot))
			return slot;
	}
	return 0;
}
