/*
 * Domains: loading, starting, stopping, and the bindings between importers and
 * exporters. Gates keep their selectors through restarts; what changes is
 * where their descriptors lead.
 */
#include "kernel/domain.h"

#include "core_gates.h"
#include "gates/relay.h"
#include "gates/unwind.h"
#include "kernel/bind.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/generation.h"
#include "kernel/heap.h"
#include "kernel/imports.h"
#include "kernel/irq.h"
#include "kernel/kept.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/scan_domain.h"
#include "kernel/tsc.h"
#include "kernel/vfs/notice.h"
#include "kernel/window.h"
#include "core.h"
#include "seg/gdt.h"

struct list domains = { &domains, &domains };
struct mutex domain_mutex = MUTEX(domain_mutex, "domains");

const char *domain_state_name(const struct domain *d)
{
	static const char *const names[] = {
		[DOMAIN_LOADED] = "stopped",  [DOMAIN_STARTING] = "starting",
		[DOMAIN_RUNNING] = "running", [DOMAIN_DEAD] = "restarting",
		[DOMAIN_OFF] = "off",
	};

	return names[d->state];
}

struct domain *domain_find(const char *name)
{
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		struct domain *d = LIST_OF(l, struct domain, list);

		if (text_equal(d->name, name))
			return d;
	}
	return 0;
}

__attribute__((noinline)) void domain_loaded_hook(const char *name, u32 base)
{
	__asm__ volatile("" : : "r"(name), "r"(base));
}

static i32 domain_restarter_start(struct domain *d);

static void memory_free(struct domain *d)
{
	kept_free(d);
	if (frame_ok(d->dma))
		frame_give(d->dma, d->dma_order);
	if (d->first_gate)
		gdt_gates_give(d->first_gate, d->image.manifest->entry_count);
	heap_give(d->file_owned);
	heap_give(d);
}

/* Memory that outlives generations. */
static i32 memory_make(struct domain *d)
{
	const struct manifest *m = d->image.manifest;

	if (kept_make(d) < 0)
		return -E_MEMORY;
	if (m->dma) {
		while (PAGE << d->dma_order < m->dma)
			d->dma_order++;
		d->dma = frame_take_now(d->dma_order, m->dma_below);
		if (!frame_ok(d->dma))
			return -E_MEMORY;
	}
	return 0;
}

static int overlap(const struct manifest_port *a, u32 a_count,
		   const struct manifest_port *b, u32 b_count)
{
	for (u32 i = 0; i < a_count; i++)
		for (u32 j = 0; j < b_count; j++)
			if (a[i].first <= b[j].last && b[j].first <= a[i].last)
				return 1;
	return 0;
}

/* Two may name one device, whose ports they share then; but no device's ports
 * are those that another domain states. */
static int ports_overlap(const struct domain *a, const struct domain *b)
{
	const struct busmasters *at = &a->busmasters, *bt = &b->busmasters;
	u32 a_count = a->image.manifest->port_count;
	u32 b_count = b->image.manifest->port_count;

	return overlap(a->image.ports, a_count, b->image.ports, b_count) ||
	       overlap(a->image.ports, a_count, bt->ports, bt->port_count) ||
	       overlap(at->ports, at->port_count, b->image.ports, b_count);
}

static i32 admit(const struct domain *d, const char **why)
{
	if (d->image.manifest->system != gate_system_hash) {
		*why = "it was built with other .gate files than this kernel: "
		       "build both together";
		return -E_FORM;
	}
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		struct domain *other = LIST_OF(l, struct domain, list);

		if (text_equal(other->name, d->name)) {
			*why = "a domain of that name is loaded: unload it "
			       "first";
			return -E_NAME;
		}
		if (ports_overlap(d, other)) {
			*why = "its ports overlap those of another domain";
			return -E_BUSY;
		}
	}
	return 0;
}

static void entries_fill(struct domain *d)
{
	for (u32 i = 0; i < d->image.manifest->entry_count; i++) {
		d->entries[i].offset = d->image.entries[i].down;
		d->entries[i].pages =
			(d->image.entries[i].needs + PAGE - 1) / PAGE;
	}
}

i32 domain_load(const u8 *file, u32 size, const char *name, struct domain **out,
		const char **why)
{
	struct domain *d = heap_take_now(sizeof(*d));
	i32 error;

	*why = "there is no memory for it";
	if (!d)
		return -E_MEMORY;
	error = image_check(file, size, &d->image, why);
	if (error < 0) {
		heap_give(d);
		return error;
	}
	d->file = file;
	d->file_size = size;
	d->dma = FRAME_NONE;
	list_init(&d->imports);
	wait_queue_init(&d->event_waiters);
	wait_queue_init(&d->changed);
	wait_queue_init(&d->restart);
	static struct lock_class lifecycle = { .name = "lifecycle" };
	mutex_init(&d->lifecycle, &lifecycle);
	text_copy(d->name, sizeof(d->name),
		  name ? name : d->image.manifest->name);
	d->organization = options_organization(d->name);
	entries_fill(d);
	busmaster_find(&d->image, &d->busmasters);
	mutex_lock(&domain_mutex);
	error = admit(d, why);
	if (!error && d->organization == ORGANIZATION_SEALED) {
		*why = "its text holds what no compiler makes (scan=refuse)";
		error = scan_at_load(d);
	}
	if (!error) {
		*why = "there is no memory for it";
		error = memory_make(d);
	}
	if (!error) {
		d->first_gate = gdt_gates_take(d->image.manifest->entry_count);
		if (!d->first_gate || relays_make(d) < 0)
			error = -E_MEMORY;
	}
	if (!error)
		error = domain_restarter_start(d);
	if (!error) {
		domain_gates_close(d);
		list_add_last(&domains, &d->list);
		import_bind_life(d);
	}
	mutex_unlock(&domain_mutex);
	if (error < 0) {
		memory_free(d);
		return error;
	}
	*out = d;
	return 0;
}

