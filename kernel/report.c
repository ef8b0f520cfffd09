/*
 * The fault report. It names the rule first, then what was done where, by how
 * much it missed, and on whose behalf. It depends on no domain and allocates
 * nothing.
 */
#include "kernel/report.h"

#include "core_gates.h"
#include "gates/unwind.h"
#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/options.h"
#include "kernel/page.h"
#include "kernel/print.h"
#include "kernel/symbol.h"
#include "kernel/window.h"

static struct mutex one_report = MUTEX(one_report, "report");

#define CHAIN_MOST 8
#define FRAMES	   4
#define PLACE	   96

static const char *const vector_names[] = {
	"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#09",
	"#TS", "#NP", "#SS", "#GP", "#PF", "#15", "#MF", "#AC", "#MC", "#XM",
};

static const char *vector_name(u32 vector)
{
	return vector < sizeof(vector_names) / sizeof(*vector_names) ?
		       vector_names[vector] :
		       "none";
}

void report_place(char *buffer, u32 size, const struct domain *d, u32 offset)
{
	const char *name, *file;
	u32 distance, line;
	char where[64] = "";

	if (line_find(d->file, d->file_size, offset, &file, &line) == 0)
		print_to(where, sizeof(where), " (%s:%u)", file, line);
	if (symbol_find(d->file, d->file_size, offset, &name, &distance) == 0)
		print_to(buffer, size, "%s+0x%x%s", name, distance, where);
	else
		print_to(buffer, size, "no symbol%s", where);
}

static void what_line(const struct report *r)
{
	const struct finding *s = r->finding;
	const struct decode_memory *m = &s->operand;

	if (!s->has_operand) {
		if (s->missed)
			report("what     %u byte%s beyond the end of the text\n",
			       s->missed, s->missed == 1 ? "" : "s");
		if (r->frame->vector == VECTOR_PAGE)
			report("what     linear address %08x, which is %s\n",
			       s->linear,
			       r->frame->error & 1 ? "protected" : "absent");
		return;
	}
	report("what     %s of %u byte%s at %s:%08x%s\n",
	       m->writes ? "write" : "read", m->size, m->size == 1 ? "" : "s",
	       decode_segment_name(m->segment), m->offset,
	       m->stack ? ", by way of the stack pointer" : "");
	if (s->missed)
		report("missed   the limit by %u byte%s\n", s->missed,
		       s->missed == 1 ? "" : "s");
	report("segment  %s = %04x: %s, base %08x, limit %08x, level %u%s\n",
	       decode_segment_name(m->segment), m->selector,
	       s->segment.present ? descriptor_kind_name(s->segment) : "absent",
	       s->segment.base, s->segment.limit, s->segment.level,
	       m->selector & 4 ? ", a lend" : "");
	if (r->frame->vector == VECTOR_PAGE)
		report("page     linear %08x is %s\n", s->linear,
		       r->frame->error & 1 ? "read-only" : "not mapped");
}

static void registers(const struct frame *f)
{
	report("eax %08x  ebx %08x  ecx %08x  edx %08x  eflags %08x\n", f->eax,
	       f->ebx, f->ecx, f->edx, f->eflags);
	report("esi %08x  edi %08x  ebp %08x  esp %08x  eip    %08x\n", f->esi,
	       f->edi, f->ebp, f->esp, f->eip);
	report("cs %04x  ss %04x  ds %04x  es %04x  fs %04x  gs %04x\n",
	       f->cs & 0xFFFF, f->ss & 0xFFFF, f->ds & 0xFFFF, f->es & 0xFFFF,
	       f->fs & 0xFFFF, f->gs & 0xFFFF);
}

/* The C frames of the innermost activation. */
static void frames(const struct report *r)
{
	const struct frame *f = r->frame;
	u32 ebp = f->ebp;

	for (u32 i = 0; i < FRAMES; i++) {
		u32 pair[2];
		char place[PLACE];

		if (ebp < PAGE || ebp >= r->g->size - 8 ||
		    window_read(r->g, ebp, pair, 8) != 8 || !pair[1] ||
		    pair[1] >= r->g->domain->image.text_end)
			return;
		report_place(place, sizeof(place), r->g->domain, pair[1] - 1);
		report("         called from %s\n", place);
		ebp = pair[0];
	}
}

