/*
 * The command `marked`: makes calls of bench/model/marks.h, each a few times,
 * so that a plugin of QEMU sees the instructions of each; then prints a line
 * for each time, in the same order. bench/model/run reads both.
 */
#include "bench/model/marks.h"
#include "core.h"
#include "kernel/load.h"
#include "kernel/memory.h"
#include "kernel/prompt.h"
#include "kernel/thread.h"
#include "kernel/tsc.h"

#define REPEATS	  7u
#define REST	  2000000u /* ns */
#define REST_MORE 170000u
#define LENT	  64u

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

/* Each time after a rest in which everybody else becomes idle, of another
 * length, so that the timer's ticks come elsewhere. */
static i32 call_trace(const struct import *target, const struct import *tracer,
		      u32 row, u32 size)
{
	i32 error = 0;

	for (u32 i = 0; i < REPEATS && !error; i++) {
		thread_sleep(tsc_now() + REST + i * REST_MORE);
		error = down_call(target, row, size);
		if (error == -E_NAME)
			error = down_tracer_call(tracer, row, size);
	}
	return error;
}

static const u32 sizes[] = { 64, 4096, 16, 256, 1024, 65536 };

/* All calls, with the first `payloads` of these sizes. `say` them, or make
 * them: what is said wakes others, so it is said when all have been made. */
static i32 calls_trace(const struct import *target, const struct import *tracer,
		       u32 payloads, int saying)
{
	i32 error = 0;

	for (u32 row = 0; row < MARKED_COUNT && !error; row++) {
		u32 count = calls[row].payload ? payloads : 1;

		for (u32 i = 0; i < count && !error; i++) {
			u32 size = calls[row].payload ? sizes[i] : 0;

			if (!saying)
				error = call_trace(target, tracer, row, size);
			for (u32 n = 0; saying && n < REPEATS; n++)
				say("%s,%u,%u\n", calls[row].name, row, size);
		}
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
	int quick = text_equal(w->word[1], "quick");
	i32 error;

	if (*w->word[1] && !quick)
		return -E_FORM;
	error = start("traced");
	if (!error)
		error = start("tracer");
	if (!error)
		error = import_bind(&target, "target", "traced");
	if (!error)
		error = import_bind(&tracer, "tracer", "tracer");
	for (int saying = 0; saying < 2 && !error; saying++)
		error = calls_trace(&target, &tracer,
				    quick ? 2 : sizeof sizes / sizeof *sizes,
				    saying);
	return error;
}

const struct command commands_marked[] = {
	{ "marked", "[quick]",
	  "make calls for bench/model, which adds up their clocks",
	  run_marked },
	{ 0 },
};
