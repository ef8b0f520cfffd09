/*
 * Interrupt lines 0 to 23, whichever controller they come through: the I/O
 * APICs, or the two 8259s where there is none. Line n arrives as vector
 * VECTOR_LINES + n at the boot CPU, unless routed elsewhere.
 */
#ifndef KERNEL_LINE_H
#define KERNEL_LINE_H

#include "kernel/topology.h"

/*
 * Set up the controllers, with every line masked, and the boot CPU's local
 * APIC where there is one (apic_present). Once, on the boot CPU, with
 * interrupts off.
 */
void line_init(const struct topology *t);

/* "I/O APIC" or "8259". */
const char *line_controller(void);

/* Whether the line exists; false for numbers past the last one, too. */
bool line_exists(u32 line);

/*
 * Level-triggered: it goes on interrupting until its device is satisfied, so
 * it must stay masked until then. An edge-triggered line must NOT be masked
 * meanwhile: an I/O APIC forgets the edge of a masked line.
 */
bool line_is_level(u32 line);

/* Nothing happens where the line does not exist. Safe on any CPU. */
void line_mask(u32 line);
void line_unmask(u32 line);

/*
 * Let the line interrupt one CPU with that vector (32 to 254). -E_NAME if it
 * does not exist; -E_RANGE for a bad vector. The 8259s can't: for them
 * anything but the first routing is -E_RANGE.
 */
i32 line_route(u32 line, u8 vector, u8 apic_id);

/*
 * Whether an interrupt that arrived is none: its cause went away before the
 * controller could name it. There is nothing to serve and nothing to end.
 */
bool interrupt_spurious(u32 vector);

/* Tell the controller that the interrupt of that vector has been taken. */
void interrupt_end(u32 vector);

#endif
