/*
 * The command `marked`: makes calls of bench/model/marks.h, each a few times,
 * so that a plugin of QEMU sees the instructions of each; prints a line for
 * each time, in the same order. bench/model/run reads both.
 */
#include "bench/model/marks.h"
#include "core.h"
#include "kernel/load.h"
#include "kernel/prompt.h"

#define REPEATS 5u
#define LENT	64u

static u8 bytes[65536], room[65536];

i32 up_coretarget_none(void)
{
	return 0;
}

i32 up_coretarget_single(from u8 *a, u32 size)
{
	(void)a;
	(void)size;
	return 0;
}

i32 up_coretarget_both(from u8 *a, u32 size, into u8 *b, u32 n)
{
	(void)a;
	(void)size;
	(void)b;
	(void)n;
	return 0;
}

/* As tracer_call(), for calls that the core makes itself. */
static i32 down_call(const struct import *to, u32 row, u32 size)
{
	switch (row) {
		MARKED(DOWN_NONE, down_target_none(to));
		MARKED(DOWN_SINGLE, down_target_single(to, bytes, LENT));
		MARKED(DOWN_BOTH,
		       down_target_both(to, bytes, LENT, room, LENT));
		MARKED(DOWN_TAKEN, down_target_taken(to, bytes, size));
		MARKED(DOWN_GIVEN, down_target_given(to, room, size));
		MARKED(DOWN_MOVED,
		       down_target_moved(to, bytes, size, room, size));
	}
	return -E_NAME;
}

#define NAMED(number, name, payload) { name, payload },

static const struct {
	const char *name;
	u32 payload;
} calls[] = { MARKED_CALLS(NAMED) };

static i32 call_trace(const struct import *target, const struct import *tracer,
		      u32 row, u32 size)
{
	i32 error = 0;

	for (u32 i = 0; i < REPEATS && !error; i++) {
		error = down_call(target, row, size);
		if (error == -E_NAME)
			error = down_tracer_call(tracer, row, size);
		if (!error)
			say("%s,%u,%u\n", calls[row].name, row, size);
	}
	return error;
}

static i32 calls_trace(const struct import *target, const struct import *tracer)
{
	static const u32 sizes[] = { 16, 64, 256, 1024, 4096, 65536 };
	i32 error = 0;

	for (u32 row = 0; row < MARKED_COUNT && !error; row++) {
		u32 count =
			calls[row].payload ? sizeof sizes / sizeof *sizes : 1;

		for (u32 i = 0; i < count && !error; i++)
			error = call_trace(target, tracer, row,
					   calls[row].payload ? sizes[i] : 0);
	}
	return error;
}

static i32 start(const char *name)
{
	struct domain *d;
	i32 error = load_domain(name, &d);

	return error ? error : domain_start(d);
}

static i32 run_marked(const struct words *w)
{
	struct import target, tracer;
	i32 error = start("traced");

	(void)w;
	if (!error)
		error = start("tracer");
	if (!error)
		error = import_bind(&target, "target", "traced");
	if (!error)
		error = import_bind(&tracer, "tracer", "tracer");
	return error ? error : calls_trace(&target, &tracer);
}

const struct command commands_marked[] = {
	{ "marked", "",
	  "make calls for bench/model, which adds up their clocks",
	  run_marked },
	{ 0 },
};
