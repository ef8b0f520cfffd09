/*
 * From the frame of a system call to the function that does it, and back.
 */
#include "kernel/linux/call.h"

#include "gates/unwind.h"
#include "kernel/fault.h"
#include "kernel/linux/trace.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/process/process.h"

typedef i32 call_function(u32 a, u32 b, u32 c, u32 d, u32 e, u32 f);

/* The first use of each missing call is named once. */
static void call_missing(u32 number)
{
	static u8 named[CALLS + 1];
	u32 slot = number < CALLS ? number : CALLS;
	const char *name = number < CALLS ? calls[number].name : 0;

	if (named[slot])
		return;
	named[slot] = 1;
	print("%s[%u]: system call %u (%s) does not exist here\n",
	      task_current()->name, task_current()->tid, number,
	      name ? name : "no name known");
}

static i32 call_traced(struct frame *f, call_function *function)
{
	u32 number = f->error;
	struct line *l = trace_enter(f);
	i32 r = function(f->ebx, f->ecx, f->edx, f->esi, f->edi, f->ebp);

	trace_leave(f, l, number, r);
	return r;
}

void call_enter(struct frame *f)
{
	u32 number = f->error;
	call_function *function;

	if (number >= CALLS || !calls[number].function) {
		call_missing(number);
		f->eax = (u32)-ENOSYS;
		return;
	}
	function = (call_function *)calls[number].function;
	if (thread_current()->attention & ATTENTION_TRACE)
		f->eax = (u32)call_traced(f, function);
	else
		f->eax = (u32)function(f->ebx, f->ecx, f->edx, f->esi, f->edi,
				       f->ebp);
}

/* A domain came through a door for processes. */
void call_wrong_ring(struct frame *f);
void call_wrong_ring(struct frame *f)
{
	struct record *r = record_top(thread_current());
	struct generation *g = generation_of(f->cs);

	if (!g && r)
		g = generation_of(r->cs); /* SYSENTER does not say who came */
	if (!g)
		panic_trap(f);
	__asm__ volatile("sti");
	if (unwind_is_echo(f)) {
		unwind_fault(f);
	} else {
		fault_charge(g, f->cs ? f : 0, "system calls are for processes");
		unwind(f);
	}
	__asm__ volatile("cli");
}
