/*
 * A wild jump to each byte of a thunk in turn. Each either breaks a rule or
 * comes back; none of them may leave anything behind.
 */
#include "core.h"
#include "core_gates.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "tests/core/trials.h"

/* Bytes of the thunk of `name` in domain d. */
static u32 thunk_size(const struct domain *d, const char *name)
{
	const struct image *image = &d->image;

	for (u32 i = 0; i < image->manifest->entry_count; i++)
		if (text_equal(gate_functions[image->entries[i].id].name, name))
			return image->entries[i].down -
			       image->entries[i].across;
	return 0;
}

static const char *jump(const struct import *trial, u32 number, u32 offset,
			struct trial_memory before)
{
	static u8 data[16], space[64];

	down_trial_act(trial, number, trial->domain->now->base, offset, data,
		       sizeof(data), space, sizeof(space));
	if (!trial_wait(trial_settled))
		return "the domain did not come back";
	return trial_broken(before);
}

const char *work_thunk(void)
{
	struct import trial;
	const char *broken = 0;
	struct trial_memory before;
	u32 number, size;

	if (trial_bind(&trial, "trial", "wild") < 0)
		return "the wild domain does not start";
	number = (u32)down_trial_choose(&trial, "thunk-jump", 10);
	size = thunk_size(trial.domain, "trial.choose");
	if (!size)
		broken = "the thunk was not found";
	before = trial_memory();
	for (u32 offset = 0; offset < size && !broken; offset++) {
		broken = jump(&trial, number, offset, before);
		if (broken)
			print("trial: at byte %u of %u\n", offset, size);
	}
	import_unbind(&trial);
	return broken;
}
