/*
 * The gate `block` over the virtio disks of the PCI bus, in its order. Nothing
 * here outlives a generation: each begins by setting its disks back.
 */
#include "virtio.h"
#include "disk.h"

#define VENDOR	       0x1AF4
#define DEVICE	       0x1001
#define CONFIG_COMMAND 4u
#define CONFIG_ON      5u /* ports, and reaching memory */
#define BASE_PORTS     0xFFFCu
#define DISKS	       8
#define DMA_BYTES      (384u << 10) /* as virtio.dom has it */

enum flag {
	FLAG_READ_ONLY = 1,
	FLAG_KEEPS = 2,
	FLAG_REACHES = 4,
	FLAG_ROWS = 16
};

static struct disk disks[DISKS];
static u32 disk_count;
static u32 memory_used;

static void disk_say(const struct disk *d)
{
	char text[80];

	log_write(text,
		  print_to(text, sizeof text,
			   "virtio: unit %u: %u sectors, line %u, %u at once",
			   (u32)(d - disks), d->sectors, d->line,
			   d->queue.depth));
}

static void disk_found(const struct pci_function *f)
{
	u32 where = (u32)f->bus << 16 | (u32)f->slot << 11 |
		    (u32)f->number << 8 | CONFIG_COMMAND;
	struct disk *d = &disks[disk_count];
	u32 command;

	if (disk_count == DISKS || !(f->bar[0] & 1))
		return;
	if (pci_config_read(where, &command) < 0 ||
	    pci_config_write(where, (command & 0xFFFF) | CONFIG_ON) < 0)
		return;
	d->ports = f->bar[0] & BASE_PORTS;
	d->line = f->line;
	memory_dma_address(&d->memory_address);
	d->memory = (void *)((u32)memory_dma() + memory_used);
	d->memory_address += memory_used;
	d->memory_bytes = DMA_BYTES - memory_used;
	if (disk_begin(d) < 0) {
		log_write("virtio: a disk that cannot be used", 34);
		disk_end(d);
		memset(d, 0, sizeof *d);
		return;
	}
	memory_used += queue_bytes(d->queue.size);
	disk_count++;
	disk_say(d);
}

i32 life_start(u32 generation)
{
	struct pci_function f;

	(void)generation;
	for (u32 i = 0; pci_get(i, &f) >= 0; i++)
		if (f.vendor == VENDOR && f.device == DEVICE)
			disk_found(&f);
	return 0;
}

i32 life_stop(void)
{
	for (u32 i = 0; i < disk_count; i++)
		disk_end(&disks[i]);
	return 0;
}

i32 life_interrupt(u32 line)
{
	i32 any = 0;

	for (u32 i = 0; i < disk_count; i++)
		if (disks[i].line == line)
			any |= disk_interrupt(&disks[i]);
	return any;
}

i32 block_identify(u32 unit, into struct block_disk *found)
{
	struct block_disk disk = { .model = "virtio disk" };
	const struct disk *d = &disks[unit];

	if (unit >= disk_count)
		return -E_NAME;
	disk.sectors = d->sectors;
	disk.most = d->most;
	disk.pieces = d->pieces;
	disk.depth = d->queue.depth;
	disk.align = d->align;
	disk.flags = FLAG_REACHES | FLAG_ROWS |
		     (d->read_only ? FLAG_READ_ONLY : 0u) |
		     (d->flushes ? FLAG_KEEPS : 0u);
	give(found, &disk, sizeof disk);
	return 0;
}

i32 block_start(u32 unit, u32 tag, u32 how, u32 sector, u32 count,
		from u8 *pieces, u32 size)
{
	if (unit >= disk_count)
		return -E_NAME;
	return disk_ask(&disks[unit], tag, how, sector, count, pieces, size);
}

i32 block_reset(u32 unit)
{
	if (unit >= disk_count)
		return -E_NAME;
	return disk_begin(&disks[unit]);
}
