/*
 * The two 8259 interrupt controllers: lines 0 to 15, line 2 lost to joining
 * them. Serves kernel/line.c, whose lock guards all but pic_init.
 */
#ifndef KERNEL_PIC_H
#define KERNEL_PIC_H

#include <stdbool.h>

#include "gates/abi.h"

/* Move them to 16 vectors from `base` (a multiple of 8), all lines masked. */
void pic_init(u8 base);

bool pic_has(u32 line);

/* The lines that are level-triggered, as bits. */
u32 pic_levels(void);

void pic_set_masked(u32 line, bool masked);

/* A line of which the controller does not know that it was raised. */
bool pic_spurious(u32 line);

void pic_end(u32 line);

#endif
