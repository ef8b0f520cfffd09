/* The bus master of a PIIX3's IDE function, and its table. */
#include "master.h"
#include "ata.h"

#define CLASS_STORAGE  1
#define SUBCLASS_IDE   1
#define INTERFACE_OWN  0x05 /* a channel in native mode: not where it was */
#define INTERFACE_DMA  0x80
#define BASE	       4 /* the base register with the ports */
#define BASE_PORTS     0xFFF0u
#define CONFIG_COMMAND 4u
#define CONFIG_ON      5u /* ports, and reaching memory */

/* Ports, from a channel's `master` on. */
#define ORDER	    0
#define ORDER_START 1u
#define ORDER_READ  8u /* from the drive into memory */
#define STATE	    2
#define STATE_BUSY  1u
#define STATE_ERROR 2u /* it is reset, as the next is, by writing 1 */
#define STATE_EVENT 4u
#define STATE_KEEP  0x60u
#define TABLE	    4
#define CHANNEL	    8 /* ports of a channel */

#define RUN_LAST  0x80000000u
#define RUN_LIMIT 0x10000u /* no run goes across a multiple of it */
#define RUNS	  (TABLE_BYTES / sizeof(struct run))

struct run {
	u32 address;
	u32 bytes; /* 0 in the lower half: 64 KiB */
};

static u32 ports_find(void)
{
	struct pci_function f;

	for (u32 i = 0; pci_get(i, &f) >= 0; i++) {
		u32 where = (u32)f.bus << 16 | (u32)f.slot << 11 |
			    (u32)f.number << 8 | CONFIG_COMMAND;
		u32 command;

		if (f.class != CLASS_STORAGE || f.subclass != SUBCLASS_IDE ||
		    !(f.interface & INTERFACE_DMA) ||
		    f.interface & INTERFACE_OWN || !(f.bar[BASE] & 1) ||
		    !(f.bar[BASE] & BASE_PORTS))
			continue;
		if (pci_config_read(where, &command) < 0 ||
		    pci_config_write(where, (command & 0xFFFF) | CONFIG_ON) < 0)
			continue;
		return f.bar[BASE] & BASE_PORTS;
	}
	return 0;
}

void master_find(struct channel channels[CHANNELS])
{
	u32 ports = ports_find(), address;
	i32 table = memory_dma();

	if (!ports || table < 0 || memory_dma_address(&address) < 0 ||
	    port_read8(ports + STATE) < 0)
		return;
	for (u32 i = 0; i < CHANNELS; i++) {
		struct channel *c = &channels[i];

		c->master = ports + i * CHANNEL;
		c->table = (struct run *)((u32)table + i * TABLE_BYTES);
		c->table_address = address + i * TABLE_BYTES;
		master_stop(c);
	}
}

/* Returns the number of runs so far, with those of one piece. */
static i32 piece_add(struct run *table, u32 n, struct block_piece p)
{
	if (!p.bytes || p.bytes % SECTOR || p.address % 4)
		return -E_RANGE;
	while (p.bytes) {
		u32 bytes = min(p.bytes, RUN_LIMIT - p.address % RUN_LIMIT);

		if (n == RUNS)
			return -E_BIG;
		table[n].address = p.address;
		table[n++].bytes = bytes & (RUN_LIMIT - 1);
		p.address += bytes;
		p.bytes -= bytes;
	}
	return (i32)n;
}

i32 master_fill(struct channel *c, from u8 *pieces, u32 size, u32 bytes)
{
	struct block_piece p;
	i32 n = 0;

	for (u32 at = 0; at < size; at += sizeof p) {
		take(&p, pieces + at, min(sizeof p, size - at));
		if (size - at < sizeof p || p.bytes > bytes)
			return -E_RANGE;
		bytes -= p.bytes;
		n = piece_add(c->table, (u32)n, p);
		if (n < 0)
			return n;
	}
	if (bytes || !n)
		return -E_RANGE;
	c->table[n - 1].bytes |= RUN_LAST;
	return 0;
}

void master_ready(const struct channel *c)
{
	__asm__ volatile("" : : : "memory"); /* the table is written */
	port_write32(c->master + TABLE, c->table_address);
	port_write8(c->master + ORDER, c->how == READ ? ORDER_READ : 0);
	port_write8(c->master + STATE, STATE_KEEP | STATE_EVENT | STATE_ERROR);
}

void master_go(const struct channel *c)
{
	port_write8(c->master + ORDER,
		    ORDER_START | (c->how == READ ? ORDER_READ : 0));
}

void master_stop(const struct channel *c)
{
	if (!c->master)
		return;
	port_write8(c->master + ORDER, 0);
	port_write8(c->master + STATE, STATE_KEEP | STATE_EVENT | STATE_ERROR);
}

i32 master_end(const struct channel *c, u32 *state)
{
	u32 mine = (u32)port_read8(c->master + STATE);

	if (!(mine & STATE_EVENT))
		return 0;
	*state = register_read(c, STATUS);
	if (*state & STATUS_BUSY)
		return 0;
	master_stop(c);
	__asm__ volatile("" : : : "memory");
	return mine & (STATE_ERROR | STATE_BUSY) ? -E_DEVICE : 1;
}
