/*
 * The ACPI way: RSDP, then XSDT or RSDT, then the MADT (ACPI 6.4, sections
 * 5.2.5 to 5.2.12). Of tables that are there twice the first sound one counts.
 * Entries for CPUs of the x2APIC kind are taken where their id fits 8 bits.
 */
#include "kernel/topology_parse.h"

#define HEADER	    36u /* bytes that begin every table */
#define TABLE_MOST  0x100000u /* longer than any table means: not one */
#define MADT_FIXED  44u /* header, local APIC address, flags */
#define RSDP_FIRST  20u /* bytes of ACPI 1.0, with their own checksum */
#define RSDP_FULL   36u
#define ENTRY_SHORT 2u
#define ENTRY_MOST  16u /* bytes of an entry that matter here */

#define MADT_CPU       0
#define MADT_IOAPIC    1
#define MADT_OVERRIDE  2
#define MADT_ADDRESS   5
#define MADT_CPU_X2    9
#define MADT_KINDS     10
#define CPU_IS_ENABLED 1u

/* The least length of each kind of entry that is read; 0: not read. */
static const u8 madt_least[MADT_KINDS] = {
	[MADT_CPU] = 8,	     [MADT_IOAPIC] = 12, [MADT_OVERRIDE] = 10,
	[MADT_ADDRESS] = 12, [MADT_CPU_X2] = 16,
};

/*
 * Overrides, kept until every I/O APIC is known. The global number of a pin
 * that a line is connected to is the I/O APIC's first number plus the pin.
 */
struct madt {
	struct topology_parse *p;
	bool overridden[TOPOLOGY_LINES];
	u32 global[TOPOLOGY_LINES];
	u32 flags[TOPOLOGY_LINES];
};

static bool madt_ioapic(struct madt *m, const u8 *e)
{
	return topology_add_ioapic(m->p, (struct topology_ioapic){
						 .id = e[2],
						 .address = table_u32(e + 4),
						 .first = table_u32(e + 8),
					 });
}

static void madt_override(struct madt *m, const u8 *e)
{
	u32 line = e[3];

	if (e[2] != 0 || line >= 16) /* bus 0 is ISA */
		return;
	m->overridden[line] = true;
	m->global[line] = table_u32(e + 4);
	m->flags[line] = table_u16(e + 8);
}

/* False if the entry makes the table unbelievable. */
static bool madt_entry(struct madt *m, const u8 *e)
{
	switch (e[0]) {
	case MADT_CPU:
		if (table_u32(e + 4) & CPU_IS_ENABLED)
			topology_add_cpu(m->p, e[3]);
		return true;
	case MADT_IOAPIC:
		return madt_ioapic(m, e);
	case MADT_OVERRIDE:
		madt_override(m, e);
		return true;
	case MADT_ADDRESS:
		m->p->found->lapic = table_u32(e + 4);
		return table_u32(e + 8) == 0; /* above 4 GiB: out of reach */
	case MADT_CPU_X2:
		if (table_u32(e + 8) & CPU_IS_ENABLED)
			topology_add_cpu(m->p, table_u32(e + 4));
		return true;
	default:
		return true;
	}
}

static bool madt_walk(struct madt *m, u32 at, u32 end)
{
	while (at < end) {
		u8 e[ENTRY_MOST];
		u32 length;

		if (end - at < ENTRY_SHORT || !m->p->read(at, e, ENTRY_SHORT))
			return false;
		length = e[1];
		if (length < ENTRY_SHORT || length > end - at)
			return false;
		if (e[0] < MADT_KINDS && madt_least[e[0]] != 0) {
			if (length < madt_least[e[0]] ||
			    !m->p->read(at, e, madt_least[e[0]]) ||
			    !madt_entry(m, e))
				return false;
		}
		at += length;
	}
	return true;
}

/* The I/O APIC with the highest first number that is not past `global`. */
static struct topology_line pin_of(const struct topology *t, u32 global)
{
	struct topology_line pin = { .ioapic = TOPOLOGY_NONE };
	u32 best = 0;

