/*
 * The older way: the MP floating pointer and its configuration table, or one
 * of the default configurations (Intel MultiProcessor Specification 1.4,
 * chapters 4 and 5). Defaults whose lines do not reach the I/O APIC as ISA
 * lines do (2: no timer; 4 and 7: Micro Channel) are left to the 8259.
 */
#include "kernel/topology_parse.h"

#define BASE_MEMORY_KIB 0x413 /* BIOS data area */
#define HEADER		44u
#define DEFAULT_LAPIC	0xFEE00000u
#define DEFAULT_IOAPIC	0xFEC00000u
#define IMCR_PRESENT	0x80
#define ENTRY_MOST	20u

#define MP_CPU	     0
#define MP_BUS	     1
#define MP_IOAPIC    2
#define MP_INTERRUPT 3
#define MP_LOCAL     4
#define MP_KINDS     5
#define IS_ENABLED   1
#define VECTORED     0 /* interrupt types; 3 is the 8259's */
#define TO_ALL	     0xFF

static const u8 entry_length[MP_KINDS] = { 20, 8, 8, 8, 8 };

enum bus { BUS_UNKNOWN, BUS_ISA, BUS_PCI };

struct mp {
	struct topology_parse *p;
	u32 at, end, count;
	u8 bus[256]; /* enum bus, by bus id */
};

/* False if the entry makes the table unbelievable. */
typedef bool mp_visit(struct mp *m, const u8 *e);

static bool mp_walk(struct mp *m, mp_visit *visit)
{
	u32 at = m->at;

	for (u32 i = 0; i < m->count; i++) {
		u8 e[ENTRY_MOST];
		u32 length;

		if (at >= m->end || !m->p->read(at, e, 1) || e[0] >= MP_KINDS)
			return false;
		length = entry_length[e[0]];
		if (length > m->end - at || !m->p->read(at, e, length) ||
		    !visit(m, e))
			return false;
		at += length;
	}
	return true;
}

static bool visit_parts(struct mp *m, const u8 *e)
{
	switch (e[0]) {
	case MP_CPU:
		if (e[3] & IS_ENABLED)
			topology_add_cpu(m->p, e[1]);
		return true;
	case MP_BUS:
		if (table_is(e + 2, "ISA   ", 6) ||
		    table_is(e + 2, "EISA  ", 6))
			m->bus[e[1]] = BUS_ISA;
		else if (table_is(e + 2, "PCI   ", 6))
			m->bus[e[1]] = BUS_PCI;
		return true;
	case MP_IOAPIC:
		return !(e[3] & IS_ENABLED) ||
		       topology_add_ioapic(m->p,
					   (struct topology_ioapic){
						   .id = e[1],
						   .address = table_u32(e + 4),
					   });
	default:
		return true;
	}
}

/* The index of the I/O APIC an interrupt entry names, or TOPOLOGY_NONE. */
static u8 entry_ioapic(const struct topology *t, const u8 *e)
{
	for (u32 i = 0; i < t->ioapic_count; i++)
		if (e[6] == t->ioapic[i].id || e[6] == TO_ALL)
			return (u8)i;
	return TOPOLOGY_NONE;
}

static bool visit_isa(struct mp *m, const u8 *e)
{
	struct topology *t = m->p->found;
	struct topology_line pin = { .pin = e[7] };

	if (e[0] != MP_INTERRUPT || e[1] != VECTORED ||
	    m->bus[e[4]] != BUS_ISA || e[5] >= 16)
		return true;
	pin.ioapic = entry_ioapic(t, e);
	if (pin.ioapic != TOPOLOGY_NONE)
		topology_state_line(t, e[5], pin, table_u16(e + 2), false);
	return true;
}

/* A PCI entry names a device, not a line: what counts is the pin it is on. */
static bool visit_pci(struct mp *m, const u8 *e)
{
	struct topology *t = m->p->found;
	u32 line = e[7];

	if (e[0] != MP_INTERRUPT || e[1] != VECTORED ||
	    m->bus[e[4]] != BUS_PCI || line >= TOPOLOGY_LINES)
		return true;
	if (entry_ioapic(t, e) == 0 && !t->line[line].stated)
		topology_state_line(t, line,
				    (struct topology_line){ .pin = e[7] },
				    table_u16(e + 2), true);
	return true;
}

static bool table_read(struct topology_parse *p, u32 at)
{
	struct mp m = { .p = p };
	u8 header[HEADER];
	u32 length;

	if (at == 0 || !p->read(at, header, HEADER) ||
	    !table_is(header, "PCMP", 4) || (header[6] != 1 && header[6] != 4))
		return false;
	length = table_u16(header + 4);
	if (length < HEADER || !table_adds_up(p->read, at, length))
		return false;
	m.at = at + HEADER;
	m.end = at + length;
	m.count = table_u16(header + 34);
	p->found->lapic = table_u32(header + 36);
	p->found->source = TOPOLOGY_MP;
	/* Entries should come in the order of their kinds; they need not. */
	return mp_walk(&m, visit_parts) && mp_walk(&m, visit_isa) &&
	       mp_walk(&m, visit_pci);
}

/* Section 5: two CPUs, ids 0 and 1, at most one I/O APIC of 16 pins, id 2. */
static bool default_configuration(struct topology_parse *p, u32 number)
{
	struct topology *t = p->found;
	struct topology_ioapic a = { .id = 2, .address = DEFAULT_IOAPIC };

	if (number > 7)
		return false;
	topology_add_cpu(p, 0);
	topology_add_cpu(p, 1);
	t->lapic = DEFAULT_LAPIC;
	t->source = TOPOLOGY_MP_DEFAULT;
	if (number == 2 || number == 4 || number == 7)
		return true;
	for (u32 i = 16; i < TOPOLOGY_LINES; i++)
		t->line[i].ioapic = TOPOLOGY_NONE;
	topology_state_line(t, 0, (struct topology_line){ .pin = 2 }, 0, false);
	return topology_add_ioapic(p, a);
}

static bool floating_accept(struct topology_parse *p, u32 at, const u8 *bytes)
{
	if (!table_is(bytes, "_MP_", 4) || bytes[8] != 1 ||
	    (bytes[9] != 1 && bytes[9] != 4) || !table_adds_up(p->read, at, 16))
		return false;
	topology_begin(p);
	p->found->imcr = bytes[12] & IMCR_PRESENT;
	if (bytes[11] != 0)
		return default_configuration(p, bytes[11]);
	return table_read(p, table_u32(bytes + 4));
}

/* The last KiB of memory below 640 KiB. */
static bool scan_base(struct topology_parse *p)
{
	u8 kib[2];
	u32 end;

	if (!p->read(BASE_MEMORY_KIB, kib, 2))
		return false;
	end = table_u16(kib) * 1024;
	if (end < 0x10000 || end > 0xA0000)
		return false;
	return table_scan(p, end - 1024, end, floating_accept);
}

bool topology_parse_mp(struct topology_parse *p)
{
	return table_scan_ebda(p, floating_accept) || scan_base(p) ||
	       table_scan(p, 0xF0000, 0x100000, floating_accept);
}
