/*
 * Firmware tables in pretended physical memory, as sound machines have them,
 * and what the core may rely on whatever they hold. For the topology tests.
 */
#ifndef TESTS_HOST_TOPOLOGY_TABLES_H
#define TESTS_HOST_TOPOLOGY_TABLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/topology.h"

#define LOW_SIZE  0x100000u
#define HIGH_AT	  0x7FFE0000u /* above what the core maps directly */
#define HIGH_SIZE 0x1000u
#define RSDP_AT	  0xF5A40u
#define FLOATING  0xF6D20u
#define CONFIG_AT 0xF6D30u
#define RSDT_AT	  (HIGH_AT + 0x100)
#define XSDT_AT	  (HIGH_AT + 0x200)
#define FADT_AT	  (HIGH_AT + 0x300)
#define MADT_AT	  (HIGH_AT + 0x400)

static u8 *low, *high; /* heap memory, so that a read past either is seen */
static u32 reads;

static inline u8 *byte_at(u32 physical)
{
	if (physical < LOW_SIZE)
		return low + physical;
	assert_true(physical >= HIGH_AT && physical - HIGH_AT < HIGH_SIZE);
	return high + (physical - HIGH_AT);
}

static inline bool read_memory(u32 physical, void *to, u32 bytes)
{
	assert_true(bytes > 0);
	assert_true(++reads < 1000000); /* else it would never end */
	if (physical < LOW_SIZE ?
		    bytes > LOW_SIZE - physical :
		    physical - HIGH_AT >= HIGH_SIZE ||
			    bytes > HIGH_SIZE - (physical - HIGH_AT))
		return false;
	memcpy(to, byte_at(physical), bytes);
	return true;
}

static inline void put(u32 at, u64 value, u32 bytes)
{
	for (u32 i = 0; i < bytes; i++)
		*byte_at(at + i) = (u8)(value >> (8 * i));
}

static inline void put_name(u32 at, const char *name)
{
	memcpy(byte_at(at), name, strlen(name));
}

/* Make the `bytes` bytes at `at` add up to 0 by the one at offset `where`. */
static inline void sum(u32 at, u32 bytes, u32 where)
{
	u32 total = 0;

	put(at + where, 0, 1);
	for (u32 i = 0; i < bytes; i++)
		total += *byte_at(at + i);
	put(at + where, (0 - total) & 0xFF, 1);
}

static u32 madt_end;

static inline void madt_seal(void)
{
	put(MADT_AT + 4, madt_end - MADT_AT, 4);
	sum(MADT_AT, madt_end - MADT_AT, 9);
}

static inline void madt_add(const u8 *entry, u32 bytes)
{
	for (u32 i = 0; i < bytes; i++)
		put(madt_end + i, entry[i], 1);
	madt_end += bytes;
	madt_seal();
}

#define MADT(...) \
	madt_add((const u8[]){ __VA_ARGS__ }, \
		 sizeof((const u8[]){ __VA_ARGS__ }))

/* RSDP of ACPI 2, RSDT and XSDT with two tables, an MADT without entries. */
static inline void acpi_begin(void)
{
	put_name(RSDP_AT, "RSD PTR ");
	put(RSDP_AT + 15, 2, 1);
	put(RSDP_AT + 16, RSDT_AT, 4);
	put(RSDP_AT + 20, 36, 4);
	put(RSDP_AT + 24, XSDT_AT, 8);
	sum(RSDP_AT, 20, 8);
	sum(RSDP_AT, 36, 32);
	put_name(RSDT_AT, "RSDT");
	put(RSDT_AT + 4, 44, 4);
	put(RSDT_AT + 36, FADT_AT, 4);
	put(RSDT_AT + 40, MADT_AT, 4);
	sum(RSDT_AT, 44, 9);
	put_name(XSDT_AT, "XSDT");
	put(XSDT_AT + 4, 52, 4);
	put(XSDT_AT + 36, FADT_AT, 8);
	put(XSDT_AT + 44, MADT_AT, 8);
	sum(XSDT_AT, 52, 9);
	put_name(FADT_AT, "FACP");
	put(FADT_AT + 4, 116, 4);
	sum(FADT_AT, 116, 9);
	put_name(MADT_AT, "APIC");
	put(MADT_AT + 36, 0xFEE00000, 4);
	put(MADT_AT + 40, 1, 4);
	madt_end = MADT_AT + 44;
	madt_seal();
}

/* The table of QEMU's `pc` with three CPUs, one of them not usable. */
static inline void acpi_build(void)
{
	acpi_begin();
	MADT(0, 8, 0, 0, 1, 0, 0, 0);
	MADT(0, 8, 1, 1, 1, 0, 0, 0);
	MADT(0, 8, 2, 2, 0, 0, 0, 0);
	MADT(1, 12, 0, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0);
	MADT(2, 10, 0, 0, 2, 0, 0, 0, 0, 0);
	MADT(2, 10, 0, 5, 5, 0, 0, 0, 0x0D, 0);
	MADT(2, 10, 0, 9, 9, 0, 0, 0, 0x0F, 0);
	MADT(4, 6, 0xFF, 0, 0, 1);
}

