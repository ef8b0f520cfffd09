/*
 * Domains and the descriptors that fence them. A generation is looked at with
 * the world held: it is freed only after the world has stopped once more.
 */
#include "kernel/inspect/inspect.h"

#include "core_gates.h"
#include "kernel/cpu.h"
#include "kernel/domain.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "seg/gdt.h"

static void fill_generation(const struct generation *g,
			    struct inspect_compartment *out)
{
	out->base = g->base;
	out->size = g->size;
	out->code = SEL_DOMAINS + g->pair * SEL_PAIR;
	out->data = out->code + 8;
	out->code_limit = g->domain->image.text_end - 1;
	out->memory = generation_memory(g) / 1024;
	out->calls += g->door->calls;
}

static void fill_domain(const struct domain *d, struct inspect_compartment *out)
{
	const struct generation *g;

	memory_fill(out, 0, sizeof(*out));
	text_copy((char *)out->name, sizeof(out->name), d->name);
	text_copy((char *)out->state, sizeof(out->state), domain_state_name(d));
	text_copy((char *)out->organization, sizeof(out->organization),
		  organization_name(d->organization));
	out->generation = d->generations;
	out->calls = d->calls_before;
	out->faults = d->faults;
	out->restarts = d->restarts;
	world_hold();
	g = d->now;
	if (g)
		fill_generation(g, out);
	world_release();
}

i32 up_inspect_compartment(u32 index, into struct inspect_compartment *found)
{
	struct inspect_compartment out;
	const struct domain *d = 0;

	mutex_lock(&domain_mutex);
	for (struct list *l = domains.next; l != &domains && !d; l = l->next)
		if (index-- == 0)
			d = LIST_OF(l, struct domain, list);
	if (d)
		fill_domain(d, &out);
	mutex_unlock(&domain_mutex);
	return d ? lend_give(found, &out, sizeof(out)) : -E_NAME;
}

/* ---- descriptors ---- */

/* Whose gate that is, and its name. domain_mutex held. */
static void fill_gate(u32 slot, struct inspect_segment *out)
{
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		const struct domain *d = LIST_OF(l, struct domain, list);
		u32 n = slot - d->first_gate;

		if (n >= d->image.manifest->entry_count)
			continue;
		text_copy((char *)out->owner, sizeof(out->owner), d->name);
		text_copy((char *)out->name, sizeof(out->name),
			  gate_functions[d->image.entries[n].id].name);
		return;
	}
}

static void fill_owner(u32 slot, struct inspect_segment *out)
{
	const struct generation *g;

	text_copy((char *)out->owner, sizeof(out->owner), "core");
	if (slot >= SLOT_FREE_GATES) {
		fill_gate(slot, out);
		return;
	}
	world_hold();
	g = generation_of(out->selector);
	if (g)
		text_copy((char *)out->owner, sizeof(out->owner),
			  g->domain->name);
	world_release();
}

static void fill_segment(u32 slot, struct descriptor_view v,
			 struct inspect_segment *out)
{
	int is_gate = v.system && v.type == TYPE_CALL_GATE;

	memory_fill(out, 0, sizeof(*out));
	out->selector = slot << 3 | v.level;
	out->level = v.level;
	out->base = is_gate ? v.offset : v.base;
	out->limit = is_gate ? 0 : v.limit;
	out->target = is_gate ? v.selector : 0;
	text_copy((char *)out->kind, sizeof(out->kind),
		  descriptor_kind_name(v));
	mutex_lock(&domain_mutex);
	fill_owner(slot, out);
	mutex_unlock(&domain_mutex);
}

i32 up_inspect_segment(u32 slot, into struct inspect_segment *found)
{
	struct inspect_segment out;
	struct descriptor_view v;

	for (; slot < SLOT_END; slot++) {
		v = descriptor_read(gdt_get(cpu_current(), slot));
		if (!v.present)
			continue;
		fill_segment(slot, v, &out);
		if (lend_give(found, &out, sizeof(out)) < 0)
			return -E_GONE;
		return (i32)slot;
	}
	return -E_NAME;
}
