// sources: kernel/topology.c kernel/topology_acpi.c kernel/topology_mp.c
/*
 * CPUs and interrupt controllers from the ACPI tables: sound ones, then ones
 * broken field by field, then (the MP table too) changed at random.
 */
#include "tests/host/topology_tables.h"

static void test_nothing(void **state)
{
	(void)state;
	expect_bare();
	assert_string_equal(topology_source_name(&(struct topology){ 0 }),
			    "no table");
}

static void test_acpi(void **state)
{
	struct topology t;

	(void)state;
	acpi_build();
	t = find(0);
	assert_int_equal(t.source, TOPOLOGY_ACPI);
	assert_int_equal(t.cpu_count, 2);
	assert_int_equal(t.cpu_apic_id[1], 1);
	assert_int_equal(t.lapic, 0xFEE00000);
	assert_int_equal(t.ioapic_count, 1);
	assert_int_equal(t.ioapic[0].address, 0xFEC00000);
	expect_line(&t, 0, 2, false, false);
	expect_line(&t, 1, 1, false, false);
	assert_int_equal(t.line[2].ioapic, TOPOLOGY_NONE);
	expect_line(&t, 5, 5, true, false);
	expect_line(&t, 9, 9, true, true);
	expect_line(&t, 15, 15, false, false);
	expect_line(&t, 16, 16, true, true);
	/* The boot CPU comes first, wherever the table has it. */
	t = find(1);
	assert_int_equal(t.cpu_apic_id[1], 0);
	/* A table without the boot CPU is another machine's. */
	assert_int_equal(find(9).source, TOPOLOGY_BARE);
}

static void test_acpi_roots(void **state)
{
	(void)state;
	acpi_build();
	/* A bad XSDT: the RSDT still serves. */
	put(XSDT_AT + 9, 0x5A, 1);
	assert_int_equal(find(0).source, TOPOLOGY_ACPI);
	put(XSDT_AT + 9, 0, 1);
	sum(XSDT_AT, 52, 9);
	put(RSDT_AT, 0, 4);
	assert_int_equal(find(0).source, TOPOLOGY_ACPI);
	/* Above 4 GiB nothing is read. */
	put(RSDP_AT + 28, 1, 4);
	sum(RSDP_AT, 36, 32);
	expect_bare();
	put(RSDP_AT + 28, 0, 4);
	put(XSDT_AT + 48, 1, 4);
	sum(XSDT_AT, 52, 9);
	sum(RSDP_AT, 36, 32);
	expect_bare();
	/* ACPI 1.0: the RSDT alone. */
	put_name(RSDT_AT, "RSDT");
	put(RSDP_AT + 15, 0, 1);
	sum(RSDP_AT, 20, 8);
	assert_int_equal(find(0).source, TOPOLOGY_ACPI);
	/* The extended BIOS data area is searched too. */
	memcpy(byte_at(0x9FC30), byte_at(RSDP_AT), 36);
	put(RSDP_AT, 0, 8);
	assert_int_equal(find(0).source, TOPOLOGY_ACPI);
	put(0x40E, 0x9F00, 2);
	expect_bare();
}

static void test_acpi_sums(void **state)
{
	static const u32 spoiled[] = { RSDP_AT + 9, RSDT_AT + 20, MADT_AT + 50,
				       MADT_AT + 4 };

	for (u32 i = 0; i < sizeof(spoiled) / sizeof(*spoiled); i++) {
		set_up(state);
		acpi_build();
		put(XSDT_AT, 0, 4);
		assert_int_equal(find(0).source, TOPOLOGY_ACPI);
		put(spoiled[i], *byte_at(spoiled[i]) ^ 1u, 1);
		expect_bare();
	}
}

/* One bad entry makes the table unbelievable, however good its checksum. */
static void test_madt_entries(void **state)
{
	static const struct {
		u8 entry[16];
		u8 bytes;
	} bad[] = {
		{ { 0, 0 }, 2 },
		{ { 0, 1 }, 2 },
		{ { 0x77 }, 1 },
		{ { 0x77, 3 }, 2 },
		{ { 0, 7, 0, 0, 1, 0, 0 }, 7 },
		{ { 1, 8, 0, 0, 0, 0, 0xC0, 0xFE }, 8 },
		{ { 1, 12, 9, 0, 0, 0, 0xC0, 0xFE, 24 }, 12 }, /* twice there */
		{ { 1, 12, 9, 0, 0, 0, 0, 0, 24 }, 12 },
		{ { 1, 12, 9, 0, 8, 0, 0xD0, 0xFE, 24 }, 12 },
		{ { 5, 12, 0, 0, 0, 0, 0xE0, 0xFE, 1 }, 12 },
		{ { 5, 12, 0, 0, 4, 0, 0xE0, 0xFE }, 12 },
	};

	for (u32 i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		set_up(state);
		acpi_build();
		madt_add(bad[i].entry, bad[i].bytes);
		expect_bare();
		mp_build();
		assert_int_equal(find(0).source, TOPOLOGY_MP);
	}
}

