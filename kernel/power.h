/* Turning the machine off, or starting it again. */
#ifndef KERNEL_POWER_H
#define KERNEL_POWER_H

#include "gates/abi.h"

enum power {
	POWER_OFF,
	POWER_PANIC, /* off, with a code that says so where there is one */
	POWER_REBOOT,
};

/* What the emulators and ACPI's usual ports offer; else a halted machine. */
_Noreturn void power_stop(enum power how);

#endif
