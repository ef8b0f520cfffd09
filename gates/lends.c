/*
 * Lends that thunks leave to the core: none, more than 64 KiB, near the end of
 * a window, lent on, or not the caller's to lend.
 */
#include "core_gates.h"
#include "gates/unwind.h"
#include "kernel/fault.h"
#include "kernel/panic.h"
#include "kernel/server.h"
#include "kernel/window.h"
#include "seg/lend.h"

#define NOT_ITS_OWN "a caller lends only bytes that it can reach itself"
#define READ_ONLY   "what was lent to be read is not lent on to be filled"
#define NO_PAIRS    "the pairs of a call's buffers lie on the caller's stack"
#define WRONG_SIZE  "a buffer of fixed size has that size"

static u32 pair_bytes(const struct gate_function *function)
{
	return sizeof(struct pair) *
	       ((u32)(function->buffer[0] != BUFFER_NONE) +
		(u32)(function->buffer[1] != BUFFER_NONE));
}

/*
 * Build the lends of a call that g makes into slots[0] (from) and [1] (into).
 * `own`: the lends of g's own activation. Negative, with the rule if g is to
 * be charged.
 */
static i32 build(const struct generation *g, const struct descriptor own[2],
		 const struct gate_function *function, u32 pairs_at,
		 struct descriptor slots[2], const char **rule)
{
	struct pair pairs[2];
	u32 size = pair_bytes(function);

	*rule = NO_PAIRS;
	if (pairs_at > g->size - sizeof(pairs) ||
	    window_read(g, pairs_at, pairs, size) != size)
		return -E_RANGE;
	for (u32 i = 0; i < 2; i++) {
		u8 kind = function->buffer[i];
		i32 error;

		if (kind == BUFFER_NONE)
			continue;
		*rule = WRONG_SIZE;
		if (function->size[i] && pairs[i].length != function->size[i])
			return -E_RANGE;
		error = lend_pair(g->door, own, pairs[i], kind == BUFFER_INTO,
				  &slots[kind == BUFFER_INTO]);
		*rule = error == -E_DENIED ? READ_ONLY : NOT_ITS_OWN;
		if (error == -E_BIG)
			*rule = 0;
		if (error < 0)
			return error;
	}
	return 0;
}

/* The lends of the activation that is `depth` records deep. */
static const struct descriptor *lends_of(const struct thread *t, u32 depth)
{
	static const struct descriptor none[2];

	return depth ? t->crossing->lends[depth - 1] : none;
}

/* The same for a call of the core, which works in the caller's own space. */
static const struct descriptor *lends_here(const struct thread *t, u32 depth)
{
	return server_running(t) ? t->crossing->served[depth - 1] :
				   lends_of(t, depth);
}

/* From a thunk: the record of the call is on top, its caller below. */
void gate_lend_build(struct frame *f);
void gate_lend_build(struct frame *f)
{
	struct thread *t = thread_current();
	struct record *r = record_top(t);
	u32 depth = t->crossing->top / LEND_SLOT;
	struct generation *caller = r ? generation_of(r->ss) : 0;
	const char *rule;
	i32 error;

	/* a thunk that wants lends stands on its caller's stack still */
	if (!r || r->cs != (f->cs & 0xFFFF) || f->ss == f->cs + 8 ||
	    r->gate > gate_function_count) {
		struct generation *g = generation_of(f->cs);

		if (g)
			fault_charge(g, f, "only a thunk has lends made");
		return;
	}
	if (!caller || caller->dead) {
		unwind_fault(f);
		return;
	}
	error = build(caller, lends_of(t, depth - 1), &gate_functions[r->gate],
		      r->esp + 8, t->crossing->lends[depth - 1], &rule);
	if (error == 0)
		return;
	if (rule) {
		record_drop(t);
		fault_charge(caller, f, rule);
		unwind(f);
	} else {
		unwind_refuse(f, error);
	}
}

_Noreturn void core_unwind(void);

/*
 * From an up thunk, for function `gate`: 0, or an error in the low word and
 * the bytes of pairs to drop in the high one.
 */
static u64 build_for_caller(u32 gate, struct thread *t,
			    const struct descriptor own[2])
{
	const u32 *frame = (const u32 *)t->esp0; /* [EIP][CS][ESP][SS] below */
	struct generation *caller = generation_of(frame[-1]);
	u32 depth = t->crossing->top / LEND_SLOT;
	const char *rule;
	i32 error;

	if (!caller) { /* a lend for a stack: pairs lie on the caller's own */
		caller = generation_top(t);
		if (caller)
			fault_charge(caller, 0, NO_PAIRS);
		core_unwind();
	}
	error = build(caller, own, &gate_functions[gate], frame[-2],
		      t->crossing->lends[depth], &rule);
	if (error == 0)
		return 0;
	t->crossing->lends[depth][0] = DESCRIPTOR_ABSENT;
	t->crossing->lends[depth][1] = DESCRIPTOR_ABSENT;
	if (rule) {
		fault_charge(caller, 0, rule);
		core_unwind();
	}
	return (u64)pair_bytes(&gate_functions[gate]) << 32 | (u32)error;
}

u64 lend_build_up(u32 gate);
u64 lend_build_up(u32 gate)
{
	struct thread *t = thread_current();

	return build_for_caller(gate, t,
				lends_here(t, t->crossing->top / LEND_SLOT));
}

/* The same from a relay: for another domain, in the caller's caller's space. */
u64 lend_build_relay(u32 gate);
u64 lend_build_relay(u32 gate)
{
	struct thread *t = thread_current();

	server_lends_on(t);
	return build_for_caller(gate, t,
				lends_of(t, t->crossing->top / LEND_SLOT));
}

/* An up thunk could not read the pairs: the caller's stack is not mapped. */
void up_pairs_fault(struct frame *f);
void up_pairs_fault(struct frame *f)
{
	struct generation *caller = generation_of(f->ss);

	if (caller)
		fault_charge(caller, f, NO_PAIRS);
	unwind(f);
}

/* From a down stub: core memory, trusted but for its size. */
i32 lend_build_down(u32 kind, u32 pointer, u32 size);
i32 lend_build_down(u32 kind, u32 pointer, u32 size)
{
	struct thread *t = thread_current();
	u32 depth = t->crossing->top / LEND_SLOT - 1;

	return lend_make(pointer, size, kind == BUFFER_INTO,
			 &t->crossing->lends[depth][kind == BUFFER_INTO]);
}

/* The core's own copy met a page that the lender should have had. */
i32 lend_faulted(void);
i32 lend_faulted(void)
{
	/* whose window it is: who called may have lent on what it was lent */
	struct generation *lender =
		generation_holding(thread_current()->fault_address);

	if (lender)
		fault_charge(lender, 0, RULE_LENT);
	return -E_GONE;
}
