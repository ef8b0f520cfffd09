/*
 * Rows of calls that carry bytes: near (a function of this domain), across and
 * up; in (the callee's to read), out (to fill) and both; and with every byte
 * read or written by who is called (touch).
 */
#include "caller.h"

#include "bench/touch.h"
#include "rows.h"

static NEAR i32 near_in(const u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

static NEAR i32 near_out(u8 *b, u32 n)
{
	(void)b;
	(void)n;
	return 0;
}

static NEAR i32 near_pair(const u8 *a, u32 size, u8 *b, u32 n)
{
	(void)a;
	(void)size;
	(void)b;
	(void)n;
	return 0;
}

static NEAR i32 near_read(const u8 *a, u32 size)
{
	return (i32)(TOUCH_READ(const, a, size) >> 1);
}

static NEAR i32 near_write(u8 *b, u32 n)
{
	TOUCH_WRITE(, b, n);
	return 0;
}

static NEAR i32 near_exchange(const u8 *a, u32 size, u8 *b, u32 n)
{
	u32 sum = TOUCH_READ(const, a, size);

	TOUCH_WRITE(, b, n);
	return (i32)(sum >> 1);
}

static NEAR i32 near_nothing(void)
{
	return 0;
}

#define ROW(name, call) \
	static void row_##name(u32 n) \
	{ \
		(void)n; \
		SAMPLE(&row_set, (void)0, call); \
	}

ROW(empty, (void)0)
ROW(near_none, near_nothing())
ROW(across_none, meter_none())
ROW(up_none, coremeter_none())
ROW(near_in, near_in(row_bytes, n))
ROW(near_out, near_out(row_room, n))
ROW(near_both, near_pair(row_bytes, n, row_room, n))
ROW(near_in_touch, near_read(row_bytes, n))
ROW(near_out_touch, near_write(row_room, n))
ROW(near_both_touch, near_exchange(row_bytes, n, row_room, n))
ROW(across_in, meter_single(row_bytes, n))
ROW(across_out, meter_fill(row_room, n))
ROW(across_both, meter_both(row_bytes, n, row_room, n))
ROW(across_in_touch, meter_read(row_bytes, n))
ROW(across_out_touch, meter_write(row_room, n))
ROW(across_both_touch, meter_exchange(row_bytes, n, row_room, n))
ROW(up_in, coremeter_single(row_bytes, n))
ROW(up_out, coremeter_fill(row_room, n))
ROW(up_both, coremeter_both(row_bytes, n, row_room, n))
ROW(up_in_touch, coremeter_read(row_bytes, n))
ROW(up_out_touch, coremeter_write(row_room, n))
ROW(up_both_touch, coremeter_exchange(row_bytes, n, row_room, n))

struct row {
	char name[ROW_NAME];
	void (*run)(u32 size);
};

static const struct row rows_without[] = {
	{ "empty", row_empty },
	{ "near.none", row_near_none },
	{ "across.none", row_across_none },
	{ "up.none", row_up_none },
};

static const struct row rows_with[] = {
	{ "empty", row_empty },
	{ "near.in", row_near_in },
	{ "near.out", row_near_out },
	{ "near.both", row_near_both },
	{ "near.in.touch", row_near_in_touch },
	{ "near.out.touch", row_near_out_touch },
	{ "near.both.touch", row_near_both_touch },
	{ "across.in", row_across_in },
	{ "across.out", row_across_out },
	{ "across.both", row_across_both },
	{ "across.in.touch", row_across_in_touch },
	{ "across.out.touch", row_across_out_touch },
	{ "across.both.touch", row_across_both_touch },
	{ "up.in", row_up_in },
	{ "up.out", row_up_out },
	{ "up.both", row_up_both },
	{ "up.in.touch", row_up_in_touch },
	{ "up.out.touch", row_up_out_touch },
	{ "up.both.touch", row_up_both_touch },
};

i32 bencher_payload(u32 row, u32 size, into char *name, u32 n)
{
	const struct row *rows = size ? rows_with : rows_without;
	u32 count = size ? sizeof(rows_with) / sizeof(*rows_with) :
			   sizeof(rows_without) / sizeof(*rows_without);

	if (row >= count)
		return -E_NAME;
	if (size > sizeof(row_bytes))
		return -E_BIG;
	row_set.calls = sample_calls(size);
	row_set.prepared = 0;
	rows[row].run(size);
	rows_measured_here();
	give(name, rows[row].name, min(n, ROW_NAME));
	return 0;
}
