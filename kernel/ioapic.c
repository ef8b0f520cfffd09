/* The I/O APICs' registers (Intel 82093AA data sheet, section 3). */
#include "kernel/ioapic.h"

#include "kernel/page.h"

#define BYTES	 0x20
#define SELECT	 0
#define WINDOW	 (0x10 / 4)
#define VERSION	 0x01
#define ENTRIES	 0x10 /* two registers each */
#define PIN_MOST 120

struct ioapic {
	volatile u32 *registers;
	u32 pins;
};

static struct ioapic ioapics[TOPOLOGY_IOAPICS];

static u32 register_read(u32 ioapic, u32 number)
{
	ioapics[ioapic].registers[SELECT] = number;
	return ioapics[ioapic].registers[WINDOW];
}

static void register_write(u32 ioapic, u32 number, u32 value)
{
	ioapics[ioapic].registers[SELECT] = number;
	ioapics[ioapic].registers[WINDOW] = value;
}

u32 ioapic_init(const struct topology *t)
{
	u32 all = 0;

	for (u32 i = 0; i < t->ioapic_count; i++) {
		u32 version, pins;

		ioapics[i].registers = device_map(t->ioapic[i].address, BYTES);
		version = register_read(i, VERSION);
		pins = (version >> 16 & 0xFF) + 1;
		if (version == 0xFFFFFFFF || version == 0 || pins > PIN_MOST)
			pins = 0;
		ioapics[i].pins = pins;
		all += pins;
		for (u32 pin = 0; pin < pins; pin++)
			ioapic_write_low(i, pin, IOAPIC_MASKED);
	}
	return all;
}

u32 ioapic_pins(u32 ioapic)
{
	return ioapic < TOPOLOGY_IOAPICS ? ioapics[ioapic].pins : 0;
}

void ioapic_write_low(u32 ioapic, u32 pin, u32 low)
{
	register_write(ioapic, ENTRIES + 2 * pin, low);
}

void ioapic_write(u32 ioapic, u32 pin, u32 low, u8 apic_id)
{
	ioapic_write_low(ioapic, pin, low | IOAPIC_MASKED);
	register_write(ioapic, ENTRIES + 2 * pin + 1, (u32)apic_id << 24);
	if (!(low & IOAPIC_MASKED))
		ioapic_write_low(ioapic, pin, low);
}
