/*
 * Unwinding: bringing a thread out of a generation that died, to the nearest
 * caller that is well.
 */
#ifndef GATES_UNWIND_H
#define GATES_UNWIND_H

#include "kernel/domain.h"
#include "kernel/flat.h"
#include "kernel/panic.h"
#include "kernel/trap.h"

/*
 * The thread is about to leave the core for what `f` describes. Change `f` so
 * that it goes on in a healthy domain (with -E_GONE where its call died), or
 * do not return but resume the core's own call.
 */
void unwind(struct frame *f);

/* The same after a fault for which unwind_is_echo() says that it is one. */
void unwind_fault(struct frame *f);

/* Is anything of g on this thread's way back? World stopped. */
int unwind_inside(const struct thread *t, const struct generation *g);

/* Mark a thread that is inside g, which just died. World stopped. */
void unwind_mark(struct thread *t, const struct generation *g);

/* The top linkage record, or NULL; and the generation that it called. */
static inline struct record *record_top(const struct thread *t)
{
	u32 depth = t->crossing->top / LEND_SLOT;

	if (!depth)
		return 0;
	assert(depth <= LINKAGE_DEPTH && t->crossing->top % LEND_SLOT == 0);
	return &t->crossing->records[depth - 1];
}

static inline struct generation *generation_top(const struct thread *t)
{
	const struct record *r = record_top(t);

	return r ? generation_of(r->cs) : 0;
}

/* In an up call: whose it is. */
static inline struct generation *generation_asking(void)
{
	struct thread *t = thread_current();

	return FLAT_BUILD ? flat_caller(t) : generation_top(t);
}

/* Is this fault only the echo of a death that was reported already? */
int unwind_is_echo(const struct frame *f);

/* Drop the top record and its lends. */
void record_drop(struct thread *t);

/* Return from the callee's thunk, which `f` stands in, with `result`. */
void unwind_refuse(struct frame *f, i32 result);

#endif
