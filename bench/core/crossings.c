/*
 * Calls across and up, which the domain `caller` measures, and calls down and
 * from the core's own functions.
 */
#include "bench/core/rows.h"
#include "bench/touch.h"
#include "core.h"
#include "kernel/tsc.h"

#define NEAR __attribute__((noipa))
#define NAME 24u
#define BIG  (65536u + 4096u)
/*
 * ns: QEMU fits its translation caches to what is used, in steps of 100 ms;
 * until then each load of CR3 clears what booting needed.
 */
#define SETTLE 1000000000ull

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

static void measure_down(const struct row *rows, const struct import *meter,
			 u32 size)
{
	for (; rows->name; rows++) {
		rows->run(meter, size);
		rows_say(rows->name);
	}
}

/* A row that the caller has measured. */
static void caller_say(struct bench_pair *p, const char *name)
{
	i32 numbers[6];

	for (u32 i = 0; i < 6; i++)
		numbers[i] = down_bencher_result(&p->bencher, rows_percents[i]);
	rows_say_numbers(name, (u32)down_bencher_calls(&p->bencher), numbers);
}

/* All rows of the caller's, told or not. */
static i32 measure_caller(struct bench_pair *p, u32 prepared, int told)
{
	char name[NAME + 1] = "";
	i32 error = 0;

	for (u32 row = 0; !error; row++) {
		error = down_bencher_measure(&p->bencher, row, prepared, bytes,
					     64, name, NAME);
		if (!error && told)
			caller_say(p, name);
	}
	return error == -E_NAME ? 0 : error;
}

i32 bench_crossings(struct bench_pair *p, enum before before)
{
	u32 prepared = before == BEFORE_NOTHING ? 0 :
		       before == BEFORE_SAME	? 2 :
						  1;
	u64 settled = tsc_now() + SETTLE;
	i32 error = 0;

	while (!error && !prepared && tsc_now() < settled)
		error = measure_caller(p, 0, 0);
	if (!error)
		error = measure_caller(p, prepared, 1);
	if (error)
		return error;
	measure_down(rows_crossings, &p->meter, 0);
	return 0;
}

/* ---- payloads ---- */

static i32 payload_of(struct bench_pair *p, u32 size)
{
	char name[NAME + 1] = "";
	i32 error = 0;

	rows_of(p->organizations, size, BEFORE_NOTHING);
	for (u32 row = 0; !error; row++) {
		error = down_bencher_payload(&p->bencher, row, size, name,
					     NAME);
		if (!error)
			caller_say(p, name);
	}
	if (error != -E_NAME)
		return error;
	measure_down(size ? rows_with : rows_without, &p->meter, size);
	return 0;
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