static const char *gate_name(u32 gate)
{
	return gate <= gate_function_count ? gate_functions[gate].name :
					     "an unknown gate";
}

/* The crossings that led here, outermost first. */
static void chain(void)
{
	struct thread *t = thread_current();
	u32 depth = t->crossing->top / LEND_SLOT;
	u32 first = depth > CHAIN_MOST ? depth - CHAIN_MOST : 0;

	report("thread   %u, %s\n", t->number, t->name);
	for (u32 i = first; i < depth; i++) {
		const struct record *c = &t->crossing->records[i];
		struct generation *callee = generation_of(c->cs);
		struct generation *caller = generation_of(c->ss);
		u32 far = 0;
		char place[PLACE] = "";

		if (caller && window_read(caller, c->esp, &far, 4) == 4)
			report_place(place, sizeof(place), caller->domain,
				     far - 1);
		report("calls    %s -> %s of %s%s%s\n",
		       caller ? caller->domain->name : "core",
		       gate_name(c->gate),
		       callee ? callee->domain->name : "a domain that is gone",
		       place[0] ? ", from " : "", place);
	}
	if (t->up_gate)
		report("calls    -> %s of core\n", gate_name(t->up_gate));
}

void report_remember(struct report *r)
{
	const struct ring *ring = cpu_current()->ring;

	for (u32 i = 0; i < REPORT_LATELY; i++)
		r->lately[i] = ring->entries[(u8)(ring->head - 1 - i)];
}

static void lately(const struct report *r)
{
	for (u32 i = 0; i < REPORT_LATELY; i++) {
		const struct ring_entry *e = &r->lately[i];
		struct generation *caller = generation_of(e->caller_ss);
		struct generation *callee = generation_of(e->callee_cs);

		if (!e->gate)
			return;
		report("lately   %s -> %s of %s\n",
		       caller ? caller->domain->name : "core",
		       gate_name(e->gate),
		       callee ? callee->domain->name : "a domain now gone");
	}
}

static void brief(const struct report *r)
{
	u32 eip = r->frame ? r->frame->eip : 0;

	print("fault %u: %s, generation %u: %s (%s, offset %08x)\n", r->number,
	      r->g->domain->name, r->g->number, r->rule,
	      vector_name(r->frame ? r->frame->vector : VECTOR_DOOR), eip);
}

static void place_lines(const struct report *r)
{
	const struct frame *f = r->frame;
	struct generation *in = generation_of(f->cs);
	char place[PLACE] = "outside every domain";

	if (in)
		report_place(place, sizeof(place), in->domain, f->eip);
	report("where    %s%s%s\n", place, in && in != r->g ? " in " : "",
	       in && in != r->g ? in->domain->name : "");
	if (r->finding && r->finding->decoded)
		report("code     %s\n", r->finding->code.text);
	if (r->finding)
		what_line(r);
	if (f->vector < 32)
		report("vector   %u (%s), error code %04x\n", f->vector,
		       vector_name(f->vector), f->error);
}

static void full(const struct report *r)
{
	const struct domain *d = r->g->domain;

	report("\n==== fault %u: domain %s, generation %u, CPU %u ====\n",
	       r->number, d->name, r->g->number, cpu_current()->number);
	report("rule     %s\n", r->rule);
	if (r->frame)
		place_lines(r);
	chain();
	if (r->frame) {
		frames(r);
		registers(r->frame);
	}
	lately(r);
	report("window   %08x-%08x, %u calls so far, %u faults before\n",
	       r->g->base, r->g->base + r->g->size - 1, r->g->door->calls,
	       d->faults - 1);
	report("action   stopped, %u thread%s sent back; %s\n", r->unwound,
	       r->unwound == 1 ? "" : "s",
	       d->state == DOMAIN_OFF ? "too many faults: off until `start`" :
					"restarting");
	report("====\n");
}

void report_fault(const struct report *r)
{
	mutex_lock(&one_report);
	if (options.brief_reports)
		brief(r);
	else
		full(r);
	mutex_unlock(&one_report);
}