static void state_set(struct domain *d, u8 state)
{
	scheduler_lock();
	d->state = state;
	wake_all(&d->changed);
	scheduler_unlock();
}

/* The old generation, once closed, belongs to the undertaker. */
static void detach(struct domain *d)
{
	d->now = 0;
	undertaker_wake();
}

static i32 start_locked(struct domain *d)
{
	struct generation *g;
	i32 error;

	detach(d);
	state_set(d, DOMAIN_STARTING);
	error = generation_make(d, &g);
	if (error < 0) {
		irq_detach(d); /* off: its lines are the other sharers' */
		state_set(d, DOMAIN_OFF);
		print("domain %s: no memory to start it\n", d->name);
		return error;
	}
	d->raised = 0;
	mutex_lock(&domain_mutex); /* no exporter comes or goes meanwhile */
	d->now = g;
	imports_fill(g);
	mutex_unlock(&domain_mutex);
	bind_open(g, &d->life);
	domain_loaded_hook(d->name, g->base);
	error = down_life_start(&d->life, g->number);
	if (error < 0) {
		if (!g->dead) {
			generation_end(g);
			print("domain %s: its start gate answered %d\n",
			      d->name, error);
			irq_detach(d);
			state_set(d, DOMAIN_OFF);
			detach(d);
		}
		return error;
	}
	gates_open(g);
	irq_attach(d);
	return 0;
}

i32 domain_start(struct domain *d)
{
	i32 error = 0;

	mutex_lock(&d->lifecycle);
	if (d->state == DOMAIN_OFF)
		d->recent = 0;
	if (d->state == DOMAIN_LOADED || d->state == DOMAIN_OFF)
		error = start_locked(d);
	mutex_unlock(&d->lifecycle);
	return error;
}

/* `state`: what it is then. Callers that would ask again wait for the next
 * generation if that is STARTING, and give up if it is LOADED. */
static void stop_locked(struct domain *d, u8 state)
{
	struct generation *g = d->now;

	down_life_stop(&d->life);
	if (g && !g->dead)
		generation_end(g);
	irq_detach(d);
	state_set(d, state);
	detach(d);
}

i32 domain_stop(struct domain *d)
{
	mutex_lock(&d->lifecycle);
	if (d->state == DOMAIN_RUNNING)
		stop_locked(d, DOMAIN_LOADED);
	mutex_unlock(&d->lifecycle);
	return 0;
}

i32 domain_restart(struct domain *d)
{
	i32 error;

	mutex_lock(&d->lifecycle);
	if (d->state == DOMAIN_RUNNING)
		stop_locked(d, DOMAIN_STARTING);
	d->recent = 0;
	error = start_locked(d);
	d->restarts++;
	mutex_unlock(&d->lifecycle);
	return error;
}

static int wants_restart(const struct domain *d)
{
	return d->state == DOMAIN_DEAD ||
	       (d->state == DOMAIN_OFF && d->now && d->now->dead);
}

/*
 * Starting may wait for another domain that is dead as well, and a restart
 * must not fail for want of memory: so each domain has a thread for it from
 * the beginning. A domain can die again while it starts: then its state is
 * DEAD once more, and the budget decides how often this is tried.
 */
static void restarter(void *argument)
{
	struct domain *d = argument;

	for (;;) {
		scheduler_lock();
		while (!wants_restart(d) && !d->unloading)
			wait_in(&d->restart, WAIT_FOREVER);
		scheduler_unlock();
		if (d->unloading)
			return;
		mutex_lock(&d->lifecycle);
		if (d->state == DOMAIN_DEAD) {
			d->restarts++;
			start_locked(d);
		} else if (wants_restart(d)) {
			irq_detach(d); /* its lines are the other sharers' */
			detach(d);
			notice_restarted(d);
		}
		mutex_unlock(&d->lifecycle);
	}
}

static i32 domain_restarter_start(struct domain *d)
{
	char name[20];

	print_to(name, sizeof(name), "restart %s", d->name);
	d->restarter = thread_start(name, RANK_HIGH, restarter, d);
	return d->restarter ? 0 : -E_MEMORY;
}

static void restarter_end(struct domain *d)
{
	scheduler_lock();
	d->unloading = 1;
	wake_all(&d->restart);
	scheduler_unlock();
	thread_join(d->restarter);
}

static int has_generations(const struct domain *d)
{
	for (u32 pair = 0; pair < DOMAIN_PAIRS; pair++) {
		struct generation *g = generation_at(pair);

		if (g && g->domain == d)
			return 1;
	}
	return 0;
}

i32 domain_unload(struct domain *d)
{
	mutex_lock(&d->lifecycle);
	u32 busy = d->state != DOMAIN_LOADED && d->state != DOMAIN_OFF;
	if (!busy) {
		irq_detach(d);
		d->now = 0;
	}
	mutex_unlock(&d->lifecycle);
	if (busy)
		return -E_BUSY;
	for (u32 tries = 0; has_generations(d); tries++) {
		if (tries > 1000)
			return -E_BUSY;
		undertaker_wake();
		thread_sleep(tsc_now() + 1000000);
	}
	mutex_lock(&domain_mutex);
	list_remove(&d->list);
	bind_forget(d);
	mutex_unlock(&domain_mutex);
	restarter_end(d);
	while (__atomic_load_n(&d->waiters, __ATOMIC_SEQ_CST))
		thread_sleep(tsc_now() + 1000000);
	memory_free(d);
	return 0;
}