	for (u32 i = 0; i < t->ioapic_count; i++) {
		u32 first = t->ioapic[i].first;

		if (first > global ||
		    (pin.ioapic != TOPOLOGY_NONE && first < best))
			continue;
		best = first;
		pin.ioapic = (u8)i;
		pin.pin = global - first < 0xFF ? (u8)(global - first) : 0xFF;
	}
	return pin;
}

static void madt_connect(const struct madt *m)
{
	struct topology *t = m->p->found;

	for (u32 i = 0; i < TOPOLOGY_LINES; i++) {
		struct topology_line pin;

		if (m->overridden[i]) {
			pin = pin_of(t, m->global[i]);
			topology_state_line(t, i, pin, m->flags[i], false);
		} else {
			pin = pin_of(t, i);
			t->line[i].ioapic = pin.ioapic;
			t->line[i].pin = pin.pin;
		}
	}
}

/* The length of the table at `at`, or 0 if it is not a sound one. */
static u32 table_length(topology_read *read, u32 at, const char *name)
{
	u8 header[8];
	u32 length;

	if (at == 0 || !read(at, header, sizeof(header)) ||
	    !table_is(header, name, 4))
		return 0;
	length = table_u32(header + 4);
	if (length < HEADER || length > TABLE_MOST ||
	    !table_adds_up(read, at, length))
		return 0;
	return length;
}

static bool madt_read(struct topology_parse *p, u32 at)
{
	struct madt m = { .p = p };
	u32 length = table_length(p->read, at, "APIC");
	u8 lapic[4];

	if (length < MADT_FIXED || !p->read(at + HEADER, lapic, sizeof(lapic)))
		return false;
	topology_begin(p);
	p->found->lapic = table_u32(lapic);
	if (!madt_walk(&m, at + MADT_FIXED, at + length))
		return false;
	madt_connect(&m);
	p->found->source = TOPOLOGY_ACPI;
	return true;
}

/* Look through the root table, whose pointers are `width` bytes each. */
static bool root_read(struct topology_parse *p, u32 at, u32 width)
{
	u32 length = table_length(p->read, at, width == 8 ? "XSDT" : "RSDT");

	for (u32 i = HEADER; i + width <= length; i += width) {
		u8 pointer[8] = { 0 };
		u8 name[4];
		u32 table;

		if (!p->read(at + i, pointer, width))
			return false;
		table = table_u32(pointer);
		/* The first MADT decides, sound or not. */
		if (table != 0 && table_u32(pointer + 4) == 0 &&
		    p->read(table, name, sizeof(name)) &&
		    table_is(name, "APIC", 4))
			return madt_read(p, table);
	}
	return false;
}

static bool rsdp_accept(struct topology_parse *p, u32 at, const u8 *bytes)
{
	u8 rsdp[RSDP_FULL] = { 0 };

	if (!table_is(bytes, "RSD PTR ", 8) ||
	    !table_adds_up(p->read, at, RSDP_FIRST) ||
	    !p->read(at, rsdp, RSDP_FIRST))
		return false;
	if (rsdp[15] >= 2 && p->read(at, rsdp, RSDP_FULL)) {
		u32 length = table_u32(rsdp + 20);
		bool near =
			table_u32(rsdp + 24) != 0 && table_u32(rsdp + 28) == 0;

		if (near && length >= RSDP_FULL && length <= 4096 &&
		    table_adds_up(p->read, at, length) &&
		    table_length(p->read, table_u32(rsdp + 24), "XSDT") != 0)
			return root_read(p, table_u32(rsdp + 24), 8);
	}
	return root_read(p, table_u32(rsdp + 16), 4);
}

bool topology_parse_acpi(struct topology_parse *p)
{
	return table_scan_ebda(p, rsdp_accept) ||
	       table_scan(p, 0xE0000, 0x100000, rsdp_accept);
}
