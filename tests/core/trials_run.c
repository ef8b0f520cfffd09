/* The command `trial`: one thing that must work, by its name. */
#include "core.h"
#include "kernel/prompt.h"
#include "kernel/memory.h"
#include "tests/core/trials.h"

struct work {
	const char *name;
	const char *(*run)(void);
};

static const struct work works[] = {
	{ "lends", work_lends },     { "again", work_again },
	{ "monitor", work_monitor }, { "stacks", work_stacks },
	{ "events", work_events },   { "reservation", work_reservation },
	{ "waiting", work_waiting }, { "lives", work_lives },
	{ "budget", work_budget },   { "threads", work_threads },
	{ "thunk", work_thunk },     { "waits", work_waits },
	{ "slots", work_slots },
};

static i32 work_run(const struct work *w)
{
	struct import neighbour;
	const char *broken;

	/* what everything is compared with at the end */
	if (trial_bind(&neighbour, "neighbour", "neighbour") < 0)
		return -E_NAME;
	import_unbind(&neighbour);
	broken = w->run();
	if (!broken && !trial_wait(trial_settled))
		broken = "not every domain came back";
	if (!broken)
		broken = trial_broken(trial_memory());
	say("trial: %s: %s%s\n", w->name, broken ? "failed: " : "passed",
	    broken ? broken : "");
	return broken ? -E_FORM : 0;
}

i32 trial_run(const char *name)
{
	for (u32 i = 0; i < sizeof(works) / sizeof(*works); i++)
		if (text_equal(works[i].name, name))
			return work_run(&works[i]);
	return -E_NAME;
}
