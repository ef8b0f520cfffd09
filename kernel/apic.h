/*
 * The local APIC of each CPU: interrupts between CPUs, their end, the CPU's
 * own timer, and starting other CPUs. Interrupt lines are kernel/line.h.
 * Intel SDM volume 3, chapter 11.
 */
#ifndef KERNEL_APIC_H
#define KERNEL_APIC_H

#include <stdbool.h>

#include "gates/abi.h"

/*
 * Map the local APIC at the physical address that topology_find gave (0: none)
 * and enable the boot CPU's; line_init calls it, once the 8259s are masked.
 * -E_DEVICE if the CPU has none: then apic_present stays false, and all else
 * but apic_id refuses.
 */
i32 apic_init(u32 physical);
bool apic_present(void);

/*
 * Enable this CPU's: spurious vector VECTOR_SPURIOUS, no line but NMI, timer
 * off. For every other CPU, when it starts.
 */
void apic_enable(void);

/* Take this CPU's interrupt lines from the 8259 wired to it. */
void apic_take_8259(void);

/* This CPU's id; from CPUID before apic_init. */
u8 apic_id(void);

/* The interrupt being served here, if it came by way of the APIC, is over. */
void apic_end(void);

/*
 * Interrupt one CPU, or all but this one. Returns before it is taken.
 * -E_TIME if the bus does not accept it, -E_DEVICE without an APIC.
 */
i32 apic_send(u8 to, u8 vector);
i32 apic_send_others(u8 vector);
i32 apic_send_nmi_others(void);

/* The two interrupts that start a CPU, at a page below 1 MiB: kernel/smp.c. */
i32 apic_send_init(u8 to);
i32 apic_send_startup(u8 to, u32 page);

/* Measure the timer's rate; once, on any CPU. Errors as pit_measure. */
i32 apic_timer_calibrate(void);

/* Timer ticks in a second; 0 before apic_timer_calibrate. */
u32 apic_timer_rate(void);

/*
 * Interrupt this CPU `hz` times a second from now on. -E_RANGE if the timer
 * cannot: hz 0, or fewer than 16 ticks in each period.
 */
i32 apic_timer_start(u32 hz, u8 vector);
void apic_timer_stop(void);

#endif
