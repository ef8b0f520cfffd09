/*
 * PCI configuration mechanism 1, beside the pci domain: only with the world
 * stopped, and with CONFIG_ADDRESS put back as it was, so that the domain
 * never notices. PCI Local Bus Specification 3.0, sections 3.2.2.3.2 and 6.1.
 */
#include "kernel/busmaster.h"

#include "kernel/cpu.h"
#include "kernel/port.h"

#define CONFIG_ADDRESS 0xCF8
#define CONFIG_DATA    0xCFC
#define ENABLE	       0x80000000u
#define BUSES	       256u
#define FUNCTIONS      256u /* of a bus: 32 slots of 8 */
#define IDENTITY       0x00
#define COMMAND	       0x04
#define CLASS	       0x08
#define BUS_MASTER     0x4u

static u32 config_read(u32 address, u32 where)
{
	port_out32(CONFIG_ADDRESS, address | where);
	return port_in32(CONFIG_DATA);
}

static int matches(const struct image *image, u32 identity, u32 class)
{
	for (u32 i = 0; i < image->manifest->pci_count; i++) {
		u32 is = image->pcis[i].by_class ?
				 class >> 16 :
				 identity << 16 | identity >> 16;

		if (is == image->pcis[i].match)
			return 1;
	}
	return 0;
}

static void find_on(u32 bus, const struct image *image, struct busmasters *out)
{
	for (u32 f = 0; f < FUNCTIONS && out->count < BUSMASTER_MOST; f++) {
		u32 address = ENABLE | bus << 16 | f << 8;
		u32 identity = config_read(address, IDENTITY);

		if ((identity & 0xFFFF) != 0xFFFF &&
		    matches(image, identity, config_read(address, CLASS)))
			out->address[out->count++] = address;
	}
}

void busmaster_find(const struct image *image, struct busmasters *out)
{
	out->count = 0;
	for (u32 bus = 0; image->manifest->pci_count && bus < BUSES; bus++) {
		world_stop();
		u32 was = port_in32(CONFIG_ADDRESS);
		find_on(bus, image, out);
		port_out32(CONFIG_ADDRESS, was);
		world_start();
	}
}

void busmaster_off(const struct busmasters *b)
{
	if (!b->count)
		return;
	u32 was = port_in32(CONFIG_ADDRESS);
	for (u32 i = 0; i < b->count; i++) {
		u32 command = config_read(b->address[i], COMMAND) & 0xFFFF;

		port_out32(CONFIG_DATA, command & ~BUS_MASTER);
	}
	port_out32(CONFIG_ADDRESS, was);
}
