/*
 * The calling side of `make bench`: one function a row of the table. Rows
 * named near.* call a function of this domain that does what the other side
 * of the gate does, with the same arguments; `empty` is the loop alone.
 */
#include "caller.h"

#include "bench/sample.h"

#define BIG  (65536u + 4096u) /* more than a thunk lends by itself */
#define NEAR __attribute__((noipa))
#define NAME 24u

struct far {
	u32 offset;
	u16 selector, zero;
};

static u8 bytes[BIG], room[BIG];
static struct far same, inner;
static struct sample_set set;
static u32 measured; /* row */

/* A gate of the core's making leads here: see bencher.bare. */
void bare_return(void);
__asm__(".text\nbare_return: lret");

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

static inline void far_call(const struct far *to)
{
	__asm__ volatile("lcall *%0" : : "m"(*to) : "memory");
}

#define ROW(name, call) \
	static void row_##name(from u8 *lent, u32 n) \
	{ \
		(void)lent; \
		(void)n; \
		SAMPLE(&set, SAMPLE_CALLS, call); \
	}

ROW(empty, (void)0)
ROW(near_none, near_none())
ROW(near_single, near_single(bytes, 64))
ROW(near_on, near_on(lent, n))
ROW(near_both, near_both(bytes, 64, room, 64))
ROW(gate_same, far_call(&same))
ROW(gate_inner, far_call(&inner))
ROW(across_none, meter_none())
ROW(across_single, meter_single(bytes, 64))
ROW(across_both, meter_both(bytes, 64, room, 64))
ROW(across_zero, meter_single(bytes, 0))
ROW(across_on, meter_single(lent, n))
ROW(across_big, meter_single(bytes, BIG))
ROW(up_none, coremeter_none())
ROW(up_single, coremeter_single(bytes, 64))
ROW(up_both, coremeter_both(bytes, 64, room, 64))
ROW(up_zero, coremeter_single(bytes, 0))
ROW(up_on, coremeter_single(lent, n))
ROW(up_big, coremeter_single(bytes, BIG))

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
	COPY_ROW(take_##size, meter_taking(bytes, size)) \
	COPY_ROW(give_##size, meter_giving(bytes, size))

COPY_ROWS(16)
COPY_ROWS(256)
COPY_ROWS(4096)
COPY_ROWS(65536)

static i32 own_result(u32 which)
{
	return sample_result(&set, SAMPLE_CALLS, which);
}

static const struct row {
	char name[NAME];
	void (*run)(from u8 *lent, u32 n);
	i32 (*result)(u32 which);
} rows[] = {
	{ "empty", row_empty, own_result },
	{ "near.none", row_near_none, own_result },
	{ "near.single", row_near_single, own_result },
	{ "near.on", row_near_on, own_result },
	{ "near.both", row_near_both, own_result },
	{ "gate.same", row_gate_same, own_result },
	{ "gate.inner", row_gate_inner, own_result },
	{ "across.none", row_across_none, own_result },
	{ "across.single", row_across_single, own_result },
	{ "across.both", row_across_both, own_result },
	{ "across.zero", row_across_zero, own_result },
	{ "across.on", row_across_on, own_result },
	{ "across.big", row_across_big, own_result },
	{ "up.none", row_up_none, own_result },
	{ "up.single", row_up_single, own_result },
	{ "up.both", row_up_both, own_result },
	{ "up.zero", row_up_zero, own_result },
	{ "up.on", row_up_on, own_result },
	{ "up.big", row_up_big, own_result },
	{ "copy.16", row_copy_16, meter_result },
	{ "take.16", row_take_16, meter_result },
	{ "give.16", row_give_16, meter_result },
	{ "copy.256", row_copy_256, meter_result },
	{ "take.256", row_take_256, meter_result },
	{ "give.256", row_give_256, meter_result },
	{ "copy.4096", row_copy_4096, meter_result },
	{ "take.4096", row_take_4096, meter_result },
	{ "give.4096", row_give_4096, meter_result },
	{ "copy.65536", row_copy_65536, meter_result },
	{ "take.65536", row_take_65536, meter_result },
	{ "give.65536", row_give_65536, meter_result },
};

i32 bencher_bare(void)
{
	return (i32)bare_return;
}

i32 bencher_gates(u32 same_ring, u32 to_core)
{
	same.selector = (u16)same_ring;
	inner.selector = (u16)to_core;
	return 0;
}

i32 bencher_measure(u32 row, from u8 *lent, u32 size, into char *name, u32 n)
{
	if (row >= sizeof rows / sizeof *rows)
		return -E_NAME;
	rows[row].run(lent, size);
	measured = row;
	give(name, rows[row].name, min(n, NAME));
	return 0;
}

i32 bencher_result(u32 which)
{
	return rows[measured].result(which);
}
