/*
 * The end. Everything here works by polling, allocates nothing, takes no lock,
 * and a second panic only stops.
 */
#include "kernel/panic.h"

#include <stdarg.h>

#include "core_gates.h"
#include "gates/unwind.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/flat.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/report.h"

static u32 panicking;

static void begin(void)
{
	__asm__ volatile("cli");
	u32 first = 0;

	/* a second CPU must not take the first one's place */
	__atomic_compare_exchange_n(&panicking, &first,
				    cpu_current()->number + 1, 0,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	if (first == cpu_current()->number + 1)
		power_stop(POWER_PANIC);
	while (first)
		__asm__ volatile("hlt");
	print_panic_mode();
	if (apic_present())
		apic_send_nmi_others();
}

static _Noreturn void end(void)
{
	print("bulkhead: panic\n");
	power_stop(POWER_PANIC);
}

/* Where in a flat domain an address lies. 0: in none. */
static int print_flat(const char *what, u32 linear)
{
	const struct generation *g = flat_at(linear);
	char place[96];

	if (!g)
		return 0;
	report_place(place, sizeof(place), g->domain, linear - g->base);
	print("%s %s of domain %s\n", what, place, g->domain->name);
	return 1;
}

/* Return addresses on the kernel stack that point into the core's text, or
 * into that of a flat domain. */
static void backtrace(u32 ebp)
{
	extern u8 text_start[], text_end[];
	u32 stack = thread_current()->stack;

	for (u32 i = 0;
	     i < 12 && ebp >= stack && ebp < stack + THREAD_STACK - 8; i++) {
		u32 eip = ((u32 *)ebp)[1];

		if (eip >= (u32)text_start && eip < (u32)text_end)
			print("   from %08x\n", eip);
		else if (!print_flat("   from", eip - 1))
			return;
		ebp = *(u32 *)ebp;
	}
}

void panic(const char *format, ...)
{
	char line[200];
	va_list list;

	begin();
	va_start(list, format);
	print_list(line, sizeof(line), format, list);
	va_end(list);
	print("\n==== panic on CPU %u, thread %s ====\n%s\n",
	      cpu_current()->number, thread_current()->name, line);
	backtrace((u32)__builtin_frame_address(0));
	end();
}

void panic_trap(const struct frame *f)
{
	u32 outer = frame_ring(f) != 0;
	struct thread *t = thread_current();
	struct record *r = record_top(t);

	begin();
	print("\n==== panic: trap %u in the core, error %04x, CPU %u, thread "
	      "%s ====\n",
	      f->vector, f->error, t->cpu->number, t->name);
	print("at %04x:%08x eflags %08x stack %04x:%08x cr2 %08x\n", f->cs,
	      f->eip, f->eflags, outer ? f->ss : 0,
	      outer ? f->esp : (u32)&f->esp, t->fault_address);
	print("eax %08x ebx %08x ecx %08x edx %08x esi %08x edi %08x ebp %08x\n",
	      f->eax, f->ebx, f->ecx, f->edx, f->esi, f->edi, f->ebp);
	print("ds %04x es %04x fs %04x gs %04x, up gate %u, %u records\n",
	      f->ds, f->es, f->fs, f->gs, t->up_gate,
	      t->crossing->top / LEND_SLOT);
	if (print_flat("in", f->eip))
		print("nothing was protected from it: this is the flat "
		      "build\n");
	if (r && r->gate <= gate_function_count)
		print("inside %s\n", gate_functions[r->gate].name);
	backtrace(f->ebp);
	end();
}

/* #DF: in its own task. What failed is in the TSS that it interrupted. */
_Noreturn void trap_fault_task(void);
_Noreturn void trap_fault_task(void)
{
	const struct cpu *cpu = &cpus[0];
	const struct thread *t;

	print_panic_mode();
	for (u32 i = 0; i < cpu_count; i++)
		if (cpus[i].fault_tss.link)
			cpu = &cpus[i];
	t = cpu->running;
	print("\n==== panic: double fault, CPU %u, thread %s ====\n"
	      "at %04x:%08x, stack %04x:%08x; kernel stack %08x-%08x, guard "
	      "below\n",
	      cpu->number, t->name, cpu->tss.cs, cpu->tss.eip, cpu->tss.ss,
	      cpu->tss.esp, t->stack, t->stack + THREAD_STACK - 1);
	print("bulkhead: panic\n");
	power_stop(POWER_PANIC);
}
