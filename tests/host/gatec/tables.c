/*
 * Prints the core's tables of the good system, for comparison.
 */
#include <stdio.h>

#include "core_gates.h"

void up_thunk_clockwork_now(void)
{
}
void up_thunk_clockwork_sleep(void)
{
}

void up_guarded_clockwork_now(void)
{
}

void up_guarded_clockwork_sleep(void)
{
}

void up_sealed_clockwork_now(void)
{
}

void up_sealed_clockwork_sleep(void)
{
}

int main(void)
{
	for (u32 i = 0; i < core_export_count; i++)
		printf("export %s %u+%u\n", core_exports[i].gate,
		       core_exports[i].first_entry,
		       core_exports[i].entry_count);
	for (u32 i = 0; i < core_entry_count; i++) {
		const struct core_entry *one = &core_entries[i];

		printf("entry %s id %u words %u buffers %u %u flags %u "
		       "needs %u\n",
		       one->thunk == up_thunk_clockwork_now ? "now" : "sleep",
		       one->id, one->words, one->buffer[0], one->buffer[1],
		       one->flags, one->needs);
	}
	for (u32 i = 0; i < core_need_count; i++)
		printf("need %s %u\n", core_needs[i].gate,
		       core_needs[i].functions);
	for (u32 i = 0; i <= gate_function_count; i++)
		printf("%u %s %u\n", i, gate_functions[i].name,
		       gate_functions[i].flags);
	return gate_system_hash == 0;
}
