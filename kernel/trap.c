/*
 * Traps. Exceptions of ring 1 go to fault.c; interrupts to their lines, the
 * scheduler or the world's stop; on the way out, what has become pending for
 * this thread is done before it goes on.
 */
#include "kernel/trap.h"

#include "gates/unwind.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/flat.h"
#include "kernel/irq.h"
#include "kernel/line.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/process/process.h"
#include "kernel/process/system.h"
#include "kernel/process/timer.h"
#include "kernel/server.h"
#include "kernel/space/space.h"
#include "seg/descriptor.h"

#define MSR_SYSENTER_CS 0x174

extern const u32 vectors[256];
extern const u32 fixups_start[][2], fixups_end[][2];
void frame_fixup(void);

static struct descriptor idt[256];

/* Programs may execute INT for a breakpoint, INTO, and system calls. */
static u8 vector_level(u32 vector)
{
	return vector == VECTOR_BREAKPOINT || vector == VECTOR_OVERFLOW ||
			       vector == VECTOR_SYSCALL ?
		       3 :
		       0;
}

void trap_init(void)
{
	for (u32 v = 0; v < 256; v++)
		idt[v] = descriptor_interrupt_gate(SEL_CORE_CODE, vectors[v],
						   vector_level(v));
	idt[VECTOR_DOUBLE_FAULT] = descriptor_task_gate(SEL_TSS_FAULT, 0);
}

static void msr_write(u32 msr, u32 value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"(value), "d"(0));
}

static int has_sysenter(void)
{
	u32 eax = 1, ebx, ecx, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return (edx >> 11) & 1;
}

void trap_load(void)
{
	struct {
		u16 limit;
		u32 base;
	} __attribute__((packed)) idtr = { sizeof(idt) - 1, (u32)idt };

	__asm__ volatile("lidt %0" : : "m"(idtr));
	if (!has_sysenter())
		return;
	msr_write(MSR_SYSENTER_CS, 0); /* closed, until a program runs here */
}

static u32 fixup_find(u32 eip)
{
	for (const u32(*f)[2] = fixups_start; f < fixups_end; f++)
		if ((*f)[0] == eip)
			return (*f)[1];
	return 0;
}

_Noreturn void frame_restore(const struct frame *copy, struct frame *to);

/*
 * The way out faulted at one of its pops or at IRET: some of the frame it was
 * returning through has been popped, and what was pushed since lies over that
 * part. Put the frame together again and let the unwinder decide.
 */
static void frame_recover(struct frame *f)
{
	u32 at = (u32)&f->esp; /* where ESP was: no stack switch */
	struct frame *old, copy;

	switch (*(const u8 *)f->eip) {
	case 0x0F: /* pop gs, pop fs */
		old = (struct frame *)(at - (((const u8 *)f->eip)[1] == 0xA1 ?
						     4 :
						     0));
		break;
	case 0x07: /* pop es */
		old = (struct frame *)(at - offsetof(struct frame, es));
		break;
	case 0x1F: /* pop ds */
		old = (struct frame *)(at - offsetof(struct frame, ds));
		break;
	default: /* iret: the registers are back already */
		old = (struct frame *)(at - offsetof(struct frame, eip));
		copy = *f;
		copy.eip = old->eip;
		copy.cs = old->cs;
		copy.eflags = old->eflags;
		copy.esp = old->esp;
		copy.ss = old->ss;
		copy.fs = copy.gs = copy.ds = copy.es = 0;
		frame_restore(&copy, old);
	}
	copy = *old;
	copy.fs = copy.gs = copy.ds = copy.es = 0;
	frame_restore(&copy, old);
}

/* Does it lead back to a program? Not if a domain got to ring 3 by itself. */
static int frame_of_task(const struct frame *f)
{
	struct thread *t = thread_current();

	return frame_ring(f) == 3 && t->task && !t->crossing->top;
}

/* A frame whose selectors no longer load. Interrupts off on return. */
void frame_unreturnable(struct frame *f);
void frame_unreturnable(struct frame *f)
{
	struct generation *g = generation_of(f->cs);
	struct generation *server = server_running(thread_current());

	if (frame_ring(f) == 0) {
		/* FS and GS of a program that is over: C does without */
		f->ds = f->es = SEL_CORE_DATA;
	} else if (frame_of_task(f)) {
		f->gs = 0; /* a selector that its program no longer has */
		f->fs = 0;
		f->ds = f->es = SEL_USER_DATA;
		__asm__ volatile("sti");
		signal_fault(SIGSEGV, SI_KERNEL, 0, f);
		trap_leave(f);
	} else if (unwind_is_echo(f)) {
		unwind_fault(f);
	} else if (g || (server && frame_ring(f) == 3)) {
		f->ds = f->es = f->ss;
		fault_charge(g ? g : server, f,
			     "segment registers hold selectors that can "
			     "be loaded");
		unwind(f);
	} else {
		panic_trap(f);
	}
	__asm__ volatile("cli");
}

