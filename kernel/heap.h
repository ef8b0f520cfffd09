/*
 * The core's objects: blocks of 16 bytes to 2 KiB cut from frames, and whole
 * runs of frames above that. Never sleeps, and answers NULL when there is no
 * memory; heap_take_user (kernel/space/cache.h) gets more. Blocks come zeroed.
 */
#ifndef KERNEL_HEAP_H
#define KERNEL_HEAP_H

#include "gates/abi.h"

void *heap_take_now(u32 size);
void heap_give(void *block);

/* Blocks of at most 2 KiB in use, and the frames that they are cut from. */
struct heap_use {
	u32 blocks, frames;
};
struct heap_use heap_use(void);

#endif
