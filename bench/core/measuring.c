/*
 * The command `bench`: what calls cost, raw, a line a row; bench/run knows what
 * the rows mean and subtracts. Calls across and up are timed by the domain
 * `caller` (bench/domains), calls down here.
 */
#include "bench/sample.h"
#include "core.h"
#include "kernel/domain.h"
#include "kernel/load.h"
#include "kernel/prompt.h"
#include "kernel/tsc.h"
#include "seg/gdt.h"

#define NEAR	  __attribute__((noipa))
#define NAME	  24u
#define BIG	  (65536u + 4096u)
#define CAUGHT_UP 1000000ull /* ns until the undertaker is looked at again */

static u8 bytes[BIG];
static struct sample_set set;

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

i32 up_coremeter_both(from u8 *a, u32 size, into u8 *b, u32 room)
{
	(void)a;
	(void)size;
	(void)b;
	(void)room;
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
			  u32 room)
{
	(void)to;
	(void)a;
	(void)size;
	(void)b;
	(void)room;
	return 0;
}

static void row_say(const char *name, i32 minimum, i32 median, i32 count)
{
	say("%s,%d,%d,%d\n", name, minimum, median, count);
}

static void set_say(const char *name, u32 count)
{
	i32 minimum = sample_result(&set, count, 0);

	row_say(name, minimum, sample_result(&set, count, 1), (i32)count);
}

#define ROW(name, call) \
	do { \
		SAMPLE(&set, SAMPLE_CALLS, call); \
		set_say(name, SAMPLE_CALLS); \
	} while (0)

static void measure_down(const struct import *meter)
{
	static u8 room[64];

	ROW("down.empty", (void)0);
	ROW("down.near.none", near_none(meter));
	ROW("down.near.single", near_single(meter, bytes, 64));
	ROW("down.near.both", near_both(meter, bytes, 64, room, 64));
	ROW("down.none", down_meter_none(meter));
	ROW("down.single", down_meter_single(meter, bytes, 64));
	ROW("down.both", down_meter_both(meter, bytes, 64, room, 64));
	ROW("down.zero", down_meter_single(meter, bytes, 0));
	ROW("down.big", down_meter_single(meter, bytes, BIG));
}

/* In the core, a lone far return: what the bare inner gate leads to. */
void bare_core_return(void);
__asm__(".text\nbare_core_return: lret");

static i32 bare_gate(u32 slot, u16 code, u32 offset)
{
	struct descriptor gate;
	i32 error = descriptor_gate(code, offset, 1, &gate);

	if (!error)
		gdt_set_shared(slot, gate);
	return error;
}

/* Every row of the caller's, with two bare gates that exist meanwhile. */
static i32 measure_caller(const struct domain *caller,
			  const struct import *bencher)
{
	u32 slot = gdt_gates_take(2);
	i32 error = slot ? down_bencher_bare(bencher) : -E_MEMORY;
	char name[NAME + 1] = "";

	if (error > 0)
		error = bare_gate(
			slot, (u16)(SEL_DOMAINS + caller->now->pair * SEL_PAIR),
			(u32)error);
	if (!error)
		error = bare_gate(slot + 1, SEL_CORE_CODE,
				  (u32)bare_core_return);
	if (!error)
		error = down_bencher_gates(bencher, GATE_SELECTOR(slot),
					   GATE_SELECTOR(slot + 1));
	for (u32 row = 0; !error; row++) {
		error = down_bencher_measure(bencher, row, bytes, 64, name,
					     NAME);
		if (!error)
			row_say(name, down_bencher_result(bencher, 0),
				down_bencher_result(bencher, 1),
				down_bencher_result(bencher, 2));
	}
	if (slot)
		gdt_gates_give(slot, 2);
	return error == -E_NAME ? 0 : error;
}

/* From a fault in the callee to the next call that succeeds. */
static i32 measure_restart(struct import *meter)
{
	i32 error = 0;

	for (u32 i = 0; i < SAMPLE_BATCHES && !error; i++) {
		u32 begin = sample_clock();

		if (down_meter_fault(meter) != -E_GONE)
			return -E_FORM;
		do
			error = import_revive(meter);
		while (!error && down_meter_none(meter) == -E_GONE);
		set.ticks[i] = sample_clock() - begin;
	}
	if (!error)
		set_say("restart", 1);
	return error;
}

/* Stop and forget a domain; waits until its memory is free again. */
static void drop(struct domain *d)
{
	domain_stop(d);
	while (domain_unload(d) == -E_BUSY)
		thread_sleep(tsc_now() + CAUGHT_UP);
}

/* A fresh `hello`, from the file in memory to the end of its start gate. */
static i32 measure_start(void)
{
	struct domain *d = domain_find("hello");
	i32 error = 0, memory = 0;

	for (u32 i = 0; i < SAMPLE_BATCHES && !error; i++) {
		u32 begin, frames;

		if (d)
			drop(d);
		frames = frame_free_count();
		begin = sample_clock();
		error = load_domain("hello", &d);
		if (!error)
			error = domain_start(d);
		set.ticks[i] = sample_clock() - begin;
		memory = (i32)((frames - frame_free_count()) * PAGE);
	}
	if (error)
		return error;
	set_say("start", 1);
	row_say("memory.window", (i32)generation_memory(d->now),
		(i32)generation_memory(d->now), 1);
	row_say("memory.all", memory, memory, 1);
	return 0;
}

static i32 bring(const char *name, struct domain **out)
{
	i32 error = load_domain(name, out);

	return error ? error : domain_start(*out);
}

static i32 measure_calls(void)
{
	struct domain *callee, *caller = 0;
	struct import meter, bencher;
	i32 error = bring("callee", &callee);

	if (error)
		return error;
	error = bring("caller", &caller);
	if (!error)
		error = import_bind(&meter, "meter", "callee");
	if (!error)
		error = import_bind(&bencher, "bencher", "caller");
	if (!error)
		error = measure_caller(caller, &bencher);
	if (!error) {
		measure_down(&meter);
		error = measure_restart(&meter);
		import_unbind(&meter);
		import_unbind(&bencher);
	}
	if (caller)
		drop(caller);
	drop(callee);
	return error;
}

static i32 run_bench(const struct words *w)
{
	i32 error;

	(void)w;
	say("row,minimum,median,count\nkhz,%u,%u,1\n", tsc_khz(), tsc_khz());
	error = measure_calls();
	return error ? error : measure_start();
}

const struct command commands_measuring[] = {
	{ "bench", "", "time crossings, raw; `make bench` makes tables of it",
	  run_bench },
	{ 0 },
};