static u32 mp_end;

static inline void mp_seal(void)
{
	put(CONFIG_AT + 4, mp_end - CONFIG_AT, 2);
	sum(CONFIG_AT, mp_end - CONFIG_AT, 7);
}

static inline void mp_add(const u8 *entry, u32 bytes)
{
	u32 count = *byte_at(CONFIG_AT + 34) + 1u;

	for (u32 i = 0; i < bytes; i++)
		put(mp_end + i, entry[i], 1);
	put(CONFIG_AT + 34, count, 2);
	mp_end += bytes;
	mp_seal();
}

#define MP(...) \
	mp_add((const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))

static inline void mp_floating(u32 configuration, u32 features)
{
	put_name(FLOATING, "_MP_");
	put(FLOATING + 4, configuration == 0 ? CONFIG_AT : 0, 4);
	put(FLOATING + 8, 1, 1);
	put(FLOATING + 9, 4, 1);
	put(FLOATING + 11, configuration, 1);
	put(FLOATING + 12, features, 1);
	sum(FLOATING, 16, 10);
}

#define MP_CPU(id, flags) \
	MP(0, id, 0x14, flags, 0, 6, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

/* What SeaBIOS writes for two CPUs: PCI on pins 10 and 11, the timer on 2. */
static inline void mp_build(void)
{
	mp_floating(0, 0x80);
	put_name(CONFIG_AT, "PCMP");
	put(CONFIG_AT + 6, 4, 1);
	put(CONFIG_AT + 36, 0xFEE00000, 4);
	put(CONFIG_AT + 34, 0, 2);
	mp_end = CONFIG_AT + 44;
	MP_CPU(0, 3);
	MP_CPU(1, 1);
	MP_CPU(2, 0);
	MP(1, 0, 'P', 'C', 'I', ' ', ' ', ' ');
	MP(1, 1, 'I', 'S', 'A', ' ', ' ', ' ');
	MP(2, 7, 0x11, 1, 0, 0, 0xC0, 0xFE);
	MP(3, 0, 0, 0, 0, 4, 7, 11);
	MP(3, 0, 0, 0, 0, 8, 7, 10);
	MP(3, 0, 0, 0, 1, 0, 7, 2);
	MP(3, 0, 0, 0, 1, 1, 7, 1);
	MP(3, 0, 0x0F, 0, 1, 9, 7, 9);
	MP(4, 3, 0, 0, 1, 0, 0, 0);
}

static inline int set_up(void **state)
{
	(void)state;
	free(low);
	free(high);
	low = calloc(1, LOW_SIZE);
	high = calloc(1, HIGH_SIZE);
	put(0x40E, 0x9FC0, 2);
	put(0x413, 639, 2);
	return low == NULL || high == NULL;
}

/* What the core may rely on, whatever the tables held. */
static inline void check(const struct topology *t, u8 boot)
{
	assert_in_range(t->cpu_count, 1, TOPOLOGY_CPUS);
	assert_int_equal(t->cpu_apic_id[0], boot);
	for (u32 i = 0; i < t->cpu_count; i++)
		for (u32 j = 0; j < i; j++)
			assert_int_not_equal(t->cpu_apic_id[i],
					     t->cpu_apic_id[j]);
	assert_true(t->ioapic_count <= TOPOLOGY_IOAPICS);
	for (u32 i = 0; i < t->ioapic_count; i++)
		assert_true(t->ioapic[i].address >= LOW_SIZE);
	for (u32 i = 0; i < TOPOLOGY_LINES; i++) {
		const struct topology_line *a = &t->line[i];

		if (a->ioapic == TOPOLOGY_NONE)
			continue;
		assert_true(a->ioapic < t->ioapic_count && a->pin < 120);
		for (u32 j = 0; j < i; j++)
			assert_false(t->line[j].ioapic == a->ioapic &&
				     t->line[j].pin == a->pin);
	}
	if (t->source == TOPOLOGY_BARE)
		assert_true(t->cpu_count == 1 && t->lapic == 0 &&
			    t->ioapic_count == 0 && !t->imcr);
	else
		assert_true(t->lapic >= LOW_SIZE && t->lapic % 4096 == 0);
}

static inline struct topology find(u8 boot)
{
	struct topology t;

	memset(&t, 0xA5, sizeof(t));
	reads = 0;
	topology_find(read_memory, boot, &t);
	check(&t, boot);
	return t;
}

static inline void expect_line(const struct topology *t, u32 line, u32 pin,
			       bool level, bool low_active)
{
	assert_int_equal(t->line[line].ioapic, 0);
	assert_int_equal(t->line[line].pin, pin);
	assert_int_equal(t->line[line].level, level);
	assert_int_equal(t->line[line].low, low_active);
}

static inline void expect_bare(void)
{
	assert_int_equal(find(0).source, TOPOLOGY_BARE);
}

#endif
