/*
 * Calls across and up, which the domain `caller` measures, and calls down and
 * from the core's own functions.
 */
#include "bench/core/rows.h"
#include "bench/touch.h"
#include "core.h"
#include "kernel/tsc.h"

#define NEAR	__attribute__((noipa))
#define NAME	24u
#define BIG	(65536u + 4096u)
#define PAYLOAD 3u /* a row that carries `size` bytes */

static u8 bytes[BIG], room[65536];

i32 up_coremeter_none(void)
{
	return 0;
}

i32 up_coremeter_single(from u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

i32 up_coremeter_fill(into u8 *b, u32 size)
{
	(void)b;
	(void)size;
	return 0;
}

i32 up_coremeter_both(from u8 *a, u32 size, into u8 *b, u32 n)
{
	(void)a;
	(void)size;
	(void)b;
	(void)n;
	return 0;
}

i32 up_coremeter_read(from u8 *a, u32 size)
{
	return (i32)(TOUCH_READ(from, a, size) >> 1);
}

i32 up_coremeter_write(into u8 *b, u32 n)
{
	TOUCH_WRITE(into, b, n);
	return 0;
}

i32 up_coremeter_exchange(from u8 *a, u32 size, into u8 *b, u32 n)
{
	u32 sum = TOUCH_READ(from, a, size);

	TOUCH_WRITE(into, b, n);
	return (i32)(sum >> 1);
}

i32 up_coremeter_prepare(void)
{
	rows_prepare();
	return 0;
}

static NEAR i32 near_none(const struct import *to)
{
	(void)to;
	return 0;
}

static NEAR i32 near_single(const struct import *to, const u8 *a, u32 size)
{
	(void)to;
	(void)a;
	(void)size;
	return 0;
}

static NEAR i32 near_both(const struct import *to, const u8 *a, u32 size, u8 *b,
			  u32 n)
{
	(void)to;
	(void)a;
	(void)size;
	(void)b;
	(void)n;
	return 0;
}

/* One function a row, so that the loop is the same in each. */
#define ROW(name, call) \
	static NEAR void row_##name(const struct import *meter, u32 size) \
	{ \
		(void)meter; \
		(void)size; \
		SAMPLE(&rows_set, rows_prepare(), call); \
	}

ROW(empty, (void)0)
ROW(near_none, near_none(meter))
ROW(near_single, near_single(meter, bytes, 64))
ROW(near_both, near_both(meter, bytes, 64, room, 64))
ROW(none, down_meter_none(meter))
ROW(single, down_meter_single(meter, bytes, 64))
ROW(both, down_meter_both(meter, bytes, 64, room, 64))
ROW(zero, down_meter_single(meter, bytes, 0))
ROW(big, down_meter_single(meter, bytes, BIG))
ROW(pay_in, down_meter_single(meter, bytes, size))
ROW(pay_out, down_meter_fill(meter, room, size))
ROW(pay_both, down_meter_both(meter, bytes, size, room, size))
ROW(pay_in_touch, down_meter_read(meter, bytes, size))
ROW(pay_out_touch, down_meter_write(meter, room, size))
ROW(pay_both_touch, down_meter_exchange(meter, bytes, size, room, size))

struct row {
	const char *name;
	void (*run)(const struct import *meter, u32 size);
};

static const struct row rows_crossings[] = {
	{ "down.empty", row_empty },
	{ "down.near.none", row_near_none },
	{ "down.near.single", row_near_single },
	{ "down.near.both", row_near_both },
	{ "down.none", row_none },
	{ "down.single", row_single },
	{ "down.both", row_both },
	{ "down.zero", row_zero },
	{ "down.big", row_big },
	{ 0 },
};

static const struct row rows_without[] = {
	{ "down.empty", row_empty },
	{ "down.none", row_none },
	{ 0 },
};

static const struct row rows_with[] = {
	{ "down.empty", row_empty },
	{ "down.in", row_pay_in },
	{ "down.out", row_pay_out },
	{ "down.both", row_pay_both },
	{ "down.in.touch", row_pay_in_touch },
	{ "down.out.touch", row_pay_out_touch },
	{ "down.both.touch", row_pay_both_touch },
	{ 0 },
};

/* Does a row of that name load CR3? */
static int row_served(const struct bench_pair *p, const char *name)
{
	int caller = p->caller->now->door->flags & DOOR_SERVER;
	int callee = p->callee->now->door->flags & DOOR_SERVER;

	switch (*name) {
	case 'a': /* across */
		return caller || callee;
	case 'd': /* down */
		return callee;
	default:
		return *name == 'u' && caller; /* up */
	}
}

static void measure_down(const struct row *rows, struct bench_pair *p, u32 size)
{
	for (; rows->name; rows++) {
		u64 begun = tsc_now();
		i32 numbers[6], best[6] = { 0 };

		do {
			rows->run(&p->meter, size);
			rows_numbers(numbers);
			rows_best(best, numbers);
		} while (row_served(p, rows->name) && rows_unsettled(begun));
		rows_say_numbers(rows->name, rows_set.calls, best);
	}
}

static i32 caller_run(struct bench_pair *p, u32 row, u32 prepared, u32 size,
		      char *name)
{
	if (prepared == PAYLOAD)
		return down_bencher_payload(&p->bencher, row, size, name, NAME);
	return down_bencher_measure(&p->bencher, row, prepared, bytes, 64, name,
				    NAME);
}

/* One of the caller's rows; -E_NAME: there is none of that number. `prepared`
 * is bencher.measure's, or PAYLOAD. */
static i32 caller_row(struct bench_pair *p, u32 row, u32 prepared, u32 size)
{
	char name[NAME + 1] = "";
	i32 numbers[6], best[6] = { 0 }, error;
	u64 begun = tsc_now();

	do {
		error = caller_run(p, row, prepared, size, name);
		if (error)
			return error;
		for (u32 i = 0; i < 6; i++)
			numbers[i] = down_bencher_result(&p->bencher,
							 rows_percents[i]);
		rows_best(best, numbers);
	} while (row_served(p, name) && rows_unsettled(begun));
	rows_say_numbers(name, (u32)down_bencher_calls(&p->bencher), best);
	return 0;
}

i32 caller_rows(struct bench_pair *p, u32 prepared, u32 size)
{
	i32 error = 0;

	for (u32 row = 0; !error; row++)
		error = caller_row(p, row, prepared, size);
	return error == -E_NAME ? 0 : error;
}

i32 bench_crossings(struct bench_pair *p, enum before before)
{
	u32 prepared = before == BEFORE_NOTHING ? 0 :
		       before == BEFORE_SAME	? 2 :
						  1;
	i32 error = caller_rows(p, prepared, 0);

	if (!error)
		measure_down(rows_crossings, p, 0);
	return error;
}

/* ---- payloads ---- */

static i32 payload_of(struct bench_pair *p, u32 size)
{
	i32 error;

	rows_of(p->organizations, size, BEFORE_NOTHING);
	error = caller_rows(p, PAYLOAD, size);
	if (!error)
		measure_down(size ? rows_with : rows_without, p, size);
	return error;
}

i32 bench_payloads(struct bench_pair *p, int quick)
{
	static const u32 all[] = { 0, 16, 64, 256, 1024, 4096, 65536 };
	static const u32 few[] = { 0, 64, 4096, 65536 };
	const u32 *sizes = quick ? few : all;
	u32 count = (quick ? sizeof(few) : sizeof(all)) / sizeof(u32);
	i32 error = 0;

	for (u32 i = 0; i < count && !error; i++)
		error = payload_of(p, sizes[i]);
	return error;
}
