/* Alarms: a sorted list, looked at by every tick of whichever CPU. */
#include "kernel/process/alarm.h"

#include "kernel/cpu.h"
#include "kernel/lock.h"
#include "kernel/tsc.h"

static struct spinlock alarm_lock = SPINLOCK("alarm");
static struct list alarms = { &alarms, &alarms };
static struct alarm *running; /* its expire is under way */

void alarm_init(struct alarm *a, void (*expire)(struct alarm *a))
{
	list_init(&a->list);
	a->expire = expire;
}

/* Most are set to a time behind all others, or nearly so. */
void alarm_set(struct alarm *a, u64 deadline)
{
	struct list *at;

	spin_lock(&alarm_lock);
	list_remove(&a->list);
	a->deadline = deadline;
	at = alarms.prev;
	while (at != &alarms &&
	       LIST_OF(at, struct alarm, list)->deadline > deadline)
		at = at->prev;
	list_add_last(at->next, &a->list); /* before what follows */
	spin_unlock(&alarm_lock);
}

void alarm_cancel(struct alarm *a)
{
	u32 turn = 0;
	int runs;

	do {
		spin_lock(&alarm_lock);
		list_remove(&a->list);
		runs = running == a;
		spin_unlock(&alarm_lock);
		if (runs)
			cpu_spin(&turn);
	} while (runs);
}

u64 alarm_due(const struct alarm *a)
{
	u64 due;

	spin_lock(&alarm_lock);
	due = list_empty(&a->list) ? 0 : a->deadline;
	spin_unlock(&alarm_lock);
	return due;
}

/* The first that is due, now running; NULL: none, or another CPU sees to
 * them. */
static struct alarm *take(u64 now)
{
	struct alarm *a = 0;

	spin_lock(&alarm_lock);
	if (!running && !list_empty(&alarms)) {
		a = LIST_OF(alarms.next, struct alarm, list);
		if (a->deadline > now)
			a = 0;
	}
	if (a) {
		list_remove(&a->list);
		running = a;
	}
	spin_unlock(&alarm_lock);
	return a;
}

void alarms_run(void)
{
	struct alarm *a;
	u64 now;

	if (list_empty(&alarms))
		return;
	now = tsc_now();
	while ((a = take(now))) {
		a->expire(a);
		spin_lock(&alarm_lock);
		running = 0;
		spin_unlock(&alarm_lock);
	}
}
