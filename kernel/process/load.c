/* How many tasks are runnable, averaged over time: what uptime shows. */
#include "kernel/cpu.h"
#include "kernel/process/process.h"
#include "kernel/process/system.h"
#include "kernel/tsc.h"

#define FIXED	  2048u /* as many are one task */
#define PERIOD_NS 5000000000ull

/* exp(-5 s / 1, 5, 15 min), in 1/2048s. */
static const u32 decay[3] = { 1884, 2014, 2037 };
static u32 average[3];
static u64 next;

static void count(struct thread *t, void *argument)
{
	u32 *runnable = argument;

	if (t->task && (t->state == THREAD_READY || t->state == THREAD_RUNNING))
		++*runnable;
}

void load_tick(void)
{
	u64 now = tsc_now();
	u32 runnable = 0;

	if (cpu_current()->number || now < next)
		return;
	next = now + PERIOD_NS;
	scheduler_lock();
	thread_each(count, &runnable);
	scheduler_unlock();
	for (u32 i = 0; i < 3; i++)
		average[i] =
			(average[i] * decay[i] +
			 runnable * FIXED * (FIXED - decay[i]) + FIXED / 2) /
			FIXED;
}

void load_get(u32 load[3])
{
	for (u32 i = 0; i < 3; i++)
		load[i] = average[i];
}
