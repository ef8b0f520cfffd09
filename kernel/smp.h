/*
 * Starting the other CPUs. What a CPU does once it runs C is kernel/cpu.c's.
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

#include "kernel/frame.h"

/*
 * Lay the start-up code into a free page of memory below 1 MiB, other than
 * page 0. -E_RANGE for another. The page must be mapped at its own address,
 * by the page directory in use, until the last CPU has started.
 */
i32 smp_prepare(struct physical page);

/*
 * Start a CPU and have it call entry() on the stack that ends at `stack_top`,
 * with this CPU's CR0, CR3 and CR4, interrupts off, flat segments 0x08 and
 * 0x10 (FS and GS null) of a GDT in the start-up page, and no IDT: entry loads
 * its own and never returns. -E_TIME if the CPU does not answer within a
 * second; it is then held back, so that it cannot start late. Needs
 * smp_prepare, apic_init and tsc_calibrate. One at a time.
 */
i32 smp_start_cpu(u8 apic_id, u32 stack_top, void (*entry)(void));

#endif
