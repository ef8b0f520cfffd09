/*
 * The I/O APICs' registers (82093AA). What their entries mean for a line is
 * kernel/line.c's, and so is the lock: a register is two accesses.
 */
#ifndef KERNEL_IOAPIC_H
#define KERNEL_IOAPIC_H

#include "kernel/topology.h"

/* Low half of an entry; bits 0-7 are the vector. */
#define IOAPIC_LOW    0x2000u
#define IOAPIC_LEVEL  0x8000u
#define IOAPIC_MASKED 0x10000u

/* Map all, mask every pin. Returns how many pins there are in all. */
u32 ioapic_init(const struct topology *t);

/* Pins of one; 0 if it does not answer as an I/O APIC does. */
u32 ioapic_pins(u32 ioapic);

/* Write an entry, masked meanwhile, for the CPU with that id. */
void ioapic_write(u32 ioapic, u32 pin, u32 low, u8 apic_id);

/* Write its low half alone. */
void ioapic_write_low(u32 ioapic, u32 pin, u32 low);

#endif
