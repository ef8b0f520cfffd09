// sources: kernel/topology.c kernel/topology_acpi.c kernel/topology_mp.c
/*
 * CPUs and interrupt controllers from the MP table: a sound one, ones broken
 * field by field, and the default configurations.
 */
#include "tests/host/topology_tables.h"

static void test_mp(void **state)
{
	struct topology t;

	(void)state;
	mp_build();
	t = find(0);
	assert_int_equal(t.source, TOPOLOGY_MP);
	assert_true(t.imcr);
	assert_int_equal(t.cpu_count, 2);
	assert_int_equal(t.ioapic[0].id, 7);
	expect_line(&t, 0, 2, false, false);
	expect_line(&t, 9, 9, true, true);
	expect_line(&t, 10, 10, true, true);
	expect_line(&t, 11, 11, true, true);
	expect_line(&t, 12, 12, false, false);
	assert_int_equal(t.line[2].ioapic, TOPOLOGY_NONE);
	MP(3, 0, 0, 0, 1, 12, 9, 12); /* an I/O APIC that is not there */
	MP(3, 0, 0, 0, 1, 13, 0xFF, 13);
	MP(3, 3, 0, 0, 1, 14, 7, 20); /* the 8259's output */
	t = find(0);
	expect_line(&t, 13, 13, false, false);
	expect_line(&t, 14, 14, false, false);
	/* The last KiB of base memory is searched too. */
	memcpy(byte_at(0x9FBF0), byte_at(FLOATING), 16);
	put(FLOATING, 0, 4);
	assert_int_equal(find(0).source, TOPOLOGY_MP);
	put(0x413, 0, 2);
	expect_bare();
}

static void test_mp_broken(void **state)
{
	static const u32 spoiled[] = { FLOATING + 5,   FLOATING + 8,
				       FLOATING + 9,   CONFIG_AT,
				       CONFIG_AT + 4,  CONFIG_AT + 6,
				       CONFIG_AT + 50, CONFIG_AT + 37 };

	for (u32 i = 0; i < sizeof(spoiled) / sizeof(*spoiled); i++) {
		set_up(state);
		mp_build();
		put(spoiled[i], *byte_at(spoiled[i]) ^ 0x10u, 1);
		expect_bare();
	}
	set_up(state);
	mp_build();
	put(CONFIG_AT + 34, *byte_at(CONFIG_AT + 34) + 1u, 2);
	mp_seal(); /* one entry more than there is room for */
	expect_bare();
	MP(5, 0); /* of unknown length */
	expect_bare();
}

static void test_mp_defaults(void **state)
{
	for (u32 number = 1; number < 9; number++) {
		struct topology t;

		set_up(state);
		mp_floating(number, 0);
		t = find(1);
		if (number == 8) {
			assert_int_equal(t.source, TOPOLOGY_BARE);
			break;
		}
		assert_int_equal(t.source, TOPOLOGY_MP_DEFAULT);
		assert_int_equal(t.cpu_count, 2);
		assert_int_equal(t.cpu_apic_id[1], 0);
		if (number == 2 || number == 4 || number == 7) {
			assert_int_equal(t.ioapic_count, 0);
			continue;
		}
		expect_line(&t, 0, 2, false, false);
		expect_line(&t, 15, 15, false, false);
		assert_int_equal(t.line[16].ioapic, TOPOLOGY_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_mp, set_up),
		cmocka_unit_test_setup(test_mp_broken, set_up),
		cmocka_unit_test_setup(test_mp_defaults, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
