/*
 * The core's one use of PCI: when a domain dies, its devices must stop writing
 * to memory before that memory is anybody else's.
 */
#ifndef KERNEL_BUSMASTER_H
#define KERNEL_BUSMASTER_H

#include "kernel/image.h"

#define BUSMASTER_MOST 8

/* Devices that a manifest names, as CONFIG_ADDRESS wants them. */
struct busmasters {
	u32 count;
	u32 address[BUSMASTER_MOST];
};

/* Find those devices; once, when the domain is loaded. */
void busmaster_find(const struct image *image, struct busmasters *out);

/* Turn their bus mastering off. World stopped. */
void busmaster_off(const struct busmasters *b);

#endif
