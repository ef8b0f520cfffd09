/*
 * Far calls made by hand, past the stubs. EBP, EDI, FS and GS do not survive
 * a crossing; EBX and ESI do.
 */
#ifndef TESTS_CALL_H
#define TESTS_CALL_H

#include "gates/domain/domain.h"
#include "gates/manifest.h"

/* The loader's far pointers, one a function in the gate's order. */
extern const struct far_slot slots_neighbour[], slots_time[], slots_event[],
	slots_port[];

/* Two words, no buffer. */
i32 call_plain(const struct far_slot *slot, u32 first, u32 second);

/* The same with these bits set in EFLAGS. */
i32 call_flags(const struct far_slot *slot, u32 first, u32 second, u32 flags);

/* One word and one buffer. */
i32 call_pair(const struct far_slot *slot, u32 first, u32 offset, u32 length);

/* With ESP at the very top of the stack, or anywhere. */
i32 call_at_top(const struct far_slot *slot);
i32 call_with_esp(const struct far_slot *slot, u32 esp);

/* With EDI, the register that doors of the core read. */
i32 call_door(u32 selector, u32 edi);

#endif
