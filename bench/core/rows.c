/* Raw rows of the command `bench`, and what is done before a batch. */
#include "bench/core/rows.h"

#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/prompt.h"
#include "kernel/tsc.h"

#define SETTLED 300000000ull /* ns: three windows */
#define EVICTED 0x400000u /* bytes, at this address too */
#define LINE	64u

const u32 rows_percents[6] = { 0, 10, 50, 90, 99, 100 };
struct sample_set rows_set;
int rows_settling;

static const char *organizations = "";
static u32 payload;
static enum before now;

void rows_of(const char *text, u32 bytes, enum before before)
{
	organizations = text;
	payload = bytes;
	now = before;
	rows_set.prepared = before >= BEFORE_COLD;
	rows_set.calls = rows_set.prepared ? 1 : sample_calls(bytes);
}

int rows_unsettled(u64 begun)
{
	return rows_settling && tsc_now() - begun < SETTLED;
}

void rows_best(i32 best[6], const i32 numbers[6])
{
	if (!best[5] || numbers[2] < best[2])
		memory_copy(best, numbers, 6 * sizeof(*best));
}

void rows_head(void)
{
	say("row,organization,payload,state,calls,"
	    "least,p10,median,p90,p99,most\n");
}

void rows_say_numbers(const char *name, u32 calls, const i32 numbers[6])
{
	static const char *const states[] = { "warm", "joined", "cold", "same",
					      "other" };

	say("%s,%s,%u,%s,%u,%u,%u,%u,%u,%u,%u\n", name, organizations, payload,
	    states[now], calls, (u32)numbers[0], (u32)numbers[1],
	    (u32)numbers[2], (u32)numbers[3], (u32)numbers[4], (u32)numbers[5]);
}

void rows_say_number(const char *name, u32 number)
{
	i32 n = (i32)number;

	rows_say_numbers(name, 1, (i32[6]){ n, n, n, n, n, n });
}

void rows_numbers(i32 numbers[6])
{
	for (u32 i = 0; i < 6; i++)
		numbers[i] = sample_result(&rows_set, rows_percents[i]);
}

void rows_say(const char *name)
{
	i32 numbers[6];

	rows_numbers(numbers);
	rows_say_numbers(name, rows_set.calls, numbers);
}

void rows_evict(void)
{
	const volatile u32 *at = direct((struct physical){ EVICTED });

	for (u32 i = 0; i < EVICTED / LINE; i++)
		(void)at[i * (LINE / sizeof(*at))];
	tlb_flush_local();
}

void rows_prepare(void)
{
	if (now == BEFORE_COLD)
		rows_evict();
	else if (now > BEFORE_COLD)
		processors_prepare(now);
}
