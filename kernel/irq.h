/*
 * Interrupt lines as events: the core takes the interrupt, a thread of the
 * line's own then asks the domains that registered for it, one after another.
 */
#ifndef KERNEL_IRQ_H
#define KERNEL_IRQ_H

#include "kernel/domain.h"

void irq_init(void);

/* Let d's lines reach it; again after each start. */
void irq_attach(struct domain *d);

/* d is gone for now: keep its lines from storming. World may be stopped. */
void irq_silence(struct domain *d);

/* d is stopped: its lines are nobody's. */
void irq_detach(struct domain *d);

/* The interrupt itself, interrupts off. */
void irq_raise(u32 line);

/* Interrupts taken on a line. */
u32 irq_count(u32 line);

#endif
