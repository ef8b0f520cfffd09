/*
 * Starting the other CPUs: INIT, then start-up interrupts (Intel SDM volume
 * 3, section 9.4; MP specification B.4). The code they begin with is
 * kernel/smp_start.asm.
 */
#include "kernel/smp.h"

#include <stdbool.h>

#include "kernel/apic.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/tsc.h"

#define INIT_WAIT    10000u /* microseconds */
#define STARTUP_WAIT 200u
#define ANSWER_WAIT  1000000u

/* smp_start.asm: the code, and within it the words to fill in. */
extern u8 smp_start_begin[], smp_start_end[];
extern u8 smp_start_cr0[], smp_start_cr3[], smp_start_cr4[];
extern u8 smp_start_stack[], smp_start_entry[], smp_start_arrived[];

static struct physical start_page;

static volatile u32 *start_word(const u8 *label)
{
	u8 *page = direct(start_page);

	return (volatile u32 *)(page + (label - smp_start_begin));
}

i32 smp_prepare(struct physical page)
{
	u32 bytes = (u32)(smp_start_end - smp_start_begin);
	u32 value;

	if (page.address == 0 || page.address % PAGE != 0 ||
	    page.address >= 0xA0000)
		return -E_RANGE;
	start_page = page;
	memory_copy(direct(page), smp_start_begin, bytes);
	__asm__("mov %%cr0, %0" : "=r"(value));
	*start_word(smp_start_cr0) = value;
	__asm__("mov %%cr3, %0" : "=r"(value));
	*start_word(smp_start_cr3) = value;
	__asm__("mov %%cr4, %0" : "=r"(value));
	*start_word(smp_start_cr4) = value;
	return 0;
}

static bool arrives(u32 microseconds)
{
	u64 begin = tsc_read();
	u64 ticks = tsc_from_us(microseconds);

	while (!*start_word(smp_start_arrived)) {
		if (tsc_read() - begin >= ticks)
			return false;
		__asm__ volatile("pause");
	}
	return true;
}

/* A CPU that took the first start-up interrupt ignores the second. */
static i32 start(u8 apic_id)
{
	i32 error = apic_send_init(apic_id);

	tsc_wait(INIT_WAIT);
	for (u32 i = 0; i < 2 && error == 0; i++) {
		error = apic_send_startup(apic_id, start_page.address);
		if (error == 0 && arrives(STARTUP_WAIT))
			return 0;
	}
	if (error == 0 && !arrives(ANSWER_WAIT))
		error = -E_TIME;
	return error;
}

i32 smp_start_cpu(u8 apic_id, u32 stack_top, void (*entry)(void))
{
	i32 error;

	if (start_page.address == 0)
		return -E_DEVICE;
	*start_word(smp_start_stack) = stack_top;
	*start_word(smp_start_entry) = (u32)entry;
	*start_word(smp_start_arrived) = 0;
	__asm__ volatile("" : : : "memory");
	error = start(apic_id);
	if (error < 0)
		apic_send_init(apic_id);
	return error;
}
