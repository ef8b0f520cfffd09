/*
 * The command `forbid`: one act that must not succeed, its outcome in one
 * line, and then a look at everything that the act must not have touched.
 */
#include "tests/core/trials.h"

#include "core.h"
#include "core_gates.h"
#include "kernel/fault.h"
#include "kernel/load.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/prompt.h"
#include "kernel/trap.h"
#include "tests/core/trial_acts.h"
#include "seg/selectors.h"

const char *trial_fault_name(u32 vector)
{
	static const char *const names[] = {
		"#DE", "#DB", "nmi", "#BP", "#OF", "#BR", "#UD",
		"#NM", "#DF", "?",   "#TS", "#NP", "#SS", "#GP",
		"#PF", "?",   "#MF", "#AC", "#MC", "#XM",
	};

	if (vector < sizeof(names) / sizeof(*names))
		return names[vector];
	if (vector == VECTOR_TIMER)
		return "watchdog";
	if (vector == VECTOR_SYSCALL)
		return "syscall";
	return "door";
}

static struct generation *generation_named(const char *name)
{
	struct domain *d = domain_find(name);

	return d ? d->now : 0;
}

/* Selector of the gate of function `name` in domain d. */
static u32 gate_named(const char *domain, const char *name)
{
	struct domain *d = domain_find(domain);

	for (u32 i = 0; d && i < d->image.manifest->entry_count; i++)
		if (text_equal(gate_functions[d->image.entries[i].id].name,
			       name))
			return GATE_SELECTOR(d->first_gate + i);
	return 0;
}

static u32 argument_of(const struct forbidden *f, i32 pattern)
{
	static u32 core_word;
	struct generation *neighbour = generation_named("neighbour");

	switch (f->aim) {
	case AIM_CORE:
		return (u32)&core_word;
	case AIM_NEIGHBOUR:
		return neighbour->base - neighbour->origin + (u32)pattern;
	case AIM_NEIGHBOUR_DATA:
		return SEL_DOMAINS + neighbour->pair * SEL_PAIR + 8;
	case AIM_OTHER_GATE:
		return gate_named("hello", "text.nothing");
	case AIM_OWN_GATE:
		return gate_named("wild", "trial.choose");
	default:
		return f->argument;
	}
}

struct stage {
	struct import trial, lending, neighbour;
};

static i32 stage_bind(struct stage *s)
{
	i32 error = trial_bind(&s->neighbour, "neighbour", "neighbour");

	if (error >= 0)
		error = trial_bind(&s->trial, "trial", "wild");
	if (error >= 0)
		error = trial_bind(&s->lending, "lending", "lender");
	return error;
}

static void stage_unbind(struct stage *s)
{
	import_unbind(&s->neighbour);
	import_unbind(&s->trial);
	import_unbind(&s->lending);
}

/* Have the act done, by the way that `f` says. */
static i32 act(const struct stage *s, const struct forbidden *f)
{
	static u8 data[64], space[64];
	i32 number = down_trial_choose(&s->trial, f->act, text_length(f->act));
	i32 pattern = down_neighbour_intact(&s->neighbour);
	const struct generation *wild = generation_named("wild");
	u32 base, argument;

	if (number < 0)
		return number;
	if (pattern < 0)
		return pattern;
	base = wild->base - wild->origin;
	argument = argument_of(f, pattern);
	if (f->way == WAY_LENDER)
		return down_lending_act(&s->lending, (u32)number, base,
					argument, f->size, f->room);
	if (f->way == WAY_LENT_ON)
		return down_lending_pass(&s->lending, (u32)number, base,
					 argument, data, f->size, space,
					 f->room);
	return down_trial_act(&s->trial, (u32)number, base, argument, data,
			      f->size, space, f->room);
}

static void outcome_say(const char *name, u32 faults, i32 result)
{
	const struct fault_summary *f = &fault_last;

	if (fault_count() != faults)
		say("forbid: %s: fault=%s rule=\"%s\" domain=%s address=%08x "
		    "missed=%u result=%d\n",
		    name, trial_fault_name(f->vector), f->rule, f->domain, f->address,
		    f->missed, result);
	else if (result < 0)
		say("forbid: %s: fault=refused rule=\"%s\"\n", name,
		    error_name(result));
	else
		say("forbid: %s: no fault result=%d\n", name, result);
}

/* NULL if the aftermath is as it should be, else what is not. */
static const char *aftermath(u32 faults, struct trial_memory before,
			     const char *guilty)
{
	if (!trial_wait(trial_settled))
		return "not every domain came back";
	if (fault_count() > faults + 1)
		return "there was more than one fault";
	if (fault_count() != faults && !text_equal(fault_last.domain, guilty))
		return "another domain was charged";
	return trial_broken(before);
}

static i32 judge(const char *name, u32 faults, struct trial_memory before,
		 const char *guilty)
{
	const char *broken = aftermath(faults, before, guilty);

	if (!broken)
		return 0;
	say("forbid: %s: but %s\n", name, broken);
	return -E_FORM;
}

static i32 forbid_scene(const struct scene *scene)
{
	struct trial_memory before;
	struct import neighbour = { 0 };
	u32 faults;
	i32 result;

	/* once to load what it needs: memory is counted from there */
	result = scene->run(0);
	if (result >= 0)
		result = trial_bind(&neighbour, "neighbour", "neighbour");
	import_unbind(&neighbour);
	if (result < 0)
		return result;
	trial_wait(trial_settled);
	faults = fault_count();
	before = trial_memory();
	result = scene->run(scene->argument);
	outcome_say(scene->name, faults, result);
	if (result) {
		say("forbid: %s: but somebody got a wrong answer\n",
		    scene->name);
		return -E_FORM;
	}
	return judge(scene->name, faults, before, scene->guilty);
}

static i32 forbid_act(const char *name, const char *number)
{
	const struct forbidden *row = forbidden_find(name);
	struct forbidden f = { .act = name, .size = 16, .room = 64 };
	struct stage stage;
	i32 result = stage_bind(&stage);

	if (row)
		f = *row;
	if (*number)
		f.argument = (u32)word_number(number);
	if (result >= 0)
		result = down_trial_choose(&stage.trial, f.act,
					   text_length(f.act));
	if (result >= 0) {
		trial_wait(trial_settled);
		u32 faults = fault_count();
		struct trial_memory before = trial_memory();

		result = act(&stage, &f);
		outcome_say(name, faults, result);
		result = judge(name, faults, before, "wild");
	}
	stage_unbind(&stage);
	return result;
}

static i32 run_forbid(const struct words *w)
{
	for (const struct scene *s = scenes; s->name; s++)
		if (text_equal(s->name, w->word[1]))
			return forbid_scene(s);
	return forbid_act(w->word[1], w->word[2]);
}

static i32 run_trial(const struct words *w)
{
	return trial_run(w->word[1]);
}

const struct command commands_trials[] = {
	{ "forbid", "ACT [N]", "have a test domain do what it must not",
	  run_forbid },
	{ "trial", "NAME", "have something tried that must work", run_trial },
	{ 0 },
};
