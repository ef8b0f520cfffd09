/*
 * Reading physical memory where firmware left its tables, for topology_find:
 * also above what the direct map covers. Boot only.
 */
#ifndef KERNEL_FIRMWARE_H
#define KERNEL_FIRMWARE_H

#include <stdbool.h>

#include "gates/abi.h"

/*
 * Copy `bytes` bytes. False past 4 GiB, or when tables lie scattered over more
 * than eight 64 KiB pieces above the direct map: each piece stays mapped.
 */
bool firmware_read(u32 physical, void *to, u32 bytes);

#endif
