/*
 * Bindings. An importer's slots hold selectors of gates; the gates' own
 * descriptors lead into the exporter's living generation, or to the core's
 * answer -E_GONE while there is none.
 */
#include "kernel/bind.h"

#include "core_gates.h"
#include "gates/relay.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/imports.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/trap.h"
#include "kernel/vfs/notice.h"
#include "kernel/window.h"
#include "seg/gdt.h"

void door_down_return(void);
void door_gone_0(void);
void door_gone_1(void);
void door_gone_2(void);
void door_monitor_enter(void);
void door_monitor_wake(void);
void door_stack_take(void);
void door_lend_build(void);
void door_revive(void);
void door_waits_begin(void);
void door_waits_end(void);
void door_check(void);

u32 first_core_gate;

static struct descriptor core_gate(void (*entry)(void))
{
	struct descriptor d;
	i32 error = descriptor_gate(SEL_CORE_CODE, (u32)entry, 1, &d);

	assert(error == 0);
	return d;
}

void bind_init(void)
{
	static void (*const core_doors[])(void) = {
		[SLOT_DOWN_RETURN - SLOT_GATES] = door_down_return,
		[SLOT_GONE - SLOT_GATES] = door_gone_0,
		[SLOT_GONE + 1 - SLOT_GATES] = door_gone_1,
		[SLOT_GONE + 2 - SLOT_GATES] = door_gone_2,
		[SLOT_MONITOR_ENTER - SLOT_GATES] = door_monitor_enter,
		[SLOT_MONITOR_WAKE - SLOT_GATES] = door_monitor_wake,
		[SLOT_STACK_TAKE - SLOT_GATES] = door_stack_take,
		[SLOT_LEND_BUILD - SLOT_GATES] = door_lend_build,
		[SLOT_REVIVE - SLOT_GATES] = door_revive,
		[SLOT_WAITS_BEGIN - SLOT_GATES] = door_waits_begin,
		[SLOT_WAITS_END - SLOT_GATES] = door_waits_end,
		[SLOT_CHECK - SLOT_GATES] = door_check,
	};

	for (u32 i = 0; i < sizeof(core_doors) / sizeof(*core_doors); i++)
		gdt_set_shared(SLOT_GATES + i, core_gate(core_doors[i]));
	first_core_gate = gdt_gates_take(core_entry_count);
	for (u32 i = 0; i < core_entry_count; i++)
		gdt_set_shared(first_core_gate + i,
			       core_gate(core_entries[i].thunk));
}

void (*const gone_doors[3])(void) = { door_gone_0, door_gone_1, door_gone_2 };

static struct descriptor gone_gate(const u8 buffer[2])
{
	return core_gate(gone_doors[buffer_count(buffer)]);
}

void domain_gates_close(struct domain *d)
{
	for (u32 i = 0; i < d->image.manifest->entry_count; i++)
		gdt_set_shared(d->first_gate + i,
			       gone_gate(d->image.entries[i].buffer));
	relays_close(d);
	d->life.code = 0;
	for (struct list *l = d->imports.next; l != &d->imports; l = l->next)
		LIST_OF(l, struct import, list)->code = 0;
}

void bind_open(struct generation *g, struct import *to)
{
	to->code = SEL_DOMAINS + g->pair * SEL_PAIR;
}

static void refill(struct generation *g, void *argument)
{
	(void)argument;
	if (!g->dead && g->domain->now == g)
		imports_fill(g);
}

/* Nobody runs meanwhile who would find his own table half filled, or be freed
 * while it is. */
static void refill_all(void)
{
	world_stop();
	generation_each(refill, 0);
	world_start();
}

void imports_changed(void)
{
	if (!FLAT_BUILD)
		return;
	mutex_lock(&domain_mutex);
	refill_all();
	mutex_unlock(&domain_mutex);
}

void gates_open(struct generation *g)
{
	struct domain *d = g->domain;
	u16 code = (u16)(SEL_DOMAINS + g->pair * SEL_PAIR);

	world_stop();
	if (!g->dead) {
		notice_restarted(d);
		for (u32 i = 0; i < d->image.manifest->entry_count; i++) {
			struct descriptor gate;

			if (g->door->flags & DOOR_CORE)
				gdt_set_shared(d->first_gate + i,
					       relay_gate(d->first_gate + i,
							  CALLER_FAR));
			else if (descriptor_gate(code,
						 d->image.entries[i].across, 1,
						 &gate) == 0)
				gdt_set_shared(d->first_gate + i, gate);
		}
		relays_open(g);
		for (struct list *l = d->imports.next; l != &d->imports;
		     l = l->next)
			bind_open(g, LIST_OF(l, struct import, list));
		d->state = DOMAIN_RUNNING;
	}
	world_start();
	imports_changed();
	scheduler_lock();
	wake_all(&d->changed);
	scheduler_unlock();
}

/* Slots whose domain was unloaded: the next exporter of their gate has them. */
static struct list orphans = { &orphans, &orphans };

