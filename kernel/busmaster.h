/*
 * The core's two uses of PCI: when a domain dies, its devices must stop writing
 * to memory before that memory is anybody else's; and a domain whose .dom names
 * a device may use the I/O ports that the firmware gave to it.
 */
#ifndef KERNEL_BUSMASTER_H
#define KERNEL_BUSMASTER_H

#include <stdbool.h>

#include "kernel/image.h"

#define BUSMASTER_MOST	8
#define BUSMASTER_PORTS 16

/* Devices that a manifest names, as CONFIG_ADDRESS wants them. */
struct busmasters {
	u32 count;
	u32 address[BUSMASTER_MOST];
	u32 port_count;
	struct manifest_port ports[BUSMASTER_PORTS]; /* behind their bases */
};

/* Find those devices; once, when the domain is loaded. */
void busmaster_find(const struct image *image, struct busmasters *out);

/* Are all `width` ports from `port` on behind one base of theirs? */
bool busmaster_has_ports(const struct busmasters *b, u32 port, u32 width);

/* Turn their bus mastering off. World stopped. */
void busmaster_off(const struct busmasters *b);

#endif
