/*
 * The machine as programs see it: its names, which root may change, and how
 * busy it is.
 */
#ifndef KERNEL_PROCESS_SYSTEM_H
#define KERNEL_PROCESS_SYSTEM_H

#include "gates/abi.h"

#define SYSTEM_NAME 65u /* with its NUL */

#define SYSTEM_SYSNAME "Linux"
#define SYSTEM_RELEASE "6.1.0-bulkhead"
#define SYSTEM_VERSION "#1 SMP Bulkhead"
#define SYSTEM_MACHINE "i686"

enum system_name { SYSTEM_HOST, SYSTEM_DOMAIN };

/* SYSTEM_NAME bytes, NUL-terminated. */
void system_name_get(enum system_name which, char *to);
i32 system_name_set(enum system_name which, const char *name, u32 size);

/* Runnable tasks on the average over 1, 5 and 15 minutes, in 1/2048s. */
void load_get(u32 load[3]);

/* The timer of any CPU; interrupts are off. */
void load_tick(void);

#endif
