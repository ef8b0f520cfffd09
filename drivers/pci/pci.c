/*
 * The PCI bus by configuration mechanism 1. Which functions there are is
 * found once, at the start, bridges included; what they hold is read anew
 * whenever somebody asks. Registers as in the PCI specification 2.1, chapter
 * 6, and the bridge specification 1.1, chapter 3.
 */
#include "pci.h"

#define ADDRESS	       0xCF8
#define DATA	       0xCFC
#define ADDRESS_ENABLE 0x80000000u

#define REGISTER_ID	0x00
#define REGISTER_CLASS	0x08
#define REGISTER_HEADER 0x0C
#define REGISTER_BARS	0x10
#define REGISTER_BUSES	0x18 /* of a bridge */
#define REGISTER_LINE	0x3C
#define HEADER_MANY	0x800000 /* more functions than number 0 */
#define HEADER_KIND(h)	((h) >> 16 & 0x7F)
#define KIND_DEVICE	0
#define KIND_BRIDGE	1
#define WHERE_MOST	0xFFFFFFu
#define FUNCTIONS_MOST	128

/* Where each function is: bus << 16 | slot << 11 | number << 8. */
static u32 functions[FUNCTIONS_MOST];
static u32 function_count;

static u32 get(u32 where)
{
	u32 value;

	port_write32(ADDRESS, ADDRESS_ENABLE | where);
	port_read32(DATA, &value);
	return value;
}

static bool present(u32 where)
{
	return (get(where + REGISTER_ID) & 0xFFFF) != 0xFFFF;
}

/* Note a function; if it is a bridge, the bus behind it is to be scanned. */
static void function_found(u32 where, bool *buses)
{
	u32 behind;

	if (function_count < FUNCTIONS_MOST)
		functions[function_count++] = where;
	if (HEADER_KIND(get(where + REGISTER_HEADER)) != KIND_BRIDGE)
		return;
	behind = get(where + REGISTER_BUSES) >> 8 & 0xFF;
	if (behind > where >> 16) /* so that the scan comes to an end */
		buses[behind] = true;
}

static void slot_scan(u32 where, bool *buses)
{
	u32 numbers = 8;

	if (!present(where))
		return;
	if (!(get(where + REGISTER_HEADER) & HEADER_MANY))
		numbers = 1;
	for (u32 number = 0; number < numbers; number++)
		if (present(where | number << 8))
			function_found(where | number << 8, buses);
}

i32 life_start(u32 generation)
{
	bool buses[256] = { true };
	char text[48];
	u32 echo;

	port_write32(ADDRESS, ADDRESS_ENABLE);
	port_read32(ADDRESS, &echo);
	if (echo != ADDRESS_ENABLE)
		return -E_DEVICE;

	for (u32 bus = 0; bus < 256; bus++)
		for (u32 slot = 0; buses[bus] && slot < 32; slot++)
			slot_scan(bus << 16 | slot << 11, buses);
	log_write(text,
		  print_to(text, sizeof text, "pci: %u functions, start %u",
			   function_count, generation));
	return 0;
}

i32 pci_get(u32 index, into struct pci_function *found)
{
	if (index >= function_count)
		return -E_NAME;

	u32 where = functions[index];
	u32 id = get(where + REGISTER_ID);
	u32 class = get(where + REGISTER_CLASS);
	u32 kind = HEADER_KIND(get(where + REGISTER_HEADER));
	u32 bars = kind == KIND_DEVICE ? 6 : kind == KIND_BRIDGE ? 2 : 0;
	struct pci_function one = {
		.vendor = (u16)id,
		.device = (u16)(id >> 16),
		.class = (u8)(class >> 24),
		.subclass = (u8)(class >> 16),
		.interface = (u8)(class >> 8),
		.revision = (u8) class,
		.bus = (u8)(where >> 16),
		.slot = where >> 11 & 31,
		.number = where >> 8 & 7,
		.line = (u8)get(where + REGISTER_LINE),
	};

	for (u32 i = 0; i < bars; i++)
		one.bar[i] = get(where + REGISTER_BARS + 4 * i);
	give(found, &one, sizeof one);
	return 0;
}

i32 pci_config_read(u32 where, into u32 *value)
{
	u32 word;

	if (where > WHERE_MOST || where % 4 != 0)
		return -E_RANGE;
	word = get(where);
	give(value, &word, sizeof word);
	return 0;
}

i32 pci_config_write(u32 where, u32 value)
{
	if (where > WHERE_MOST || where % 4 != 0)
		return -E_RANGE;
	port_write32(ADDRESS, ADDRESS_ENABLE | where);
	return port_write32(DATA, value);
}
