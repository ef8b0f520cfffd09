/* The fault report: what a person reads when a domain died. */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include "kernel/fault.h"
#include "kernel/rule.h"

#define REPORT_LATELY 3

struct report {
	u32 number;
	const struct generation *g; /* charged */
	const struct frame *frame; /* NULL: no registers */
	const struct finding *finding; /* NULL: no exception */
	const char *rule;
	u32 unwound; /* threads that were inside */
	struct ring_entry lately[REPORT_LATELY]; /* crossings before it */
};

/* Note this CPU's last crossings: before the report's own come on top. */
void report_remember(struct report *r);

/* At most 40 lines, on every output; one line with report=brief. */
void report_fault(const struct report *r);

/* "serial_read+0x2c (drivers/serial/serial.c:118)" into buffer. */
void report_place(char *buffer, u32 size, const struct domain *d, u32 offset);

#endif
