/*
 * PCI configuration mechanism 1, beside the pci domain: only with the world
 * stopped, and with CONFIG_ADDRESS put back as it was, so that the domain
 * never notices. PCI Local Bus Specification 3.0, sections 3.2.2.3.2, 6.1 and
 * 6.2.5.1; PCI-to-PCI Bridge Architecture Specification 1.1, section 3.2.
 */
#include "kernel/busmaster.h"

#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/port.h"

#define CONFIG_ADDRESS 0xCF8
#define CONFIG_DATA    0xCFC
#define ENABLE	       0x80000000u
#define SLOTS	       32u
#define NUMBERS	       8u
#define IDENTITY       0x00
#define COMMAND	       0x04
#define CLASS	       0x08
#define HEADER	       0x0C
#define BASES	       0x10 /* six of them, of a device */
#define BRIDGE_BUSES   0x18
#define IO_SPACE       0x1u
#define BUS_MASTER     0x4u
#define HEADER_KIND    0x7F0000u
#define HEADER_BRIDGE  0x010000u
#define HEADER_MANY    0x800000u /* more functions than number 0 */
#define BASE_IO	       0x1u
#define BASE_WIDE      0x4u /* memory, and the next one is its upper half */
#define BASE_PORTS     0xFFFCu
#define PORTS_MOST     256u /* behind one base */

static u32 config_read(u32 address, u32 where)
{
	port_out32(CONFIG_ADDRESS, address | where);
	return port_in32(CONFIG_DATA);
}

static void config_write(u32 address, u32 where, u32 value)
{
	port_out32(CONFIG_ADDRESS, address | where);
	port_out32(CONFIG_DATA, value);
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

/* Ports behind a base that holds `base`: it keeps no ones below its size. */
static void ports_find(u32 address, u32 where, u32 base, struct busmasters *out)
{
	u32 command = config_read(address, COMMAND) & 0xFFFF;
	u32 first = base & BASE_PORTS, count;

	config_write(address, COMMAND, command & ~IO_SPACE);
	config_write(address, where, 0xFFFFFFFF);
	count = (~(config_read(address, where) & BASE_PORTS) & 0xFFFF) + 1;
	config_write(address, where, base);
	config_write(address, COMMAND, command);
	if (count > PORTS_MOST || first + count > 0x10000 || base >> 16 ||
	    out->port_count == BUSMASTER_PORTS)
		return;
	out->ports[out->port_count].first = (u16)first;
	out->ports[out->port_count++].last = (u16)(first + count - 1);
}

static void function_found(u32 address, struct busmasters *out)
{
	if (out->count == BUSMASTER_MOST)
		return;
	out->address[out->count++] = address;
	if (config_read(address, HEADER) & HEADER_KIND)
		return;
	for (u32 where = BASES; where < BASES + 6 * 4; where += 4) {
		u32 base = config_read(address, where);

		if (base & BASE_IO && base & BASE_PORTS)
			ports_find(address, where, base, out);
		else if (!(base & BASE_IO) && base & BASE_WIDE)
			where += 4;
	}
}

/* `last`: of the buses, as far as bridges lead. */
static void slot_look(u32 address, const struct image *image,
		      struct busmasters *out, u32 *last)
{
	for (u32 number = 0; number < NUMBERS; number++, address += 0x100) {
		u32 identity = config_read(address, IDENTITY), header;

		if ((identity & 0xFFFF) == 0xFFFF) {
			if (number == 0)
				return;
			continue;
		}
		if (matches(image, identity, config_read(address, CLASS)))
			function_found(address, out);
		header = config_read(address, HEADER);
		if ((header & HEADER_KIND) == HEADER_BRIDGE)
			*last = max(*last,
				    config_read(address, BRIDGE_BUSES) >> 16 &
					    0xFF);
		if (number == 0 && !(header & HEADER_MANY))
			return;
	}
}

void busmaster_find(const struct image *image, struct busmasters *out)
{
	u32 last = 0;

	out->count = out->port_count = 0;
	for (u32 bus = 0; image->manifest->pci_count && bus <= last; bus++) {
		world_stop();
		u32 was = port_in32(CONFIG_ADDRESS);
		for (u32 slot = 0; slot < SLOTS; slot++)
			slot_look(ENABLE | bus << 16 | slot << 11, image, out,
				  &last);
		port_out32(CONFIG_ADDRESS, was);
		world_start();
	}
}

bool busmaster_has_ports(const struct busmasters *b, u32 port, u32 width)
{
	for (u32 i = 0; i < b->port_count; i++)
		if (port >= b->ports[i].first &&
		    port + width - 1 <= b->ports[i].last && port < 0x10000)
			return true;
	return false;
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
