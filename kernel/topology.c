/*
 * The order in which firmware tables are asked, and what their readers share.
 * The readers are topology_acpi.c and topology_mp.c.
 */
#include "kernel/topology_parse.h"

#define EBDA_SEGMENT 0x40E /* BIOS data area: real-mode segment of the EBDA */
#define LOW_END	     0xA0000u
#define PARAGRAPH    16u
#define PAGE	     4096u
#define ISA_LINES    16u
#define PINS_MOST    120u /* what the 8-bit register index reaches */

bool table_adds_up(topology_read *read, u32 at, u32 bytes)
{
	u8 part[64];
	u8 sum = 0;

	if (bytes > 0xFFFFFFFFu - at)
		return false;
	while (bytes > 0) {
		u32 n = bytes < sizeof(part) ? bytes : (u32)sizeof(part);

		if (!read(at, part, n))
			return false;
		for (u32 i = 0; i < n; i++)
			sum = (u8)(sum + part[i]);
		at += n;
		bytes -= n;
	}
	return sum == 0;
}

bool table_scan(struct topology_parse *p, u32 at, u32 end, table_accept *accept)
{
	u8 bytes[PARAGRAPH];

	for (; at < end; at += PARAGRAPH)
		if (p->read(at, bytes, PARAGRAPH) && accept(p, at, bytes))
			return true;
	return false;
}

bool table_scan_ebda(struct topology_parse *p, table_accept *accept)
{
	u8 segment[2];
	u32 at;

	if (!p->read(EBDA_SEGMENT, segment, 2))
		return false;
	at = table_u16(segment) << 4;
	if (at < PAGE || at > LOW_END - 1024)
		return false;
	return table_scan(p, at, at + 1024, accept);
}

void topology_add_cpu(struct topology_parse *p, u32 apic_id)
{
	struct topology *t = p->found;

	if (apic_id == t->cpu_apic_id[0]) {
		p->boot_listed = true;
		return;
	}
	for (u32 i = 1; i < t->cpu_count; i++)
		if (t->cpu_apic_id[i] == apic_id)
			return;
	/* Id 255 addresses everybody. */
	if (apic_id >= 255 || t->cpu_count == TOPOLOGY_CPUS)
		t->cpu_left_out++;
	else
		t->cpu_apic_id[t->cpu_count++] = (u8)apic_id;
}

bool topology_add_ioapic(struct topology_parse *p, struct topology_ioapic a)
{
	struct topology *t = p->found;

	/* Below 1 MiB lies memory; the registers take 32 bytes. */
	if (a.address < 0x100000 || a.address % PARAGRAPH != 0)
		return false;
	for (u32 i = 0; i < t->ioapic_count; i++)
		if (t->ioapic[i].address == a.address)
			return false;
	if (t->ioapic_count < TOPOLOGY_IOAPICS)
		t->ioapic[t->ioapic_count++] = a;
	return true;
}

void topology_state_line(struct topology *t, u32 line, struct topology_line pin,
			 u32 flags, bool bus_pci)
{
	u32 polarity = flags & 3;
	u32 trigger = (flags >> 2) & 3;

	pin.low = polarity == 3 || (polarity != 1 && bus_pci);
	pin.level = trigger == 3 || (trigger != 1 && bus_pci);
	pin.stated = true;
	t->line[line] = pin;
}

/* Whether another line has a better claim to the pin of line `i`. */
static bool pin_is_taken(const struct topology *t, u32 i)
{
	const struct topology_line *mine = &t->line[i];

	for (u32 j = 0; j < TOPOLOGY_LINES; j++) {
		const struct topology_line *other = &t->line[j];

		if (j != i && other->stated && (!mine->stated || j < i) &&
		    other->ioapic == mine->ioapic && other->pin == mine->pin)
			return true;
	}
	return false;
}

/* No two lines share a pin, and those without one say so. */
static void prune_lines(struct topology *t)
{
	for (u32 i = 0; i < TOPOLOGY_LINES; i++) {
		struct topology_line *line = &t->line[i];

		if (line->ioapic >= t->ioapic_count || line->pin >= PINS_MOST ||
		    pin_is_taken(t, i))
			line->ioapic = TOPOLOGY_NONE;
	}
}

void topology_begin(struct topology_parse *p)
{
	*p->found = (struct topology){
		.source = TOPOLOGY_BARE,
		.cpu_count = 1,
		.cpu_apic_id = { p->boot_apic_id },
	};
	for (u32 i = 0; i < TOPOLOGY_LINES; i++)
		p->found->line[i] = (struct topology_line){
			.pin = (u8)i,
			.level = i >= ISA_LINES,
			.low = i >= ISA_LINES,
		};
	p->boot_listed = false;
}

/* A table without the CPU that reads it describes another machine. */
static bool believable(const struct topology_parse *p)
{
	u32 lapic = p->found->lapic;

	return p->boot_listed && lapic >= 0x100000 && lapic % PAGE == 0;
}

void topology_find(topology_read *read, u8 boot_apic_id, struct topology *out)
{
	struct topology_parse p = {
		.read = read,
		.found = out,
		.boot_apic_id = boot_apic_id,
	};

	if (!(topology_parse_acpi(&p) && believable(&p)) &&
	    !(topology_parse_mp(&p) && believable(&p)))
		topology_begin(&p);
	prune_lines(out);
}

const char *topology_source_name(const struct topology *t)
{
	switch (t->source) {
	case TOPOLOGY_ACPI:
		return "ACPI MADT";
	case TOPOLOGY_MP:
		return "MP table";
	case TOPOLOGY_MP_DEFAULT:
		return "MP default configuration";
	default:
		return "no table";
	}
}
