/*
 * Alarms of the core: something to be done at a time, from the timer's
 * interrupt. They do not sleep, and may be set and cancelled anywhere.
 */
#ifndef KERNEL_PROCESS_ALARM_H
#define KERNEL_PROCESS_ALARM_H

#include "kernel/list.h"
#include "gates/abi.h"

struct alarm {
	struct list list; /* in order of deadlines, while it is set */
	u64 deadline; /* ns since boot */
	void (*expire)(struct alarm *a); /* no lock held; may set it again */
};

void alarm_init(struct alarm *a, void (*expire)(struct alarm *a));

/* (Re)set it. Locks may be held. */
void alarm_set(struct alarm *a, u64 deadline);

/* It is not set and does not run when this returns. The caller holds no lock
 * that expire takes. */
void alarm_cancel(struct alarm *a);

/* When it would ring; 0: it is not set. */
u64 alarm_due(const struct alarm *a);

/* The timer: see to what is due. Interrupts off, no lock held. */
void alarms_run(void);

#endif
