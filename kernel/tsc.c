/* The time-stamp counter as a clock. */
#include "kernel/tsc.h"

#include "kernel/pit.h"
#include "kernel/wide.h"

#define CPUID_TSC 0x10u /* leaf 1, EDX */

static u64 origin;
static struct pit_span span;
static u32 khz;
static u32 factor, shift; /* ns = ticks * factor / 2^shift */

static u32 counter(void)
{
	return (u32)tsc_read();
}

/* Choose `shift` so that `factor` has all its 32 bits. */
static void choose_factor(void)
{
	u32 rest;

	for (shift = 0; shift < 63; shift++) {
		u64 shifted = (u64)span.nanoseconds << shift;
		u64 quotient = wide_divide(shifted, span.ticks, &rest);

		if (quotient >= 0x80000000u || shifted >> 62) {
			factor = (u32)quotient;
			return;
		}
	}
}

i32 tsc_calibrate(void)
{
	u32 eax = 1, ebx, ecx = 0, edx, rest;
	i32 error;

	__asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	if (!(edx & CPUID_TSC))
		return -E_DEVICE;
	origin = tsc_read();
	error = pit_measure(counter, &span);
	if (error < 0)
		return error;
	khz = (u32)wide_divide(wide_product(span.ticks, 1000000),
			       span.nanoseconds, &rest);
	choose_factor();
	return 0;
}

u32 tsc_khz(void)
{
	return khz;
}

u64 tsc_to_ns(u64 ticks)
{
	return wide_scale(ticks, factor, shift);
}

u64 tsc_to_us(u64 ticks)
{
	u32 rest;

	return wide_divide(tsc_to_ns(ticks), 1000, &rest);
}

u64 tsc_from_us(u32 microseconds)
{
	u32 rest;
	u64 ticks = wide_product(microseconds, khz);

	return wide_divide(ticks, 1000, &rest);
}

u64 tsc_now(void)
{
	return tsc_to_ns(tsc_read() - origin);
}

/*
 * QEMU's -icount runs another CPU when this one pauses, and only then; but
 * each pause is dear there, so not every time around.
 */
void tsc_wait(u32 microseconds)
{
	u64 begin = tsc_read();
	u64 ticks = tsc_from_us(microseconds);

	for (u32 i = 1; tsc_read() - begin < ticks; i++)
		if (i % 64 == 0)
			__asm__ volatile("pause");
}
