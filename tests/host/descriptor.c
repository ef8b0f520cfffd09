// sources: seg/descriptor.c
/*
 * The constructor of descriptors and its reader, against an oracle that
 * splits the eight bytes as the processor does (Intel SDM volume 3, figures
 * 3-8 and 5-8). Every size to beyond 1 MiB, and every edge after that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "seg/descriptor.h"

#define MIB    0x100000u
#define BEYOND (MIB + 0x10000u)

/* One descriptor as the processor sees it. */
struct seen {
	u32 base, last; /* offset of the last byte */
	u8 access; /* present, DPL, S and type */
	u8 flags; /* G, D/B, L, AVL */
};

static struct seen split(struct descriptor d)
{
	u64 all = (u64)d.high << 32 | d.low;
	u32 limit = (u32)(all & 0xFFFF) | (u32)(all >> 48 & 0xF) << 16;
	struct seen s = {
		.base = (u32)(all >> 16 & 0xFFFFFF) | (u32)(all >> 56) << 24,
		.last = limit,
		.access = (u8)(all >> 40),
		.flags = (u8)(all >> 52 & 0xF),
	};

	if (s.flags & 8)
		s.last = limit * 4096 + 4095;
	return s;
}

/* Access byte at level 0, and flags but G, of each kind. */
static const u8 access_byte[] = {
	[SEGMENT_READ] = 0x91, [SEGMENT_WRITE] = 0x93, [SEGMENT_EXECUTE] = 0x99,
	[SEGMENT_CODE] = 0x9B, [SEGMENT_TSS] = 0x89,   [SEGMENT_LDT] = 0x82,
};
static const u8 flag_bits[] = { 4, 4, 4, 4, 0, 0 };

/* What the constructor must answer, worked out in 64 bits. */
static i32 answer(struct segment s)
{
	if (s.kind > SEGMENT_LDT || s.level > 3 || s.size == 0)
		return -E_RANGE;
	if ((u64)s.base + s.size > 1ull << 32)
		return -E_RANGE;
	return s.size > MIB && s.size % 4096 ? -E_BIG : 0;
}

static void check(struct segment s)
{
	struct descriptor untouched = { 0x5A5A5A5A, 0xA5A5A5A5 }, d = untouched;
	i32 result = descriptor_segment(s, &d);
	struct descriptor_view view;
	struct seen seen;

	if (result != answer(s))
		fail_msg("base %x size %x kind %u level %u: %d", s.base, s.size,
			 s.kind, s.level, result);
	if (result != 0) {
		assert_true(d.low == untouched.low && d.high == untouched.high);
		return;
	}
	seen = split(d);
	if (seen.base != s.base || seen.last != s.size - 1 ||
	    seen.access != (access_byte[s.kind] | s.level << 5) ||
	    (seen.flags & 7) != flag_bits[s.kind] ||
	    seen.flags >> 3 != (s.size > MIB))
		fail_msg("base %x size %x kind %u level %u: %08x %08x", s.base,
			 s.size, s.kind, s.level, d.high, d.low);
	view = descriptor_read(d);
	if (view.base != s.base || view.limit != s.size - 1 ||
	    view.level != s.level || !view.present ||
	    view.system != (s.kind >= SEGMENT_TSS) ||
	    view.type != (access_byte[s.kind] & 15))
		fail_msg("%08x %08x is read wrongly", d.high, d.low);
}

/* All sizes, the refused ones included; kinds and levels take turns. */
static void every_size(void **state)
{
	static const u32 bases[] = { 0, 0xF0001000, 0x89ABCDEF,
				     0xFFFFFFFF - MIB / 2 };

	(void)state;
	for (u32 size = 0; size <= BEYOND; size++)
		for (u32 i = 0; i < 4; i++)
			check((struct segment){
				.base = bases[i],
				.size = size,
				.kind = (u8)((size + i) % 6),
				.level = (u8)(size / 6 % 4),
			});
}

/* Around every power of two and both ends: size and base, all pairs. */
static void every_edge(void **state)
{
	static const i32 near[] = { -4097, -4096, -4095, -2,   -1,  0,
				    1,	   2,	  4095,	 4096, 4097 };
	u32 edges[33 * 11], count = 0;

	(void)state;
	for (u32 power = 0; power <= 32; power++)
		for (u32 i = 0; i < 11; i++)
			edges[count++] = (u32)(1ull << power) + (u32)near[i];
	for (u32 i = 0; i < count; i++)
		for (u32 j = 0; j < count; j++)
			for (u8 kind = 0; kind < 6; kind++)
				check((struct segment){
					.base = edges[i],
					.size = edges[j],
					.kind = kind,
					.level = (u8)(j % 4),
				});
}

