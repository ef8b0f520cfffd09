/*
 * The end of a generation: found out by an exception, by the watchdog or by
 * the core's own checks. Its descriptors go absent, its gates answer -E_GONE,
 * threads inside are marked for the unwinder. The domain's own thread starts
 * the next generation, within the budget; the undertaker frees what is left.
 */
#include "kernel/fault.h"

#include "core_gates.h"
#include "gates/monitor.h"
#include "gates/unwind.h"
#include "kernel/bind.h"
#include "kernel/cpu.h"
#include "kernel/irq.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/page.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/report.h"
#include "kernel/rule.h"
#include "kernel/tsc.h"

#define BUDGET_TIME 10000000000ull /* ns */
#define RETRY_TIME  1000000ull

static u32 faults;
struct fault_summary fault_last = { .rule = "" };
static struct wait_queue undertaker_queue = { { &undertaker_queue.threads,
						&undertaker_queue.threads } };
static u32 undertaker_wanted;

u32 fault_count(void)
{
	return faults;
}

struct marking {
	struct generation *g;
	u32 count;
};

static void mark(struct thread *t, void *argument)
{
	struct marking *m = argument;

	m->count += (u32)unwind_inside(t, m->g);
	unwind_mark(t, m->g);
}

/* World stopped. Returns the number of threads that were inside. */
static u32 close_and_mark(struct generation *g)
{
	struct marking m = { .g = g };

	generation_close(g);
	domain_gates_close(g->domain);
	irq_silence(g->domain);
	busmaster_off(&g->domain->busmasters);
	scheduler_lock();
	thread_each(mark, &m);
	monitor_close(g);
	wake_all(&g->domain->event_waiters);
	wake_all(&g->domain->changed);
	scheduler_unlock();
	return m.count;
}

void generation_end(struct generation *g)
{
	world_stop();
	close_and_mark(g);
	world_start();
	imports_changed();
}

/* Has the domain faulted more often than its budget allows? */
static int over_budget(struct domain *d)
{
	u64 now = tsc_now();

	if (now - d->recent_from > BUDGET_TIME) {
		d->recent_from = now;
		d->recent = 0;
	}
	d->recent++;
	return options.budget && d->recent > options.budget;
}

static void summarize(const struct report *r)
{
	text_copy(fault_last.domain, sizeof(fault_last.domain),
		  r->g->domain->name);
	fault_last.rule = r->rule;
	fault_last.vector = r->frame ? r->frame->vector : VECTOR_DOOR;
	fault_last.error = r->frame ? r->frame->error : 0;
	fault_last.missed = r->finding ? r->finding->missed : 0;
	fault_last.address = 0;
	if (r->finding && r->finding->has_operand)
		fault_last.address = r->finding->operand.offset;
	else if (r->frame)
		fault_last.address = r->frame->eip;
}

static void charge(struct generation *g, struct frame *f, const char *rule,
		   const struct finding *finding)
{
	struct domain *d = g->domain;

	if (FLAT_BUILD)
		panic("flat domain %s: %s", d->name, rule);
	struct report r = {
		.g = g, .frame = f, .rule = rule, .finding = finding
	};

	report_remember(&r);
	world_stop();
	if (g->dead) {
		world_start();
		return;
	}
	r.unwound = close_and_mark(g);
	d->faults++;
	d->state = over_budget(d) ? DOMAIN_OFF : DOMAIN_DEAD;
	r.number = ++faults;
	summarize(&r);
	world_start();
	report_fault(&r);
	scheduler_lock();
	wake_all(&d->restart);
	scheduler_unlock();
}

void fault_charge(struct generation *g, struct frame *f, const char *rule)
{
	charge(g, f, rule, 0);
}

/*
 * A page fault on bytes that somebody else lent: a hole or a read-only page in
 * the lender's window. The lender is charged; the borrower goes on with a page
 * of zeros that dies with the lender's window.
 */
static int lent_hole(struct frame *f, const struct finding *finding,
		     struct generation *running)
{
	u32 linear = finding->linear & ~(PAGE - 1);
	struct generation *lender = generation_holding(linear);
	struct physical p;

	if (!lender || lender == running || !finding->has_operand ||
	    !(finding->operand.selector & 4))
		return 0;
	p = frame_take_zero_now();
	if (!frame_ok(p))
		return 0;
	world_stop(); /* and every TLB is flushed as it goes on */
	struct physical old = page_unmap(linear);
	page_map(linear, p, PAGE_WRITE | PAGE_GLOBAL);
	tlb_flush_local();
	world_start();
	if (frame_ok(old))
		frame_give(old, 0);
	charge(lender, f, RULE_LENT, finding);
	return 1;
}

void fault_domain(struct frame *f)
{
	struct generation *code = generation_of(f->cs);
	struct generation *stack = generation_of(f->ss);
	struct generation *g = stack && stack != code ? stack : code;
	struct finding finding;

	if (unwind_is_echo(f)) {
		unwind_fault(f);
		return;
	}
	if (!g)
		panic_trap(f);
	rule_find(f, g, &finding);
	if (f->vector == VECTOR_PAGE && lent_hole(f, &finding, g))
		return;
	charge(g, f, finding.rule, &finding);
	unwind(f);
}

/* A thread whose own time at the top of its records exceeds the watchdog. */
void fault_watch(struct frame *f)
{
	struct thread *t = thread_current();
	struct record *r = record_top(t);
	struct generation *g;

	if (frame_ring(f) == 0 || !r || !options.watchdog)
		return;
	g = generation_of(r->cs);
	if (!g || g->dead || ++r->ticks < options.watchdog)
		return;
	__asm__ volatile("sti");
	fault_charge(g, f, "a call comes back before the watchdog's time");
}

void undertaker_wake(void)
{
	scheduler_lock();
	undertaker_wanted = 1;
	wake_all(&undertaker_queue);
	scheduler_unlock();
}

/* Free dead generations that are empty; 1 if some must be tried again. */
static u32 bury(void)
{
	u32 again = 0;

	for (u32 pair = 0; pair < DOMAIN_PAIRS; pair++) {
		struct generation *g = generation_at(pair);

		if (g && g->dead && g->domain->now != g &&
		    generation_free(g) < 0)
			again = 1;
	}
	return again;
}

static void undertaker(void *argument)
{
	u32 again = 0;

	(void)argument;
	for (;;) {
		scheduler_lock();
		while (!undertaker_wanted && !again)
			wait_in(&undertaker_queue, WAIT_FOREVER);
		if (!undertaker_wanted)
			wait_in(&undertaker_queue, tsc_now() + RETRY_TIME);
		undertaker_wanted = 0;
		scheduler_unlock();
		again = bury();
	}
}

void undertaker_start(void)
{
	struct thread *t = thread_start("undertaker", RANK_HIGH, undertaker, 0);

	assert(t);
}