static int fixed_up(struct frame *f)
{
	u32 handler = fixup_find(f->eip);

	if (!handler)
		return 0;
	if (handler == (u32)frame_fixup)
		frame_recover(f);
	f->eip = handler;
	f->ds = f->es = SEL_CORE_DATA;
	f->fs = f->gs = 0;
	return 1;
}

/* Who is in ring 3 below a down call is a domain that left its own. */
static int fault_outward(struct frame *f)
{
	struct record *r = record_top(thread_current());
	struct generation *g = r ? generation_of(r->cs) : 0;

	if (!g)
		return 0;
	__asm__ volatile("sti");
	fault_charge(g, f, "a domain stays at its own level of privilege");
	unwind(f);
	return 1;
}

/* Why, as the page fault's error code has it (SDM volume 3, section 4.7). */
static u32 fault_access(const struct frame *f)
{
	return f->error & 2 ? ACCESS_WRITE : ACCESS_READ;
}

static void exception_of_task(struct frame *f, u32 address)
{
	struct space *s = thread_current()->space;

	__asm__ volatile("sti");
	if (f->vector == VECTOR_PAGE) {
		enum space_answer answer =
			address < USER_END ?
				space_fault(s, address, fault_access(f)) :
				SPACE_UNMAPPED;

		if (answer != SPACE_OK)
			signal_page_fault(f, address, answer);
	} else {
		signal_trap(f);
	}
}

/* A page of a program's that the core was to touch for it; or a domain, whose
 * TLB remembers what the page was before it was lent. Not where a server's page
 * tables are loaded: it would never come there. */
static int fault_lent(struct frame *f, u32 address)
{
	struct space *s = thread_current()->space;

	if (f->vector != VECTOR_PAGE || !s || address >= USER_END ||
	    !(f->eflags & FLAG_INTERRUPT) || cpu_current()->served)
		return 0;
	if (frame_ring(f) == 0 && !flat_at(f->eip) ? !fixup_find(f->eip) :
						     !s->pinned)
		return 0;
	__asm__ volatile("sti");
	return space_fault(s, address, fault_access(f)) == SPACE_OK;
}

/*
 * A server's: it has not met this page of its window yet, or it is at fault.
 * Reports and rules know a domain by the selectors of its generation.
 */
static int fault_server(const struct frame *f, u32 address)
{
	struct generation *g = server_running(thread_current());
	struct frame as = *f;

	if (!g)
		return 0;
	__asm__ volatile("sti");
	if (f->vector == VECTOR_PAGE && server_page(g, address))
		return 1;
	as.cs = SEL_DOMAINS + g->pair * SEL_PAIR;
	as.ss = as.ds = as.es = as.cs + 8;
	fault_domain(&as);
	return 1;
}

static void exception(struct frame *f, u32 address)
{
	if (frame_of_task(f)) {
		exception_of_task(f, address);
		return;
	}
	if (frame_ring(f) == 3 && fault_server(f, address))
		return;
	if (fault_lent(f, address))
		return;
	if (frame_ring(f) == 1) {
		if (f->eflags & FLAG_INTERRUPT)
			__asm__ volatile("sti");
		fault_domain(f);
		return;
	}
	if (frame_ring(f) == 3 && fault_outward(f))
		return;
	if (frame_ring(f) == 0 && f->vector == VECTOR_DEBUG) {
		/* a caller had TF set: the first instruction behind a door */
		f->eflags &= ~FLAG_TRAP;
		return;
	}
	if (frame_ring(f) == 0 && fixed_up(f))
		return;
	panic_trap(f);
}

static void interrupt(struct frame *f)
{
	cpu_current()->interrupts++;
	if (interrupt_spurious(f->vector))
		return;
	if (f->vector >= VECTOR_LINES && f->vector < VECTOR_LINES_END)
		irq_raise(f->vector - VECTOR_LINES); /* masks a level: before */
	interrupt_end(f->vector);
	switch (f->vector) {
	case VECTOR_TIMER:
		thread_tick();
		timers_tick(f);
		load_tick();
		fault_watch(f);
		break;
	case VECTOR_STOP:
		world_answer();
		break;
	case VECTOR_RESCHEDULE:
		break;
	case VECTOR_FLUSH:
		space_flush_answer();
		break;
	}
}

void trap_leave(struct frame *f)
{
	struct thread *t = thread_current();

	do {
		__asm__ volatile("sti");
		if (t->pending)
			unwind(f);
		if (frame_of_task(f) && t->attention & ATTENTION_LEAVE)
			task_leave(f);
		thread_preempt();
		__asm__ volatile("cli");
	} while (t->pending ||
		 (frame_of_task(f) && t->attention & ATTENTION_LEAVE));
}

void trap(struct frame *f)
{
	struct thread *t = thread_current();

	if (f->vector == VECTOR_PAGE)
		__asm__ volatile("mov %%cr2, %0" : "=r"(t->fault_address));
	if (f->vector < 32)
		exception(f, t->fault_address);
	else
		interrupt(f);
	if (frame_ring(f) == 0) {
		if (f->eflags & FLAG_INTERRUPT)
			thread_preempt();
		__asm__ volatile("cli");
		return;
	}
	trap_leave(f);
}
