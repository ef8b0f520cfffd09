/*
 * The local APIC (Intel SDM volume 3, chapter 11), reached through memory, in
 * xAPIC mode. Every CPU sees its own at the same address.
 */
#include "kernel/apic.h"

#include <stddef.h>

#include "kernel/page.h"
#include "kernel/pit.h"
#include "kernel/trap.h"
#include "kernel/wide.h"

enum apic_register { /* offsets, in words */
		     APIC_ID = 0x20 / 4,
		     APIC_VERSION = 0x30 / 4,
		     APIC_PRIORITY = 0x80 / 4,
		     APIC_END = 0xB0 / 4,
		     APIC_SPURIOUS = 0xF0 / 4,
		     APIC_ERROR = 0x280 / 4,
		     APIC_COMMAND = 0x300 / 4,
		     APIC_COMMAND_TO = 0x310 / 4,
		     APIC_LOCAL_TIMER = 0x320 / 4,
		     APIC_LOCAL_THERMAL = 0x330 / 4,
		     APIC_LOCAL_COUNTERS = 0x340 / 4,
		     APIC_LOCAL_0 = 0x350 / 4,
		     APIC_LOCAL_1 = 0x360 / 4,
		     APIC_LOCAL_ERROR = 0x370 / 4,
		     APIC_TIMER_BEGIN = 0x380 / 4,
		     APIC_TIMER_NOW = 0x390 / 4,
		     APIC_TIMER_DIVISOR = 0x3E0 / 4,
};

#define APIC_BYTES	 0x400
#define SOFTWARE_ENABLED 0x100u /* spurious vector register */
#define LOCAL_MASKED	 0x10000u
#define LOCAL_PERIODIC	 0x20000u
#define LOCAL_NMI	 0x400u
#define LOCAL_EXTERNAL	 0x700u /* the 8259 gives the vector */
#define DIVIDE_BY_2	 0u
#define COMMAND_NMI	 0x400u
#define COMMAND_INIT	 0x500u
#define COMMAND_STARTUP	 0x600u
#define COMMAND_PENDING	 0x1000u
#define COMMAND_ASSERT	 0x4000u
#define COMMAND_OTHERS	 0xC0000u
#define COMMAND_POLLS	 1000000

#define CPUID_MSR     0x20u /* leaf 1, EDX */
#define CPUID_APIC    0x200u
#define MSR_APIC_BASE 0x1B
#define BASE_X2APIC   0x400u
#define BASE_ENABLED  0x800u

static volatile u32 *registers;
static u32 base; /* physical */
static u32 timer_rate;

struct leaf {
	u32 eax, ebx, ecx, edx;
};

static struct leaf cpuid_1(void)
{
	struct leaf l = { .eax = 1 };

	__asm__("cpuid" : "+a"(l.eax), "=b"(l.ebx), "+c"(l.ecx), "=d"(l.edx));
	return l;
}

static void base_write(u32 low, u32 high)
{
	__asm__ volatile("wrmsr" : : "a"(low), "d"(high), "c"(MSR_APIC_BASE));
}

/* Switch this CPU's APIC on, at `base`, out of x2APIC mode if need be. */
static void base_set(void)
{
	u32 low, high;

	if (!(cpuid_1().edx & CPUID_MSR))
		return;
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(MSR_APIC_BASE));
	if (high == 0 && (low & 0xFFFFF000u) == base &&
	    (low & (BASE_ENABLED | BASE_X2APIC)) == BASE_ENABLED)
		return;
	low &= 0xFFFu & ~(BASE_ENABLED | BASE_X2APIC);
	base_write(low | base, 0);
	base_write(low | base | BASE_ENABLED, 0);
}

bool apic_present(void)
{
	return registers != NULL;
}

void apic_enable(void)
{
	u32 entries;

	if (!apic_present())
		return;
	base_set();
	/* While it is disabled, every local entry reads as masked. */
	registers[APIC_SPURIOUS] = SOFTWARE_ENABLED | VECTOR_SPURIOUS;
	registers[APIC_PRIORITY] = 0;
	registers[APIC_LOCAL_TIMER] = LOCAL_MASKED;
	registers[APIC_TIMER_BEGIN] = 0;
	registers[APIC_TIMER_DIVISOR] = DIVIDE_BY_2;
	registers[APIC_LOCAL_0] = LOCAL_MASKED;
	registers[APIC_LOCAL_1] = LOCAL_NMI;
	entries = (registers[APIC_VERSION] >> 16 & 0xFF) + 1;
	if (entries > 3)
		registers[APIC_LOCAL_ERROR] = LOCAL_MASKED;
	if (entries > 4)
		registers[APIC_LOCAL_COUNTERS] = LOCAL_MASKED;
	if (entries > 5)
		registers[APIC_LOCAL_THERMAL] = LOCAL_MASKED;
	registers[APIC_ERROR] = 0;
	registers[APIC_END] = 0;
}

