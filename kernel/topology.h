/*
 * What the firmware's tables say of CPUs and interrupt controllers: the ACPI
 * MADT or else the MP table. Pure over a function that reads physical memory;
 * touches no device. Trusts no address, length or checksum it has not checked.
 */
#ifndef KERNEL_TOPOLOGY_H
#define KERNEL_TOPOLOGY_H

#include <stdbool.h>

#include "gates/abi.h"

#define TOPOLOGY_CPUS	 16 /* most CPUs kept; more are counted as left out */
#define TOPOLOGY_IOAPICS 4
#define TOPOLOGY_LINES	 24
#define TOPOLOGY_NONE	 0xFF /* as an I/O APIC's index: not connected */

enum topology_source {
	TOPOLOGY_BARE, /* no usable table: one CPU, the 8259 */
	TOPOLOGY_ACPI,
	TOPOLOGY_MP,
	TOPOLOGY_MP_DEFAULT, /* one of the MP specification's own */
};

struct topology_ioapic {
	u32 address; /* physical, of its registers */
	u32 first; /* global number of its pin 0; ACPI alone knows it */
	u8 id;
};

/* Lines 0-15 are the ISA bus's, 16-23 the pins of those numbers. */
struct topology_line {
	u8 ioapic; /* index into the table of I/O APICs, or TOPOLOGY_NONE */
	u8 pin;
	bool level; /* else edge-triggered */
	bool low; /* else active high */
	bool stated; /* by the table; else the bus's default */
};

struct topology {
	u8 source; /* enum topology_source */
	bool imcr; /* a switch keeps the 8259 on the CPU's pins until thrown */
	u32 cpu_count; /* usable ones, at least 1 */
	u32 cpu_left_out; /* usable, but beyond TOPOLOGY_CPUS or id 254 */
	u8 cpu_apic_id[TOPOLOGY_CPUS]; /* the boot CPU first */
	u32 lapic; /* physical address of the local APICs; 0: use none */
	u32 ioapic_count; /* 0: lines come through the 8259 */
	struct topology_ioapic ioapic[TOPOLOGY_IOAPICS];
	struct topology_line line[TOPOLOGY_LINES];
};

/* Copy `bytes` bytes of physical memory; false where there is none. */
typedef bool topology_read(u32 physical, void *to, u32 bytes);

/*
 * Find out, with the boot CPU's APIC id from CPUID leaf 1. Always fills `out`:
 * without a table that passes every check it describes one CPU and the 8259.
 */
void topology_find(topology_read *read, u8 boot_apic_id, struct topology *out);

/* "ACPI MADT", "MP table" and so on. */
const char *topology_source_name(const struct topology *t);

#endif
