/*
 * Unwinding. A thread's linkage records say through which generations it
 * came; where one of them died, the call into it answers -E_GONE, and calls
 * that healthy domains are still doing on its behalf finish first: their
 * record's SS is emptied, so that the thunk's LSS faults and ends up here.
 * Nothing in a record or on a domain's stack is believed unchecked.
 */
#include "gates/unwind.h"

#include "core_gates.h"
#include "gates/monitor.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/window.h"

_Noreturn void core_resume_down(i32 result, u32 registers, u32 outer_esp0);

#define CLEAN_FLAGS 0x202u
#define PAIR_BYTES  8u
#define FAR_RETURN  "a caller's stack holds the return address of its call"
/* What a DOWN_STUB pushed before it lowered esp0: PUSHAD, at [esp0+4]. */
#define STUB_AT(t)    ((t)->esp0 + 4)
#define STUB_OUTER(t) (*(u32 *)(t)->esp0)

void record_drop(struct thread *t)
{
	u32 depth = t->crossing->top / LEND_SLOT - 1;

	t->crossing->lends[depth][0] = DESCRIPTOR_ABSENT;
	t->crossing->lends[depth][1] = DESCRIPTOR_ABSENT;
	t->crossing->records[depth].released = 0; /* thunks expect it so */
	t->crossing->top -= LEND_SLOT;
}

static u32 pair_bytes(u32 gate)
{
	u32 bytes = 0;

	if (gate > gate_function_count)
		return 0;
	for (u32 i = 0; i < 2; i++)
		if (gate_functions[gate].buffer[i] != BUFFER_NONE)
			bytes += PAIR_BYTES;
	return bytes;
}

/* The function whose thunk lies at `eip`: the last that starts before it. */
static u32 gate_at(const struct generation *g, u32 eip)
{
	const struct image *image = &g->domain->image;
	u32 best = 0, gate = 0;

	for (u32 i = 0; i < image->manifest->entry_count; i++)
		if (image->entries[i].across <= eip &&
		    image->entries[i].across >= best) {
			best = image->entries[i].across;
			gate = image->entries[i].id;
		}
	return gate;
}

/*
 * Make `f` return to the far address at SS:ESP, which must lie in the caller's
 * own text, with `result`. False if there is no such address.
 */
static int return_to(struct frame *f, const struct generation *caller, u32 esp,
		     u32 gate, i32 result)
{
	u32 code = SEL_DOMAINS + caller->pair * SEL_PAIR;
	u32 far[2];

	if (esp > caller->size - 64 ||
	    window_read(caller, esp, far, sizeof(far)) != sizeof(far))
		return 0;
	if ((far[1] & 0xFFFF) != code ||
	    far[0] >= caller->domain->image.text_end)
		return 0;
	f->eip = far[0];
	f->cs = code;
	f->esp = esp + sizeof(far) + pair_bytes(gate);
	f->ss = f->ds = f->es = code + 8;
	f->fs = f->gs = 0;
	f->eflags = CLEAN_FLAGS;
	f->eax = (u32)result;
	return 1;
}

/* The caller of a dead callee goes on, if it can. */
static int resume_caller(struct frame *f, const struct record *r)
{
	struct generation *caller = generation_of(r->ss);

	if (!caller || caller->dead)
		return 0;
	f->ebx = r->ebx;
	f->esi = r->esi;
	if (!return_to(f, caller, r->esp, r->gate, -E_GONE)) {
		fault_charge(caller, 0, FAR_RETURN);
		return 0;
	}
	return 1;
}

/* A death between LCALL and the record, or between the record and LRET. */
static int resume_from_thunk(struct frame *f, const struct generation *dead)
{
	struct generation *caller = generation_of(f->ss);

	if (!caller || caller->dead)
		return 0;
	return return_to(f, caller, f->esp, gate_at(dead, f->eip), -E_GONE);
}

static _Noreturn void resume_core(struct thread *t)
{
	assert(t->no_preempt == 0);
	record_drop(t);
	t->interrupted = 0;
	core_resume_down(-E_GONE, STUB_AT(t), STUB_OUTER(t));
}

/*
 * One step outward; true when `f` may be returned to. `faulted`: it may not as
 * it stands, because its caller is gone: the thunk of a healthy callee met the
 * caller's stack, or the record that was emptied. It holds nothing then.
 */
static int unwind_step(struct thread *t, struct frame *f, int faulted)
{
	struct record *r = record_top(t);
	struct generation *callee, *running = generation_of(f->cs);

	if (!r)
		return 1;
	callee = generation_of(r->cs);
	if (callee && !callee->dead && running && running->dead) {
		/* in a dead generation's thunk, with no record of it */
		if (resume_from_thunk(f, running))
			return 1;
		fault_charge(callee, 0, FAR_RETURN);
		return 0;
	}
	if (callee && !callee->dead && !faulted)
		return 1;
	if (r->ss == SEL_CORE_DATA)
		resume_core(t);
	struct record copy = *r;
	record_drop(t);
	if (!resume_caller(f, &copy))
		return 0;
	if (copy.released && monitor_take(generation_of(copy.ss)) < 0)
		return 0; /* the caller died while its monitor was busy */
	return 1;
}

