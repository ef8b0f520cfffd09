/*
 * What the two readers of firmware tables share. Private to topology*.c.
 * A reader calls topology_begin before it believes a table, so that one found
 * bad half way leaves no trace in what the next one says.
 */
#ifndef KERNEL_TOPOLOGY_PARSE_H
#define KERNEL_TOPOLOGY_PARSE_H

#include "kernel/topology.h"

struct topology_parse {
	topology_read *read;
	struct topology *found;
	u8 boot_apic_id;
	bool boot_listed; /* the boot CPU was in the table */
};

/* One CPU, the 8259, and every line on the pin of its own number. */
void topology_begin(struct topology_parse *p);

bool topology_parse_acpi(struct topology_parse *p);
bool topology_parse_mp(struct topology_parse *p);

/* Little-endian numbers of a table, however aligned. */
static inline u32 table_u16(const u8 *at)
{
	return (u32)at[0] | (u32)at[1] << 8;
}

static inline u32 table_u32(const u8 *at)
{
	return table_u16(at) | table_u16(at + 2) << 16;
}

static inline bool table_is(const u8 *at, const char *name, u32 bytes)
{
	while (bytes > 0 && *at == (u8)*name) {
		at++;
		name++;
		bytes--;
	}
	return bytes == 0;
}

/* Whether `bytes` bytes can be read and add up to 0. */
bool table_adds_up(topology_read *read, u32 at, u32 bytes);

/*
 * Offer `accept` every 16-byte boundary of [at, end), with the 16 bytes there,
 * until it returns true.
 */
typedef bool table_accept(struct topology_parse *p, u32 at, const u8 *bytes);
bool table_scan(struct topology_parse *p, u32 at, u32 end,
		table_accept *accept);

/* The same over the first KiB of the extended BIOS data area, if any. */
bool table_scan_ebda(struct topology_parse *p, table_accept *accept);

/* A usable CPU; listing it twice counts once. */
void topology_add_cpu(struct topology_parse *p, u32 apic_id);

/* False for an impossible or repeated address. Past the last one: ignored. */
bool topology_add_ioapic(struct topology_parse *p, struct topology_ioapic a);

/*
 * Connect `line`. `flags` is the interrupt flags word of both tables: bits 0-1
 * polarity, bits 2-3 trigger mode (MP specification 4.3.4, ACPI 5.2.12.5);
 * what conforms to the bus is as `bus_pci` says: low level, or high edge.
 */
void topology_state_line(struct topology *t, u32 line, struct topology_line pin,
			 u32 flags, bool bus_pci);

#endif
