/*
 * Turns on bus mastering of the IDE controller, and says how it found it: a
 * generation after a fault must find it off again.
 */
#include "master.h"

#define COMMAND	   4u
#define BUS_MASTER 4u

static i32 controller_find(u32 *where)
{
	struct pci_function f;

	for (u32 i = 0; pci_get(i, &f) >= 0; i++)
		if (f.class == 1 && f.subclass == 1) {
			*where = (u32)f.bus << 16 | (u32)f.slot << 11 |
				 (u32)f.number << 8 | COMMAND;
			return 0;
		}
	return -E_DEVICE;
}

static const char *state(u32 command)
{
	return command & BUS_MASTER ? "on" : "off";
}

static int dma_is_right(void)
{
	u32 address = 0;

	memory_dma_address(&address);
	return address && address + 4096 <= 16 << 20 && memory_dma() > 0;
}

i32 life_start(u32 generation)
{
	u32 where, found, now;
	char text[80];
	i32 error = controller_find(&where);

	if (!error)
		error = pci_config_read(where, &found);
	if (!error)
		error = pci_config_write(where, (found & 0xFFFF) | BUS_MASTER);
	if (!error)
		error = pci_config_read(where, &now);
	if (error < 0)
		return error;
	log_write(text, print_to(text, sizeof text,
				 "master: start %u, was %s, now %s, dma %s",
				 generation, state(found), state(now),
				 dma_is_right() ? "right" : "wrong"));
	return 0;
}
