/*
 * The command `attack`: the domain `intruder` tries something, once or with
 * many arguments; then a look at what it wanted and at everything else. One
 * line says what came of it: a fault, an error, nothing, or what it gained.
 */
#include "core.h"
#include "kernel/cpu.h"
#include "kernel/fault.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/process/fpu.h"
#include "kernel/prompt.h"
#include "tests/core/attack_aims.h"
#include "tests/core/trials.h"

#define KINDS 12u
/* enum gain of tests/domains/intruder begins there */
#define GAIN_FIRST 0x6A696E01u

static u8 outer[2 * PAGE] __attribute__((aligned(4096)));
static u8 space[2 * PAGE] __attribute__((aligned(4096)));

/* What one try came to. */
enum outcome {
	OUTCOME_NOTHING,
	OUTCOME_FAULT,
	OUTCOME_REFUSED, /* an error */
	OUTCOME_GAINED,
	OUTCOME_BROKE, /* somebody else was harmed */
};

struct tries {
	u32 count, gained, refused, nothing;
	u32 faults[KINDS];
	u32 vector[KINDS]; /* of them */
	const char *what; /* was gained or broken, the last time */
	u8 outcome; /* the worst so far */
};

/* What the intruder says that it got; NULL for any other answer. */
static const char *gain_name(i32 answer)
{
	static const char *const names[] = {
		"read the canary", "wrote", "loaded", "ran", "was told",
	};
	u32 gain = (u32)answer - GAIN_FIRST;

	return gain < sizeof(names) / sizeof(*names) ? names[gain] : 0;
}

/* ---- trying it ----------------------------------------------------------- */

struct linger {
	const struct company *c;
	i32 number;
};

static void linger(void *argument)
{
	struct linger *l = argument;

	down_attack_act(&l->c->attack, (u32)l->number, 0, 0, 0, 0, outer, 16,
			space, 64);
}

static i32 number_of(const struct company *c, const char *plan)
{
	return down_attack_choose(&c->attack, plan, text_length(plan));
}

static i32 try_company(const struct company *c, u32 number, struct aim a,
		       u32 argument)
{
	struct linger l = { c, number_of(c, "lend-linger") };
	struct thread *t = thread_start("linger", RANK_NORMAL, linger, &l);
	i32 answer = t ? down_attack_bare(&c->attack, number, a.base, a.at,
					  a.word, argument) :
			 -E_MEMORY;

	if (t)
		thread_join(t);
	return answer;
}

static i32 try_once(const struct company *c, const struct trick *t,
		    u32 argument)
{
	i32 number = number_of(c, t->plan), keep = number_of(c, "lend-keep");
	struct aim a = aim_take(c, t);
	u32 n = (u32)number;

	if (number < 0 || keep < 0)
		return number < 0 ? number : keep;
	memory_fill(outer, 7, sizeof(outer));
	memory_fill(space, 7, sizeof(space));
	if (t->target == TARGET_OUTER) {
		memory_copy(outer, (const void *)&a.word, sizeof(a.word));
		memory_copy(space, (const void *)&a.word, sizeof(a.word));
	}
	if (thread_current()->task)
		fpu_use(); /* a program's, as if it had just computed */
	switch (t->approach) {
	case APPROACH_TWICE:
		down_attack_act(&c->attack, (u32)keep, 0, 0, 0, 0, outer,
				sizeof(outer), space, sizeof(space));
		/* fall through */
	case APPROACH_BARE:
		return down_attack_bare(&c->attack, n, a.base, a.at, a.word,
					argument);
	case APPROACH_COMPANY:
		return try_company(c, n, a, argument);
	case APPROACH_OUTER:
		return down_lending_raid(&c->lending, n, a.base, a.at, a.word,
					 argument, outer, 64, space, 64);
	default:
		return down_attack_act(&c->attack, n, a.base, a.at, a.word,
				       argument, outer, 16, space, 64);
	}
}

/* ---- what came of it ----------------------------------------------------- */

static void fault_add(struct tries *s, u32 vector)
{
	for (u32 i = 0; i < KINDS; i++)
		if (!s->faults[i] || s->vector[i] == vector) {
			s->vector[i] = vector;
			s->faults[i]++;
			return;
		}
}

static void worst(struct tries *s, u8 outcome, const char *what)
{
	if (outcome >= OUTCOME_GAINED)
		s->what = what;
	if (outcome > s->outcome)
		s->outcome = outcome;
}

