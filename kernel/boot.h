/* What the boot loader left: memory, the boot archive, the command line. */
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include "gates/abi.h"

#define BOOT_ROOTS 8

/* A module in memory, page aligned. */
struct module_view {
	const u8 *bytes; /* in the direct map */
	u32 size;
};

struct boot {
	const u8 *archive; /* in the direct map; NULL without one */
	u32 archive_size;
	struct module_view roots[BOOT_ROOTS]; /* archives of the root */
	u32 root_count;
	char command_line[512];
	u32 memory; /* bytes of usable memory reported */
	u32 beyond; /* KiB that the direct map does not cover */
};

extern struct boot boot;

/*
 * Believe the loader's information (Multiboot 1) as far as it holds together:
 * remember it in `boot` and give free memory to the frame allocator.
 */
void boot_read(u32 magic, u32 info);

#endif
