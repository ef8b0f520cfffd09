/*
 * Far calls made by hand, past the stubs, with everything wrong that can be.
 * EBP, EDI, FS and GS do not survive a crossing; EBX and ESI do.
 */
#ifndef TESTS_INTRUDER_CALL_H
#define TESTS_INTRUDER_CALL_H

#include "gates/domain/domain.h"
#include "gates/manifest.h"

/* The loader's far pointers, one a function in the gate's order. */
extern const struct far_slot slots_neighbour[], slots_time[], slots_port[];

#define PORT_READ8	  0
#define PORT_WRITE_BLOCK  7
#define TIME_NOW	  0
#define NEIGHBOUR_SUM	  0
#define NEIGHBOUR_NOTHING 5

/* Gates of the core's doors, in the order of seg/selectors.h. */
#define DOOR(n)	     ((1024 + (n)) * 8 + 1)
#define DOOR_RETURN  DOOR(0)
#define DOOR_GONE_2  DOOR(3)
#define DOOR_REVIVE  DOOR(8)
#define DOORS_OF_ALL 16

#define FLAG_TRAP      0x100u
#define FLAG_DIRECTION 0x400u
#define FLAG_NESTED    0x4000u
#define FLAG_ALIGNMENT 0x40000u

/* EAX, EDX and EDI as given, these bits set in EFLAGS. Returns EAX. */
i32 far_call(const struct far_slot *slot, u32 eax, u32 edx, u32 edi, u32 flags);

/* With SS and ESP as given: the gate may be one that looks for pairs there. */
i32 far_call_stack(const struct far_slot *slot, u32 eax, u32 ss, u32 esp);

#endif