/* A segment that ends with the address space, and one byte more. */
static void wrap_around(void **state)
{
	(void)state;
	for (u32 size = 2; size <= MIB; size++) {
		struct segment s = { .base = 0 - size,
				     .size = size,
				     .kind = SEGMENT_WRITE };
		struct descriptor d;

		check(s);
		assert_int_equal(descriptor_segment(s, &d), 0);
		s.base++;
		assert_int_equal(descriptor_segment(s, &d), -E_RANGE);
		s.base--;
		s.size++;
		assert_int_equal(descriptor_segment(s, &d), -E_RANGE);
	}
}

static void every_kind_and_level(void **state)
{
	static const u32 sizes[] = {
		0, 1, 4096, MIB, MIB + 1, MIB + 4096, 0xFFFFF000, 0xFFFFFFFF
	};

	(void)state;
	for (u32 kind = 0; kind < 256; kind++)
		for (u32 level = 0; level < 256; level++)
			for (u32 i = 0; i < 8; i++)
				check((struct segment){
					.size = sizes[i],
					.kind = (u8)kind,
					.level = (u8)level,
				});
}

static void flat(void **state)
{
	(void)state;
	for (u32 kind = 0; kind < 256; kind++)
		for (u32 level = 0; level < 256; level++) {
			struct descriptor d = { 1, 2 };
			struct seen seen;
			i32 result = descriptor_flat((u8)kind, (u8)level, &d);

			if (kind > SEGMENT_CODE || level > 3) {
				assert_int_equal(result, -E_RANGE);
				assert_true(d.low == 1 && d.high == 2);
				continue;
			}
			seen = split(d);
			assert_int_equal(result, 0);
			assert_int_equal(seen.base, 0);
			assert_int_equal(seen.last, 0xFFFFFFFF);
			assert_int_equal(seen.access,
					 access_byte[kind] | level << 5);
			assert_int_equal(seen.flags, 0xC);
		}
}

/* Level 3 always, any base, the limit as it is, and nothing above 20 bits. */
static void thread_local_data(void **state)
{
	static const u32 limits[] = { 0, 1, 0xFFF, 0xFFFFE, 0xFFFFF };
	static const u32 bases[] = { 0,	      1,	  0xFFFF,
				     0x10000, 0xB7F00740, 0xFFFFFFFF };

	(void)state;
	for (u32 i = 0; i < 5 * 6 * 4; i++) {
		u32 limit = limits[i % 5], base = bases[i / 5 % 6];
		u32 pages = i / 30 & 1, read_only = i / 60;
		struct descriptor d = { 1, 2 };

		assert_int_equal(descriptor_thread_local(base, limit,
							 (int)pages,
							 (int)read_only, &d),
				 0);
		struct seen seen = split(d);

		assert_int_equal(seen.base, base);
		assert_int_equal(seen.last,
				 pages ? limit << 12 | 0xFFF : limit);
		assert_int_equal(seen.access, read_only ? 0xF1 : 0xF3);
		assert_int_equal(seen.flags, pages ? 0xC : 0x4);
		d = (struct descriptor){ 1, 2 };
		assert_int_equal(descriptor_thread_local(base, limit | 1u << 20,
							 (int)pages,
							 (int)read_only, &d),
				 -E_RANGE);
		assert_true(d.low == 1 && d.high == 2);
	}
}

/* Expand-down and big: valid offsets lie above the limit, so there is none. */
static void empty(void **state)
{
	(void)state;
	for (u8 level = 0; level < 4; level++) {
		struct seen seen = split(descriptor_empty(level));

		assert_int_equal(seen.access, 0x95 | level << 5);
		assert_int_equal(seen.last, 0xFFFFFFFF);
		assert_int_equal(seen.flags, 0xC);
	}
}

/* A gate's selector, offset and access byte; no parameters, no odd bits. */
static void check_gate(struct descriptor d, u16 selector, u32 offset, u8 access)
{
	struct descriptor_view view = descriptor_read(d);

	if (d.low != ((u32)selector << 16 | (offset & 0xFFFF)) ||
	    d.high != ((offset & 0xFFFF0000) | (u32)access << 8))
		fail_msg("selector %x offset %x: %08x %08x", selector, offset,
			 d.high, d.low);
	if (view.selector != selector || view.offset != offset ||
	    !view.present || !view.system || view.type != (access & 15) ||
	    view.level != (access >> 5 & 3))
		fail_msg("gate %08x %08x is read wrongly", d.high, d.low);
}

