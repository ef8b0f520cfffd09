/*
 * Questions about a system that has been read: look-ups and sums, no changes
 * and no refusals.
 */
#include "model.h"

#include <string.h>

struct gate *system_gate(const struct system *all, const char *name)
{
	for (u32 i = 0; i < all->gate_count; i++)
		if (strcmp(all->gates[i]->name, name) == 0)
			return all->gates[i];
	return NULL;
}

struct domain *system_domain(const struct system *all, const char *name)
{
	for (u32 i = 0; i < all->domain_count; i++)
		if (strcmp(all->domains[i]->name, name) == 0)
			return all->domains[i];
	return NULL;
}

bool domain_exports(const struct domain *one, const struct gate *gate)
{
	for (u32 i = 0; i < one->export_count; i++)
		if (strcmp(one->exports[i].name, gate->name) == 0)
			return true;
	return false;
}

const struct param *function_buffer(const struct function *one, u32 index)
{
	if (index >= one->buffer_count)
		return NULL;
	return &one->params[one->word_count + index];
}

u64 function_needs(const struct domain *in, const struct function *one)
{
	return (u64)one->needs + in->needs + in->below;
}

u32 function_flags(const struct function *one)
{
	u32 flags = 0;

	if (one->waits)
		flags |= ENTRY_WAITS;
	if (one->again)
		flags |= ENTRY_AGAIN;
	return flags;
}
