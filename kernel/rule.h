/*
 * Which rule an exception broke: from the vector, the error code, the decoded
 * instruction and the descriptors it used.
 */
#ifndef KERNEL_RULE_H
#define KERNEL_RULE_H

#include "kernel/decode.h"
#include "kernel/domain.h"
#include "kernel/trap.h"
#include "seg/descriptor.h"

struct finding {
	const char *rule;
	struct decoded code;
	u32 decoded; /* `code` is valid */
	u32 has_operand;
	struct decode_memory operand; /* the one that failed */
	struct descriptor_view segment; /* what its selector says */
	u32 missed; /* bytes beyond the limit */
	u32 linear; /* CR2 of a page fault */
};

/* `charged` is whose rules count. */
void rule_find(const struct frame *f, const struct generation *charged,
	       struct finding *out);

/* The descriptor behind any selector, as this thread sees it. */
struct descriptor_view selector_view(u32 selector);

#endif