static void gates(void **state)
{
	static const u32 offsets[] = { 0,	   1,	       0xFFFF,
				       0x10000,	   0x12345678, 0x7FFFFFFF,
				       0x80000000, 0xFFFFFFFF };

	(void)state;
	for (u32 i = 0; i < 0x10000 * 8; i++) {
		u16 selector = (u16)(i / 8);
		u32 offset = offsets[i % 8];
		u8 level = (u8)(selector / 8 % 4), dpl = (u8)(level << 5);
		struct descriptor d = { 1, 2 };
		i32 result = descriptor_gate(selector, offset, level, &d);

		if (selector < 8) {
			assert_int_equal(result, -E_RANGE);
			assert_true(d.low == 1 && d.high == 2);
		} else {
			assert_int_equal(result, 0);
			check_gate(d, selector, offset, 0x8C | dpl);
		}
		check_gate(descriptor_interrupt_gate(selector, offset, level),
			   selector, offset, 0x8E | dpl);
		check_gate(descriptor_task_gate(selector, level), selector, 0,
			   0x85 | dpl);
	}
}

static void gate_levels(void **state)
{
	(void)state;
	for (u32 level = 0; level < 256; level++) {
		struct descriptor d = { 1, 2 };
		i32 result = descriptor_gate(8, 0, (u8)level, &d);

		assert_int_equal(result, level > 3 ? -E_RANGE : 0);
		assert_true((d.low == 1 && d.high == 2) == (level > 3));
		/* These two cannot refuse; they must not spill over either. */
		check_gate(descriptor_interrupt_gate(8, 0, (u8)level), 8, 0,
			   (u8)(0x8E | (level & 3) << 5));
		check_gate(descriptor_task_gate(8, (u8)level), 8, 0,
			   (u8)(0x85 | (level & 3) << 5));
	}
}

/* The reader agrees with the oracle on any eight bytes. */
static void reader(void **state)
{
	u32 seed = 1;

	(void)state;
	for (u32 i = 0; i < 1000000; i++) {
		struct descriptor d;
		struct descriptor_view view;
		struct seen seen;

		seed = seed * 1664525 + 1013904223;
		d.low = seed ^ seed >> 16;
		seed = seed * 1664525 + 1013904223;
		d.high = seed ^ seed >> 16;
		view = descriptor_read(d);
		seen = split(d);
		assert_true(view.base == seen.base && view.limit == seen.last);
		assert_true(view.present == seen.access >> 7);
		assert_true(view.level == (seen.access >> 5 & 3));
		assert_true(view.system == !(seen.access & 0x10));
		assert_true(view.type == (seen.access & 15));
		assert_true(view.selector == d.low >> 16);
		assert_true(view.offset ==
			    ((d.high & ~0xFFFFu) | (d.low & 0xFFFF)));
		assert_non_null(descriptor_kind_name(view));
	}
}

static void expect_name(struct descriptor d, const char *name)
{
	assert_string_equal(descriptor_kind_name(descriptor_read(d)), name);
}

static void names(void **state)
{
	static const char *const expected[] = {
		"data, read-only",
		"data, writable",
		"code, execute-only",
		"code",
		"TSS",
		"LDT",
	};
	struct descriptor d;

	(void)state;
	for (u8 kind = 0; kind < 6; kind++) {
		assert_int_equal(
			descriptor_segment(
				(struct segment){ .size = 1, .kind = kind },
				&d),
			0);
		expect_name(d, expected[kind]);
	}
	assert_int_equal(
		descriptor_segment(
			(struct segment){ .size = 104, .kind = SEGMENT_TSS },
			&d),
		0);
	d.high |= 0x200;
	assert_int_equal(descriptor_read(d).type, TYPE_TSS_BUSY);
	expect_name(d, "TSS");
	assert_int_equal(descriptor_gate(8, 0, 1, &d), 0);
	expect_name(d, "call gate");
	expect_name(descriptor_task_gate(8, 0), "task gate");
	expect_name(descriptor_interrupt_gate(8, 0, 0), "interrupt gate");
	expect_name(descriptor_empty(1), "data, empty");
	expect_name(DESCRIPTOR_ABSENT, "absent");
	assert_false(descriptor_read(DESCRIPTOR_ABSENT).present);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size),
		cmocka_unit_test(every_edge),
		cmocka_unit_test(wrap_around),
		cmocka_unit_test(every_kind_and_level),
		cmocka_unit_test(flat),
		cmocka_unit_test(thread_local_data),
		cmocka_unit_test(empty),
		cmocka_unit_test(gates),
		cmocka_unit_test(gate_levels),
		cmocka_unit_test(reader),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