static void judge(const struct company *c, struct tries *s, u32 faults,
		  i32 answer)
{
	u32 count = fault_count() - faults;
	const char *what;

	s->count++;
	if (!trial_wait(trial_settled))
		worst(s, OUTCOME_BROKE, "not every domain came back");
	else if (count > 1)
		worst(s, OUTCOME_BROKE, "there was more than one fault");
	else if (count && !text_equal(fault_last.domain, "intruder"))
		worst(s, OUTCOME_BROKE, "another domain was charged");
	else if (down_text_nothing(&c->hello) < 0)
		worst(s, OUTCOME_BROKE, "another domain does not answer");
	what = canary_changed(c);
	if (what)
		worst(s, OUTCOME_GAINED, what);
	else if (count)
		worst(s, OUTCOME_FAULT, 0);
	else if (gain_name(answer))
		worst(s, OUTCOME_GAINED, gain_name(answer));
	else if (answer < 0)
		worst(s, OUTCOME_REFUSED, 0);
	s->gained += what || (!count && gain_name(answer));
	s->refused += !what && !count && answer < 0;
	s->nothing += !what && !count && answer >= 0 && !gain_name(answer);
	if (count)
		fault_add(s, fault_last.vector);
}

static void try(const struct company *c, const struct trick *t, u32 number,
		struct tries *s, i32 *answer)
{
	u32 faults = fault_count();

	*answer = try_once(c, t, argument_take(c, t, number));
	judge(c, s, faults, *answer);
}

/* ---- saying it ----------------------------------------------------------- */

static void say_swept(const char *name, const struct tries *s)
{
	say("attack: %s: fault=swept rule=\"%u gained%s%s of %u;", name,
	    s->gained, s->what ? ": " : "", s->what ? s->what : "", s->count);
	for (u32 i = 0; i < KINDS && s->faults[i]; i++)
		say(" %u %s", s->faults[i], trial_fault_name(s->vector[i]));
	if (s->refused)
		say(" %u refused", s->refused);
	if (s->nothing)
		say(" %u nothing", s->nothing);
	say("\"\n");
}

static void say_once(const char *name, const struct tries *s, i32 answer)
{
	if (s->outcome == OUTCOME_GAINED)
		say("attack: %s: fault=gained rule=\"%s\"\n", name, s->what);
	else if (s->outcome == OUTCOME_FAULT)
		say("attack: %s: fault=%s rule=\"%s\"\n", name,
		    trial_fault_name(fault_last.vector), fault_last.rule);
	else if (answer < 0)
		say("attack: %s: fault=refused rule=\"%s\"\n", name,
		    error_name(answer));
	else
		say("attack: %s: no fault result=%d\n", name, answer);
}

static i32 aftermath(const char *name, const struct tries *s,
		     struct trial_memory before)
{
	const char *broken =
		s->outcome == OUTCOME_BROKE ? s->what : trial_broken(before);

	if (!broken)
		return 0;
	say("attack: %s: but %s\n", name, broken);
	return -E_FORM;
}

static void sweep(const struct company *c, const struct trick *t,
		  struct tries *s)
{
	u32 number = t->number;
	i32 answer;

	if (t->argument == ARGUMENT_PRESENT || t->argument == ARGUMENT_GATES) {
		for (u32 slot = slot_after(c, t, 0); slot;
		     slot = slot_after(c, t, slot))
			try(c, t, slot, s, &answer);
		return;
	}
	for (;; number += t->step) {
		if (!call_is_its(c, t, number))
			try(c, t, number, s, &answer);
		if (t->last - number < t->step)
			break;
	}
}

static i32 run_attack(const struct words *w)
{
	const struct trick *t = trick_find(w->word[1]);
	struct company c = { 0 };
	struct tries s = { 0 };
	struct trial_memory before;
	i32 answer = t ? company_bind(&c) : -E_NAME;

	if (answer >= 0)
		answer = number_of(&c, t->plan);
	if (answer >= 0) {
		trial_wait(trial_settled);
		before = trial_memory();
		if (t->step)
			sweep(&c, t, &s);
		else
			try(&c, t, t->number, &s, &answer);
		if (t->step)
			say_swept(t->name, &s);
		else
			say_once(t->name, &s, answer);
		answer = aftermath(t->name, &s, before);
	}
	company_part(&c);
	return answer;
}

const struct command commands_attacks[] = {
	{ "attack", "NAME", "have a hostile domain try something", run_attack },
	{ 0 },
};
