/*
 * What an importer's slots lead to: a gate, for a far domain; a gate of its own
 * GDT, for a sealed one; a call by number, for a server.
 */
#include "kernel/imports.h"

#include "core_gates.h"
#include "gates/relay.h"
#include "kernel/cpu.h"
#include "kernel/flat.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/server.h"
#include "kernel/window.h"
#include "seg/gdt.h"

void relay_from_server(void);
void sealed_leave(void);
void door_revive(void);
void call_refused(void);

i32 export_find(const struct domain *d, const char *gate, u32 hash)
{
	for (u32 i = 0; i < d->image.manifest->export_count; i++)
		if (text_equal(d->image.exports[i].gate, gate) &&
		    d->image.exports[i].hash == hash)
			return d->image.exports[i].first_entry;
	return -E_NAME;
}

/* GDT slot of the first function of `gate`; 0 if nobody exports it. */
static u32 exporter_slot(const char *gate, u32 hash)
{
	for (u32 i = 0; i < core_export_count; i++)
		if (text_equal(core_exports[i].gate, gate) &&
		    core_exports[i].hash == hash)
			return first_core_gate + core_exports[i].first_entry;
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		struct domain *d = LIST_OF(l, struct domain, list);
		i32 entry = export_find(d, gate, hash);

		if (entry >= 0)
			return d->first_gate + (u32)entry;
	}
	return 0;
}

u32 gate_buffers(const char *gate, u32 function)
{
	u32 n = text_length(gate);

	for (u32 id = 1; id <= gate_function_count; id++) {
		const char *name = gate_functions[id].name;

		if (memcmp(name, gate, n) == 0 && name[n] == '.' &&
		    id + function <= gate_function_count)
			return buffer_count(
				gate_functions[id + function].buffer);
	}
	return 0;
}

/* The gate that stands behind a selector for a sealed importer. */
static struct descriptor sealed_gate(u32 slot)
{
	u32 entry = slot - first_core_gate;
	struct descriptor d;

	if (slot < SLOT_FREE_GATES)
		return gdt_get(cpu_current(), slot);
	if (entry >= core_entry_count)
		return relay_gate(slot, CALLER_SEALED);
	descriptor_gate(SEL_CORE_CODE, (u32)core_entries[entry].sealed, 1, &d);
	return d;
}

/* Before its imports: what a sealed domain may always call. */
static void sealed_fill(struct generation *g)
{
	static const u16 doors_of_all[] = { SLOT_GONE, SLOT_GONE + 1,
					    SLOT_GONE + 2, SLOT_REVIVE };
	struct descriptor leave;
	i32 error =
		descriptor_gate(SEL_CORE_CODE, (u32)sealed_leave, 1, &leave);

	assert(error == 0);
	sealed_gates_clear(g);
	sealed_gate_set(g, SLOT_DOWN_RETURN, leave);
	for (u32 i = 0; i < sizeof(doors_of_all) / sizeof(*doors_of_all); i++)
		sealed_gate_set(g, doors_of_all[i],
				gdt_get(cpu_current(), doors_of_all[i]));
}

/* What a server's call does to reach a gate's slot. */
static struct server_call server_call_of(u32 slot)
{
	u32 entry = slot - first_core_gate;

	if (slot < SLOT_FREE_GATES)
		return (struct server_call){ gone_doors[slot - SLOT_GONE], 0 };
	if (entry < core_entry_count)
		return (struct server_call){ core_entries[entry].guarded, 0 };
	return (struct server_call){ relay_from_server,
				     &relays[slot - SLOT_GATES] };
}

static void server_fill(struct generation *g)
{
	static const struct server_call all[SERVER_CALL_IMPORTS] = {
		[SERVER_CALL_NONE] = { call_refused, 0 },
		[SERVER_CALL_RETURN] = { call_refused, 0 }, /* never */
		[SERVER_CALL_REVIVE] = { door_revive, 0 },
	};
	static const u32 numbers[MANIFEST_DOORS] = {
		[MANIFEST_DOOR_RETURN] = SERVER_CALL_RETURN,
		[MANIFEST_DOOR_REVIVE] = SERVER_CALL_REVIVE,
	};
	struct far_slot far[SERVER_CALL_IMPORTS];

	server_calls_clear(g);
	for (u32 i = 0; i < SERVER_CALL_IMPORTS; i++)
		server_call_add(g, all[i], &far[i]);
	for (u32 i = 0; i < MANIFEST_DOORS; i++)
		window_write(
			g, g->domain->image.manifest->doors + i * sizeof(*far),
			&far[numbers[i]], sizeof(*far));
}

/* The door of who is not there, which takes as many buffers off the stack. */
static u32 gone_slot(const struct manifest_import *m, u32 i)
{
	return SLOT_GONE + gate_buffers(m->gate, i % m->functions);
}

/* The far address in slot i of an import, whose exporter begins at `first`. */
static struct far_slot
slot_of(struct generation *g, const struct manifest_import *m, u32 first, u32 i)
{
	int there = first && i < m->functions;
	u32 slot = there ? first + i : gone_slot(m, i);
	struct far_slot out;

	if (g->organization == ORGANIZATION_FLAT)
		return (struct far_slot){ .offset = flat_target(slot) };
	if (g->door->flags & DOOR_SERVER &&
	    server_call_add(g, server_call_of(slot), &out) == 0)
		return out;
	if (g->organization == ORGANIZATION_SEALED && there &&
	    sealed_gate_set(g, slot, sealed_gate(slot)) < 0)
		slot = gone_slot(m, i);
	return (struct far_slot){ .selector = (u16)GATE_SELECTOR(slot) };
}

/*
 * Slot 0 leads to the exporter; further slots of an array stay empty until
 * somebody fills them. Empty ones answer -E_GONE for any number of buffers,
 * as the function's own kinds say.
 */
void imports_fill(struct generation *g)
{
	const struct image *image = &g->domain->image;

	if (g->organization == ORGANIZATION_SEALED)
		sealed_fill(g);
	if (g->door->flags & DOOR_SERVER)
		server_fill(g);
	if (g->organization == ORGANIZATION_FLAT)
		flat_doors_fill(g);
	for (u32 n = 0; n < image->manifest->import_count; n++) {
		const struct manifest_import *m = &image->imports[n];
		u32 first = exporter_slot(m->gate, m->hash);

		for (u32 i = 0; i < (u32)m->slots * m->functions; i++) {
			struct far_slot s = slot_of(g, m, first, i);

			window_write(g, m->table + i * sizeof(s), &s,
				     sizeof(s));
		}
	}
}

struct domain *exporter_behind(const struct generation *g, u32 offset)
{
	const struct image *image = &g->domain->image;

	for (u32 n = 0; n < image->manifest->import_count; n++) {
		const struct manifest_import *m = &image->imports[n];
		u32 i = (offset - m->table) / sizeof(struct far_slot);
		u32 first = exporter_slot(m->gate, m->hash);

		if (offset < m->table || i >= m->functions)
			continue;
		for (struct list *l = domains.next; l != &domains;
		     l = l->next) {
			struct domain *d = LIST_OF(l, struct domain, list);

			if (first - d->first_gate <
			    d->image.manifest->entry_count)
				return d;
		}
	}
	return 0;
}
