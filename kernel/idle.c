/*
 * What a CPU does with nothing to do: it halts, but stays awake for a moment
 * while an interrupt is expected soon. To be woken takes longer than that,
 * under an emulator more than anywhere.
 */
#include "kernel/cpu.h"
#include "kernel/options.h"
#include "kernel/scheduler.h"
#include "kernel/thread.h"
#include "kernel/tsc.h"

static u32 expected; /* atomic */

void thread_expect(i32 change)
{
	__atomic_add_fetch(&expected, (u32)change, __ATOMIC_RELAXED);
}

static int is_expected(void)
{
	return __atomic_load_n(&expected, __ATOMIC_RELAXED) != 0;
}

/* Only where interrupt lines lead to. */
static void stay_awake(const struct cpu *c)
{
	u64 end;

	if (c->number || !is_expected())
		return;
	end = tsc_now() + options.awake * 1000u;
	while (is_expected() && !*(const volatile u32 *)&c->want_switch &&
	       tsc_now() < end)
		;
}

_Noreturn void thread_idle(void)
{
	for (;;) {
		stay_awake(cpu_current());
		__asm__ volatile("cli");
		if (cpu_current()->want_switch)
			thread_yield();
		else
			__asm__ volatile("sti; hlt");
	}
}
