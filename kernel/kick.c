/*
 * Which CPU runs what becomes ready: one that idles is sent for. But threads
 * that answer each other wake one and sleep at once; who did so a few times is
 * trusted to do it again: its CPU goes on with the thread that it woke, nothing
 * is sent, and both stay where their memory is known.
 */
#include "kernel/kick.h"

#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/trap.h"
#include "kernel/tsc.h"

#define SOON_US 100u /* from waking another to sleeping */
#define TRUSTED 3u /* times in a row */

void kick_idle(void)
{
	for (u32 i = 0; i < cpu_count; i++)
		if (&cpus[i] != cpu_current() &&
		    cpus[i].running == cpus[i].idle && !cpus[i].want_switch) {
			cpus[i].want_switch = 1;
			apic_send((u8)cpus[i].apic_id, VECTOR_RESCHEDULE);
			return;
		}
}

void kick_ends(void)
{
	thread_current()->hands_over = TRUSTED;
}

static int was_soon(const struct thread *t)
{
	static u64 soon; /* TSC ticks */

	if (!soon)
		soon = tsc_from_us(SOON_US);
	return tsc_read() - t->woke < soon;
}

void kick_woke(struct thread *t, int only)
{
	if (cpu_count == 1)
		return;
	t->woke = tsc_read();
	if (!only || t->hands_over < TRUSTED)
		kick_idle();
}

void kick_sleeps(struct thread *t)
{
	if (!t->woke)
		return;
	if (!was_soon(t))
		t->hands_over = 0;
	else if (t->hands_over < TRUSTED)
		t->hands_over++;
	t->woke = 0;
}

void kick_tick(struct thread *t)
{
	if (!t->woke || was_soon(t))
		return;
	if (t->hands_over == TRUSTED)
		kick_idle();
	t->hands_over = 0;
	t->woke = 0;
}
