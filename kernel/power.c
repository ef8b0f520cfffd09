/* Power: QEMU's exit port and ACPI port, Bochs' shutdown port, 8042 reset. */
#include "kernel/power.h"

#include "kernel/port.h"
#include "kernel/print.h"

#define QEMU_EXIT   0xF4
#define PIIX4_PM    0x604 /* QEMU's SLP_EN with S5 */
#define BOCHS_EXIT  0x8900
#define KEYBOARD    0x64
#define PULSE_RESET 0xFE

void power_stop(enum power how)
{
	if (how == POWER_OFF) /* tools/run waits for it, and for the next */
		print("bulkhead: off\n");
	if (how == POWER_REBOOT)
		print("bulkhead: restarts\n");
	print_flush();
	__asm__ volatile("cli");
	if (how == POWER_REBOOT)
		port_out8(KEYBOARD, PULSE_RESET);
	if (how == POWER_PANIC)
		port_out8(QEMU_EXIT, 1);
	port_out16(PIIX4_PM, 0x2000);
	for (const char *c = "Shutdown"; *c; c++)
		port_out8(BOCHS_EXIT, (u8)*c);
	port_out8(QEMU_EXIT, 0);
	for (;;)
		__asm__ volatile("hlt");
}