static void test_madt_rest(void **state)
{
	struct topology t;

	(void)state;
	acpi_build();
	MADT(1, 12, 8, 0, 0, 0, 0xD0, 0xFE, 20, 0, 0, 0); /* from 20 on */
	MADT(2, 10, 0, 10, 22, 0, 0, 0, 0, 0);
	MADT(2, 10, 0, 11, 0, 1, 0, 0, 0, 0); /* pin 256: none */
	MADT(2, 10, 1, 12, 3, 0, 0, 0, 0, 0); /* not the ISA bus */
	MADT(2, 10, 0, 200, 3, 0, 0, 0, 0, 0); /* no such line */
	MADT(2, 10, 0, 14, 2, 0, 0, 0, 0, 0); /* the timer's pin */
	MADT(0, 8, 7, 1, 1, 0, 0, 0); /* listed before */
	MADT(5, 12, 0, 0, 0, 0, 0xE1, 0xFE, 0, 0, 0, 0);
	MADT(9, 16, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
	MADT(9, 16, 0, 0, 5, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
	MADT(0x80, 2);
	t = find(0);
	assert_int_equal(t.source, TOPOLOGY_ACPI);
	assert_int_equal(t.lapic, 0xFEE10000);
	assert_int_equal(t.cpu_count, 3);
	assert_int_equal(t.cpu_apic_id[2], 5);
	assert_int_equal(t.cpu_left_out, 1);
	assert_int_equal(t.line[10].ioapic, 1);
	assert_int_equal(t.line[10].pin, 2);
	assert_int_equal(t.line[11].ioapic, TOPOLOGY_NONE);
	expect_line(&t, 12, 12, false, false);
	assert_int_equal(t.line[14].ioapic, TOPOLOGY_NONE);
	assert_int_equal(t.line[22].ioapic, TOPOLOGY_NONE);
	assert_int_equal(t.line[23].ioapic, 1);
	for (u8 id = 10; id < 40; id++)
		MADT(0, 8, 0, id, 1, 0, 0, 0);
	t = find(39);
	assert_int_equal(t.cpu_count, TOPOLOGY_CPUS);
	assert_int_equal(t.cpu_left_out, 1 + 33 - TOPOLOGY_CPUS);
}

static u32 random_state = 1;

static u32 random_below(u32 end)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % end;
}

/* Bytes changed at random, the checksums then made right half of the time. */
static void test_mutations(void **state)
{
	u32 sources[4] = { 0 };

	for (u32 round = 0; round < 5000; round++) {
		u32 begin, bytes;

		set_up(state);
		if (round % 2 == 0) {
			acpi_build();
			begin = MADT_AT;
			bytes = madt_end - MADT_AT;
		} else {
			mp_build();
			begin = CONFIG_AT;
			bytes = mp_end - CONFIG_AT;
		}
		for (u32 n = random_below(4) + 1; n > 0; n--)
			put(begin + random_below(bytes),
			    random_below(3) ? random_below(256) : 0xFF, 1);
		if (random_below(8))
			sum(begin, bytes, round % 2 == 0 ? 9 : 7);
		if (random_below(8) == 0) {
			put(RSDT_AT + 36 + random_below(8), random_below(256),
			    1);
			sum(RSDT_AT, 44, 9);
			put(XSDT_AT, 0, 1);
		}
		sources[find((u8)random_below(3)).source]++;
	}
	/* The changes must have let some tables pass and stopped others. */
	assert_true(sources[TOPOLOGY_BARE] > 500);
	assert_true(sources[TOPOLOGY_ACPI] > 500);
	assert_true(sources[TOPOLOGY_MP] > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nothing, set_up),
		cmocka_unit_test_setup(test_acpi, set_up),
		cmocka_unit_test_setup(test_acpi_roots, set_up),
		cmocka_unit_test_setup(test_acpi_sums, set_up),
		cmocka_unit_test_setup(test_madt_entries, set_up),
		cmocka_unit_test_setup(test_madt_rest, set_up),
		cmocka_unit_test_setup(test_mutations, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