static void unwind_as(struct frame *f, int faulted)
{
	struct thread *t = thread_current();

	__asm__ volatile("sti");
	do {
		t->pending = 0;
		t->interrupted = 0;
		while (!unwind_step(t, f, faulted))
			faulted = 0;
		faulted = 0;
	} while (t->pending);
}

void unwind(struct frame *f)
{
	unwind_as(f, 0);
}

void unwind_fault(struct frame *f)
{
	unwind_as(f, 1);
}

/*
 * While a thread is anywhere below a down call, what lies below esp0 is what
 * it entered the core with: SS at -4; CS at -16 of a trap, at -12 of a gate.
 */
static int entered_from(const struct thread *t, u32 code)
{
	const u32 *top = (const u32 *)t->esp0;

	return top[-1] == code + 8 || top[-4] == code || top[-3] == code;
}

int unwind_inside(const struct thread *t, const struct generation *g)
{
	u32 code = SEL_DOMAINS + g->pair * SEL_PAIR;
	u32 depth = t->crossing->top / LEND_SLOT;

	if (FLAT_BUILD)
		return flat_inside(t, g);
	if (!depth)
		return 0;
	for (u32 i = 0; i < depth; i++) {
		const struct record *r = &t->crossing->records[i];

		if (r->cs == code || r->ss == code + 8)
			return 1;
	}
	return entered_from(t, code);
}

void unwind_mark(struct thread *t, const struct generation *g)
{
	u32 code = SEL_DOMAINS + g->pair * SEL_PAIR;
	u32 depth = t->crossing->top / LEND_SLOT;

	if (FLAT_BUILD || !unwind_inside(t, g))
		return;
	t->pending = 1;
	for (u32 i = 0; i + 1 < depth; i++)
		if (t->crossing->records[i].cs == code &&
		    t->crossing->records[i + 1].ss != SEL_CORE_DATA)
			t->crossing->records[i + 1].ss = 0;
	if (t->crossing->records[depth - 1].cs == code)
		thread_interrupt(t);
}

/* Did the thunk of a healthy callee meet the record that was emptied? */
static int emptied_record(const struct frame *f, const struct record *r)
{
	struct generation *g = generation_of(f->cs);
	u8 code[3];

	return !r->ss && g && window_read(g, f->eip, code, 3) == 3 &&
	       code[0] == 0x64 && code[1] == 0x0F && code[2] == 0xB2;
}

/*
 * A fault with SS in a dead window is not the running domain's; nor is one at
 * LSS, from the emptied record, in a thunk.
 */
int unwind_is_echo(const struct frame *f)
{
	struct generation *code = generation_of(f->cs);
	struct generation *stack = generation_of(f->ss);
	struct record *r = record_top(thread_current());

	if ((code && code->dead) || (stack && stack->dead))
		return 1;
	return r && (emptied_record(f, r) ||
		     (generation_of(r->cs) && generation_of(r->cs)->dead));
}

void unwind_refuse(struct frame *f, i32 result)
{
	struct thread *t = thread_current();
	struct record r = *record_top(t);
	struct generation *caller = generation_of(r.ss);

	record_drop(t);
	f->ebx = r.ebx;
	f->esi = r.esi;
	if (caller && !caller->dead) {
		if (return_to(f, caller, r.esp, r.gate, result))
			return;
		fault_charge(caller, f, FAR_RETURN);
	}
	unwind(f);
}

/* A way out of an up call found something pending: must it be unwound? */
u32 thread_pending(void);
u32 thread_pending(void)
{
	struct thread *t = thread_current();
	struct record *r = record_top(t);
	struct generation *caller = r ? generation_of(r->cs) : 0;

	if (caller && caller->dead)
		return 1;
	t->pending = 0;
	return 0;
}

/* A down call that got no further than its record, or not past IRET. */
_Noreturn void unwind_down(void);
_Noreturn void unwind_down(void)
{
	struct thread *t = thread_current();
	u32 esp = record_top(t)->esp;
	u32 lowered = t->esp0 == esp - 4;

	record_drop(t);
	t->pending = t->interrupted = 0;
	core_resume_down(-E_GONE, esp, lowered ? *(u32 *)t->esp0 : t->esp0);
}

/* A down call whose lend cannot be made: the caller asked for too much. */
_Noreturn void unwind_refuse_down(i32 error);
_Noreturn void unwind_refuse_down(i32 error)
{
	struct thread *t = thread_current();
	struct record *r = record_top(t);
	u32 esp = r->esp;
	struct generation *g = generation_of(r->cs);

	if (g)
		monitor_leave(g);
	record_drop(t);
	core_resume_down(error, esp, t->esp0);
}
