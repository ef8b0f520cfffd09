/* Commands of the prompt that only look. */
#include "core_gates.h"
#include "gates/check.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/irq.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/prompt.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"
#include "seg/gdt.h"
#include "seg/probe.h"

static u32 calls_of(const struct domain *d)
{
	return d->calls_before + (d->now ? d->now->door->calls : 0);
}

static i32 run_domains(const struct words *w)
{
	(void)w;
	say("%-12s%-11s%5s%8s%9s%9s%11s%8s\n", "domain", "state", "gen",
	    "faults", "restarts", "calls", "window", "KiB");
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		const struct domain *d = LIST_OF(l, struct domain, list);

		say("%-12s%-11s%5u%8u%9u%9u   %08x%8u\n", d->name,
		    domain_state_name(d), d->generations, d->faults,
		    d->restarts, calls_of(d), d->now ? d->now->base : 0,
		    d->now ? generation_memory(d->now) / 1024 : 0);
	}
	return 0;
}

static void show_segment(const char *what, u32 selector)
{
	struct descriptor_view v =
		descriptor_read(gdt_get(cpu_current(), selector >> 3));

	say("  %-14s %04x  base %08x  limit %08x  level %u  %s\n", what,
	    selector, v.base, v.limit, v.level,
	    v.present ? descriptor_kind_name(v) : "absent");
}

static void show_gates(const struct domain *d)
{
	for (u32 i = 0; i < d->image.manifest->entry_count; i++) {
		u32 slot = d->first_gate + i;
		struct descriptor_view v =
			descriptor_read(gdt_get(cpu_current(), slot));

		say("  gate %-18s %04x  to %04x:%08x\n",
		    gate_functions[d->image.entries[i].id].name,
		    GATE_SELECTOR(slot), v.selector, v.offset);
	}
}

static i32 run_segments(const struct words *w)
{
	for (struct list *l = domains.next; l != &domains; l = l->next) {
		const struct domain *d = LIST_OF(l, struct domain, list);
		u32 code;

		if (!d->now ||
		    (w->count > 1 && !text_equal(w->word[1], d->name)))
			continue;
		code = SEL_DOMAINS + d->now->pair * SEL_PAIR;
		say("%s, generation %u\n", d->name, d->now->number);
		show_segment("code", code);
		show_segment("data", code + 8);
		if (w->count > 1)
			show_gates(d);
	}
	return 0;
}

static void show_thread(struct thread *t, void *argument)
{
	static const char *const states[] = { "ready", "running", "waiting",
					      "ended" };
	struct record *r = record_top(t);
	struct generation *g = r ? generation_of(r->cs) : 0;

	(void)argument;
	say("%4u  %-18s%-9sCPU %u  stack %4u of %u  depth %u%s%s\n", t->number,
	    t->name, states[t->state], t->cpu->number, thread_stack_used(t),
	    THREAD_STACK, t->crossing->top / LEND_SLOT, g ? "  in " : "",
	    g ? g->domain->name : "");
}

static i32 run_threads(const struct words *w)
{
	(void)w;
	say("%u threads\n", thread_count());
	thread_each(show_thread, 0);
	return 0;
}

static i32 run_memory(const struct words *w)
{
	(void)w;
	say("%u KiB free of %u KiB; %u descriptors present; %u lock order "
	    "pairs seen\n",
	    frame_free_count() * 4, frame_total() * 4, gdt_present_count(),
	    lock_order_pairs());
	return 0;
}

static i32 run_crossings(const struct words *w)
{
	u32 count = w->count > 1 ? (u32)word_number(w->word[1]) : 16;

	for (u32 n = 0; n < cpu_count; n++) {
		const struct ring *ring = cpus[n].ring;

		say("CPU %u, latest first\n", n);
		for (u32 i = 0; i < count && i < RING_ENTRIES - 1; i++) {
			const struct ring_entry *e =
				&ring->entries[(u8)(ring->head - 1 - i)];
			struct generation *from_g = generation_of(e->caller_ss);
			struct generation *to = generation_of(e->callee_cs);

			if (!e->gate)
				break;
			say("  %s -> %s of %s\n",
			    from_g ? from_g->domain->name : "core",
			    e->gate <= gate_function_count ?
				    gate_functions[e->gate].name :
				    "?",
			    to ? to->domain->name : "a domain now gone");
		}
	}
	return 0;
}

static i32 run_machine(const struct words *w)
{
	u32 rest;

	(void)w;
	say("up %u ms, %u CPUs, %u faults\n",
	    (u32)wide_divide(tsc_now(), 1000000, &rest), cpu_count,
	    fault_count());
	for (u32 i = 0; i < cpu_count; i++)
		say("  CPU %u: APIC id %u, %u interrupts, runs %s\n", i,
		    cpus[i].apic_id, cpus[i].interrupts, cpus[i].running->name);
	for (u32 line = 0; line < 24; line++)
		if (irq_count(line))
			say("  line %u: %u interrupts\n", line,
			    irq_count(line));
	probe_say(say);
	return 0;
}

static i32 run_check(const struct words *w)
{
	const char *broken = invariants_check();

	(void)w;
	say("invariants: %s\n", broken ? broken : "hold");
	return broken ? -E_FORM : 0;
}

static i32 run_fault(const struct words *w)
{
	const struct fault_summary *f = &fault_last;

	(void)w;
	say("%u faults; the last: domain=%s vector=%u error=%04x address=%08x "
	    "missed=%u rule=\"%s\"\n",
	    fault_count(), f->domain, f->vector, f->error, f->address,
	    f->missed, f->rule);
	return 0;
}

const struct command commands_looking[] = {
	{ "domains", "", "every domain: state, faults, calls, memory",
	  run_domains },
	{ "segments", "[NAME]", "their segments; of one, its gates too",
	  run_segments },
	{ "threads", "", "every thread, its stack and where it is",
	  run_threads },
	{ "memory", "", "frames and descriptors in use", run_memory },
	{ "crossings", "[N]", "the last N crossings of each CPU",
	  run_crossings },
	{ "machine", "", "CPUs, interrupts, and what this CPU enforces",
	  run_machine },
	{ "check", "", "check every invariant of the descriptors", run_check },
	{ "fault", "", "the last fault in one line", run_fault },
	{ 0 },
};
