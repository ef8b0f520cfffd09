/*
 * Interrupt lines. A level-triggered line stays masked from the interrupt
 * until every domain that shares it has been asked; an edge-triggered one is
 * never masked meanwhile, since an I/O APIC forgets the edges of masked lines,
 * and is asked again if it was raised again.
 */
#include "kernel/irq.h"

#include "core.h"
#include "kernel/apic.h"
#include "kernel/line.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/trap.h"

#define LINES  TOPOLOGY_LINES
#define SHARED 4 /* domains on one line */

struct line {
	struct domain *domains[SHARED];
	struct thread *thread;
	struct wait_queue queue;
	u32 raised, served, count;
};

static struct line lines[LINES];
static struct mutex opening = MUTEX(opening, "line");
static struct spinlock irq_lock = SPINLOCK("irq");

void irq_init(void)
{
	for (u32 i = 0; i < LINES; i++)
		wait_queue_init(&lines[i].queue);
}

u32 irq_count(u32 line)
{
	return line < LINES ? lines[line].count : 0;
}

void irq_raise(u32 number)
{
	struct line *l = &lines[number];

	if (number >= LINES)
		return;
	if (line_is_level(number))
		line_mask(number);
	scheduler_lock();
	l->raised++;
	l->count++;
	wake_all(&l->queue);
	scheduler_unlock();
}

/* Ask every sharer; false if one of them is not there to be asked. */
static int line_serve(struct line *l, u32 number)
{
	int all = 1;

	for (u32 i = 0; i < SHARED; i++) {
		struct domain *d = l->domains[i];

		if (d && down_life_interrupt(&d->interrupts, number) == -E_GONE)
			all = 0;
	}
	return all;
}

static void line_thread(void *argument)
{
	struct line *l = argument;
	u32 number = (u32)(l - lines);

	for (;;) {
		scheduler_lock();
		while (l->served == l->raised)
			wait_in(&l->queue, WAIT_FOREVER);
		l->served = l->raised;
		scheduler_unlock();
		if (line_serve(l, number) && line_is_level(number))
			line_unmask(number);
	}
}

static void line_open(struct line *l, struct domain *d)
{
	u32 number = (u32)(l - lines);
	char name[12];
	u32 free = SHARED;

	print_to(name, sizeof(name), "irq %u", number);
	mutex_lock(&opening);
	if (!l->thread)
		l->thread = thread_start(name, RANK_HIGH, line_thread, l);
	mutex_unlock(&opening);
	if (!l->thread) {
		print("domain %s: no memory for line %u's thread\n", d->name,
		      number);
		return;
	}
	spin_lock(&irq_lock);
	for (u32 i = 0; i < SHARED; i++) {
		if (l->domains[i] == d)
			free = i;
		else if (!l->domains[i] && free == SHARED)
			free = i;
	}
	if (free < SHARED)
		l->domains[free] = d;
	spin_unlock(&irq_lock);
	if (free == SHARED)
		print("domain %s: line %u has %u sharers already\n", d->name,
		      number, SHARED);
}

void irq_attach(struct domain *d)
{
	for (u32 i = 0; i < d->image.manifest->irq_count; i++) {
		u32 number = d->image.irqs[i];

		if (!line_exists(number)) {
			print("domain %s: there is no line %u\n", d->name,
			      number);
			continue;
		}
		line_open(&lines[number], d);
		/* edges that came while nobody was there: ask once */
		scheduler_lock();
		lines[number].raised++;
		wake_all(&lines[number].queue);
		scheduler_unlock();
		line_unmask(number);
	}
}

void irq_silence(struct domain *d)
{
	for (u32 i = 0; i < d->image.manifest->irq_count; i++)
		if (line_exists(d->image.irqs[i]))
			line_mask(d->image.irqs[i]);
}

void irq_detach(struct domain *d)
{
	for (u32 i = 0; i < d->image.manifest->irq_count; i++) {
		struct line *l = &lines[d->image.irqs[i] % LINES];
		u32 left = 0;

		spin_lock(&irq_lock);
		for (u32 n = 0; n < SHARED; n++) {
			if (l->domains[n] == d)
				l->domains[n] = 0;
			left += l->domains[n] != 0;
		}
		spin_unlock(&irq_lock);
		if (left)
			line_unmask(d->image.irqs[i]);
	}
}