/* An empty slot of the core's leads nowhere, and sets nothing aside. */
static void import_empty(struct import *to)
{
	static const struct entry_point none[MANIFEST_ENTRIES];

	to->code = 0;
	to->domain = 0;
	to->entries = none;
}

static u32 need_hash(const char *gate)
{
	for (u32 i = 0; i < core_need_count; i++)
		if (text_equal(core_needs[i].gate, gate))
			return core_needs[i].hash;
	return 0;
}

static void import_attach(struct import *to, struct domain *d, const char *gate,
			  u32 first)
{
	text_copy(to->gate, sizeof(to->gate), gate);
	to->domain = d;
	to->entries = &d->entries[first];
	list_add_last(&d->imports, &to->list);
	if (d->now && d->state == DOMAIN_RUNNING)
		bind_open(d->now, to);
}

i32 import_bind(struct import *to, const char *gate, const char *domain)
{
	i32 error = -E_NAME;

	memory_fill(to, 0, sizeof(*to));
	import_empty(to);
	mutex_lock(&domain_mutex);
	for (struct list *l = domains.next; l != &domains && error;
	     l = l->next) {
		struct domain *d = LIST_OF(l, struct domain, list);
		i32 entry = export_find(d, gate, need_hash(gate));

		if (entry < 0 || (domain && !text_equal(d->name, domain)))
			continue;
		import_attach(to, d, gate, (u32)entry);
		error = 0;
	}
	mutex_unlock(&domain_mutex);
	return error;
}

static void adopt_orphans(struct domain *d)
{
	struct list *next;

	for (struct list *l = orphans.next; l != &orphans; l = next) {
		struct import *to = LIST_OF(l, struct import, list);
		i32 entry = export_find(d, to->gate, need_hash(to->gate));

		next = l->next;
		if (entry < 0)
			continue;
		list_remove(l);
		import_attach(to, d, to->gate, (u32)entry);
	}
}

void import_bind_life(struct domain *d)
{
	i32 entry = export_find(d, "life", core_needs[0].hash);

	d->life.domain = d;
	d->life.entries = entry < 0 ? 0 : &d->entries[entry];
	import_attach(&d->interrupts, d, "life", (u32)max(entry, 0));
	adopt_orphans(d);
	refill_all(); /* others may have waited for d's gates */
}

void bind_forget(struct domain *d)
{
	while (!list_empty(&d->imports)) {
		struct import *to =
			LIST_OF(d->imports.next, struct import, list);

		list_remove(&to->list);
		if (to == &d->interrupts)
			continue;
		import_empty(to);
		list_add_last(&orphans, &to->list);
	}
	refill_all();
}

/* The caller has counted itself among d's waiters, so that d is not freed. */
static i32 revive(struct domain *d)
{
	i32 result;

	scheduler_lock();
	while (d->state == DOMAIN_DEAD || d->state == DOMAIN_STARTING)
		if (wait_in(&d->changed, WAIT_FOREVER) == WAIT_INTERRUPTED)
			break;
	result = d->state == DOMAIN_RUNNING ? 0 : -E_GONE;
	scheduler_unlock();
	__atomic_sub_fetch(&d->waiters, 1, __ATOMIC_SEQ_CST);
	return result;
}

i32 import_revive(struct import *to)
{
	struct domain *d;

	mutex_lock(&domain_mutex);
	d = to->domain;
	if (d)
		__atomic_add_fetch(&d->waiters, 1, __ATOMIC_SEQ_CST);
	mutex_unlock(&domain_mutex);
	return d ? revive(d) : -E_GONE;
}

/*
 * The callee may be well and have answered -E_GONE itself, of somebody below
 * it. One more try tells: if the generation is then still the same, it did.
 */
static int answered_gone(const struct domain *d)
{
	struct thread *t = thread_current();

	if (t->revived == d && t->revived_generation == d->generations &&
	    d->state == DOMAIN_RUNNING) {
		t->revived = 0;
		return 1;
	}
	t->revived = d;
	t->revived_generation = d->generations;
	return 0;
}

/* A stub got -E_GONE through the slot in EAX and would call again. */
void gate_revive(struct frame *f);
void gate_revive(struct frame *f)
{
	struct generation *g = generation_top(thread_current());
	struct domain *found = 0;
	u32 offset = f->eax;

	f->eax = (u32)-E_GONE;
	mutex_lock(&domain_mutex);
	if (g)
		found = exporter_behind(g, offset);
	if (found && answered_gone(found))
		found = 0;
	if (found)
		__atomic_add_fetch(&found->waiters, 1, __ATOMIC_SEQ_CST);
	mutex_unlock(&domain_mutex);
	if (found)
		f->eax = (u32)revive(found);
}

void import_unbind(struct import *to)
{
	mutex_lock(&domain_mutex);
	to->code = 0;
	if (to->list.next)
		list_remove(&to->list);
	mutex_unlock(&domain_mutex);
}
