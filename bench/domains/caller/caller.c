/*
 * The calling side of `make bench`: one function a row of the table. Rows
 * named near.* call a function of this domain that does what the other side
 * of the gate does, with the same arguments; `empty` is the loop alone.
 */
#include "caller.h"

#include "rows.h"

#define BY_CALL 2u /* bencher.measure's `prepared` */

u8 row_bytes[BIG], row_room[BIG];
struct sample_set row_set;
static i32 (*result)(u32 percent); /* of the row that was measured last */
static i32 (*calls)(void);

static void prepare(void)
{
	if (row_set.prepared == BY_CALL)
		meter_none();
	else
		coremeter_prepare();
}

static NEAR i32 near_none(void)
{
	return 0;
}

static NEAR i32 near_single(const u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

static NEAR i32 near_on(from u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

static NEAR i32 near_both(const u8 *a, u32 size, u8 *b, u32 n)
{
	(void)a;
	(void)size;
	(void)b;
	(void)n;
	return 0;
}

#define ROW(name, call) \
	static void row_##name(from u8 *lent, u32 n) \
	{ \
		(void)lent; \
		(void)n; \
		SAMPLE(&row_set, prepare(), call); \
	}

ROW(empty, (void)0)
ROW(near_none, near_none())
ROW(near_single, near_single(row_bytes, 64))
ROW(near_on, near_on(lent, n))
ROW(near_both, near_both(row_bytes, 64, row_room, 64))
ROW(across_none, meter_none())
ROW(across_single, meter_single(row_bytes, 64))
ROW(across_both, meter_both(row_bytes, 64, row_room, 64))
ROW(across_zero, meter_single(row_bytes, 0))
ROW(across_on, meter_single(lent, n))
ROW(across_big, meter_single(row_bytes, BIG))
ROW(up_none, coremeter_none())
ROW(up_single, coremeter_single(row_bytes, 64))
ROW(up_both, coremeter_both(row_bytes, 64, row_room, 64))
ROW(up_zero, coremeter_single(row_bytes, 0))
ROW(up_on, coremeter_single(lent, n))
ROW(up_big, coremeter_single(row_bytes, BIG))

/* Copies are timed by the callee, within one call. */
#define COPY_ROW(name, call) \
	static void row_##name(from u8 *lent, u32 n) \
	{ \
		(void)lent; \
		(void)n; \
		assert((call) == 0); \
	}

#define COPY_ROWS(size) \
	COPY_ROW(copy_##size, meter_copying(size)) \
	COPY_ROW(take_##size, meter_taking(row_bytes, size)) \
	COPY_ROW(give_##size, meter_giving(row_bytes, size))

COPY_ROWS(16)
COPY_ROWS(256)
COPY_ROWS(4096)
COPY_ROWS(65536)

static i32 own_result(u32 percent)
{
	return sample_result(&row_set, percent);
}

static i32 own_calls(void)
{
	return (i32)row_set.calls;
}

void rows_measured_here(void)
{
	result = own_result;
	calls = own_calls;
}

static const struct row {
	char name[ROW_NAME];
	void (*run)(from u8 *lent, u32 n);
	u32 by_callee;
} rows[] = {
	{ "empty", row_empty, 0 },
	{ "near.none", row_near_none, 0 },
	{ "near.single", row_near_single, 0 },
	{ "near.on", row_near_on, 0 },
	{ "near.both", row_near_both, 0 },
	{ "across.none", row_across_none, 0 },
	{ "across.single", row_across_single, 0 },
	{ "across.both", row_across_both, 0 },
	{ "across.zero", row_across_zero, 0 },
	{ "across.on", row_across_on, 0 },
	{ "across.big", row_across_big, 0 },
	{ "up.none", row_up_none, 0 },
	{ "up.single", row_up_single, 0 },
	{ "up.both", row_up_both, 0 },
	{ "up.zero", row_up_zero, 0 },
	{ "up.on", row_up_on, 0 },
	{ "up.big", row_up_big, 0 },
	{ "copy.16", row_copy_16, 1 },
	{ "take.16", row_take_16, 1 },
	{ "give.16", row_give_16, 1 },
	{ "copy.256", row_copy_256, 1 },
	{ "take.256", row_take_256, 1 },
	{ "give.256", row_give_256, 1 },
	{ "copy.4096", row_copy_4096, 1 },
	{ "take.4096", row_take_4096, 1 },
	{ "give.4096", row_give_4096, 1 },
	{ "copy.65536", row_copy_65536, 1 },
	{ "take.65536", row_take_65536, 1 },
	{ "give.65536", row_give_65536, 1 },
};

i32 bencher_measure(u32 row, u32 prepared, from u8 *lent, u32 size,
		    into char *name, u32 n)
{
	if (row >= sizeof rows / sizeof *rows ||
	    (prepared && rows[row].by_callee))
		return -E_NAME;
	row_set.calls = prepared ? 1 : SAMPLE_CALLS;
	row_set.prepared = prepared;
	rows[row].run(lent, size);
	rows_measured_here();
	if (rows[row].by_callee) {
		result = meter_result;
		calls = meter_copies;
	}
	give(name, rows[row].name, min(n, ROW_NAME));
	return 0;
}

i32 bencher_result(u32 percent)
{
	return result(percent);
}

i32 bencher_calls(void)
{
	return calls();
}