i32 apic_init(u32 physical)
{
	if (physical == 0 || !(cpuid_1().edx & CPUID_APIC))
		return -E_DEVICE;
	base = physical;
	base_set();
	registers = device_map(physical, APIC_BYTES);
	/* 0x10 to 0x15 are integrated ones; 0x8 and less an older chip. */
	if ((registers[APIC_VERSION] & 0xF0) != 0x10) {
		registers = NULL;
		return -E_DEVICE;
	}
	apic_enable();
	return 0;
}

void apic_take_8259(void)
{
	if (apic_present())
		registers[APIC_LOCAL_0] = LOCAL_EXTERNAL;
}

u8 apic_id(void)
{
	if (!apic_present())
		return (u8)(cpuid_1().ebx >> 24);
	return (u8)(registers[APIC_ID] >> 24);
}

void apic_end(void)
{
	if (apic_present())
		registers[APIC_END] = 0;
}

static bool command_idle(void)
{
	for (u32 i = 0; i < COMMAND_POLLS; i++) {
		if (!(registers[APIC_COMMAND] & COMMAND_PENDING))
			return true;
		__asm__ volatile("pause");
	}
	return false;
}

/* No interrupt may send between the two halves of a command. */
static i32 command(u32 to, u32 what)
{
	u32 flags;
	bool idle;

	if (!apic_present())
		return -E_DEVICE;
	__asm__ volatile("pushf; pop %0; cli" : "=r"(flags) : : "memory");
	idle = command_idle();
	if (idle) {
		registers[APIC_COMMAND_TO] = to << 24;
		registers[APIC_COMMAND] = what;
	}
	__asm__ volatile("push %0; popf" : : "r"(flags) : "memory", "cc");
	return idle ? 0 : -E_TIME;
}

i32 apic_send(u8 to, u8 vector)
{
	return command(to, COMMAND_ASSERT | vector);
}

i32 apic_send_others(u8 vector)
{
	return command(0, COMMAND_OTHERS | COMMAND_ASSERT | vector);
}

i32 apic_send_nmi_others(void)
{
	return command(0, COMMAND_OTHERS | COMMAND_ASSERT | COMMAND_NMI);
}

i32 apic_send_init(u8 to)
{
	return command(to, COMMAND_ASSERT | COMMAND_INIT);
}

i32 apic_send_startup(u8 to, u32 page)
{
	if (page == 0 || page % PAGE != 0 || page >= 0x100000)
		return -E_RANGE;
	return command(to, COMMAND_ASSERT | COMMAND_STARTUP | page / PAGE);
}

static u32 timer_elapsed(void)
{
	return 0 - registers[APIC_TIMER_NOW];
}

i32 apic_timer_calibrate(void)
{
	struct pit_span span;
	u32 rest;
	i32 error;

	if (!apic_present())
		return -E_DEVICE;
	registers[APIC_LOCAL_TIMER] = LOCAL_MASKED;
	registers[APIC_TIMER_DIVISOR] = DIVIDE_BY_2;
	registers[APIC_TIMER_BEGIN] = 0xFFFFFFFF;
	error = pit_measure(timer_elapsed, &span);
	registers[APIC_TIMER_BEGIN] = 0;
	if (error < 0)
		return error;
	timer_rate = (u32)wide_divide(wide_product(span.ticks, 1000000000),
				      span.nanoseconds, &rest);
	return 0;
}

u32 apic_timer_rate(void)
{
	return timer_rate;
}

i32 apic_timer_start(u32 hz, u8 vector)
{
	if (!apic_present())
		return -E_DEVICE;
	if (hz == 0 || timer_rate / hz < 16)
		return -E_RANGE;
	registers[APIC_TIMER_DIVISOR] = DIVIDE_BY_2;
	registers[APIC_LOCAL_TIMER] = LOCAL_PERIODIC | vector;
	registers[APIC_TIMER_BEGIN] = timer_rate / hz;
	return 0;
}

void apic_timer_stop(void)
{
	if (!apic_present())
		return;
	registers[APIC_LOCAL_TIMER] = LOCAL_MASKED;
	registers[APIC_TIMER_BEGIN] = 0;
}
