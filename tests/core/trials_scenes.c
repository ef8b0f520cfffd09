/*
 * Faults in company: deep in a chain of calls, in an interrupt handler, with
 * other threads inside or at the door. Each scene answers 0, or 1 where
 * somebody got another answer than the fault should have given. With argument
 * 0 it only loads what it needs.
 */
#include "core.h"
#include "kernel/fault.h"
#include "kernel/irq.h"
#include "tests/core/trials.h"
#include "kernel/tsc.h"

#define LINE	5u /* of the domain `ticker`; no device has it */
#define LINGER	150u /* ms */
#define COMPANY 12u /* threads: more than a door's table of stacks */

enum breach { BREACH_OWN = 1, BREACH_FROM, BREACH_INTO };

static struct import deep[3];

static i32 nest_bind(void)
{
	i32 error = trial_bind(&deep[2], "deep3", "nest3");

	if (error >= 0)
		error = trial_bind(&deep[1], "deep2", "nest2");
	return error < 0 ? error : trial_bind(&deep[0], "deep1", "nest1");
}

static void nest_unbind(void)
{
	for (u32 i = 0; i < 3; i++)
		import_unbind(&deep[i]);
}

static i32 inside(u32 level)
{
	if (level == 1)
		return down_deep1_inside(&deep[0]);
	return level == 2 ? down_deep2_inside(&deep[1]) :
			    down_deep3_inside(&deep[2]);
}

static i32 fail(u32 level)
{
	if (level == 1)
		return down_deep1_fail(&deep[0]);
	return level == 2 ? down_deep2_fail(&deep[1]) :
			    down_deep3_fail(&deep[2]);
}

/* What the core hears when domain `level` of the chain dies under a call. */
static i32 answer_expected(u32 level)
{
	return level == 1 ? -E_GONE : (i32)(100 * (level - 1));
}

/* Calls into living domains are over, and their monitors free. */
static i32 nest_empty(void)
{
	if (!trial_wait(trial_settled))
		return 1;
	for (u32 level = 1; level <= 3; level++)
		if (inside(level) != 0)
			return 1;
	return 0;
}

/* `argument`: 10 times the level that breaks a rule, and how. */
static i32 deep_breach(u32 argument)
{
	static u8 data[32], space[64];
	u32 level = argument / 10, how = argument % 10;
	u32 faults = fault_count();
	i32 answer, result = nest_bind();

	if (result < 0 || !argument) {
		nest_unbind();
		return result;
	}
	answer = down_deep1_pass(&deep[0], level, how, data, sizeof(data),
				 space, sizeof(space));
	if (fault_count() == faults) /* nothing stopped it, as under TCG */
		result = answer == 0 ? 0 : 1;
	else
		result = answer == answer_expected(level) ? 0 : 1;
	result |= nest_empty();
	nest_unbind();
	return result;
}

struct linger {
	i32 answer;
	u32 milliseconds; /* that it took */
	u32 over;
};

static void linger(void *argument)
{
	struct linger *l = argument;
	u64 begin = tsc_now();

	l->answer = down_deep1_linger(&deep[0], LINGER);
	l->milliseconds = (u32)(tsc_now() - begin) / 1000000;
	l->over = 1;
}

static int innermost_reached(void)
{
	return inside(3) == 1;
}

/*
 * One thread sleeps in the core on behalf of all three; then domain `level`
 * breaks a rule in another thread. What lies deeper finishes its call first.
 */
static i32 deep_linger(u32 level)
{
	struct linger l = { 0 };
	struct thread *t;
	i32 result = nest_bind();

	if (result < 0 || !level) {
		nest_unbind();
		return result;
	}
	t = thread_start("linger", RANK_NORMAL, linger, &l);
	if (!t)
		return -E_MEMORY;
	result = !trial_wait(innermost_reached);
	result |= inside(1) != 1 || inside(2) != 1;
	result |= fail(level) != -E_GONE;
	thread_join(t);
	result |= l.answer != answer_expected(level);
	result |= level < 3 && l.milliseconds < LINGER;
	result |= level == 3 && l.milliseconds >= LINGER;
	result |= nest_empty();
	nest_unbind();
	return result;
}

static void hold(void *argument)
{
	*(i32 *)argument = down_deep1_hold(&deep[0], LINGER, 0, 0);
}

/*
 * The outermost domain dies while its memory is lent to the innermost, which
 * finishes and finds every byte as it was.
 */
static i32 deep_hold(u32 argument)
{
	struct thread *t;
	i32 answer = 0, sum = 0, result = nest_bind();

	if (result < 0 || !argument) {
		nest_unbind();
		return result;
	}
	t = thread_start("hold", RANK_NORMAL, hold, &answer);
	if (!t)
		return -E_MEMORY;
	result = !trial_wait(innermost_reached);
	result |= fail(1) != -E_GONE;
	thread_join(t);
	for (u32 i = 0; i < 5000; i++)
		sum += (u8)(i * 13 + 5);
	result |= answer != -E_GONE || down_deep3_held(&deep[2]) != sum;
	result |= nest_empty();
	nest_unbind();
	return result;
}

/* While all three wait, others come and go; nobody is sent back. */
const char *work_waits(void)
{
	struct linger l = { 0 };
	struct thread *t;
	const char *broken = 0;

	if (nest_bind() < 0)
		return "the nested domains do not start";
	t = thread_start("linger", RANK_NORMAL, linger, &l);
	if (!t)
		return "there is no memory for a thread";
	if (!trial_wait(innermost_reached) || inside(1) != 1 ||
	    inside(2) != 1 || l.over)
		broken = "who waits further in keeps others out";
	thread_join(t);
	if (l.answer != 0 || l.milliseconds < LINGER || nest_empty())
		broken = "a call that waited did not come back in order";
	nest_unbind();
	return broken;
}

static u32 faults_before, served_before;
static struct import ticker;

static int another_fault(void)
{
	return fault_count() != faults_before;
}

static int another_served(void)
{
	return down_ticker_count(&ticker) > (i32)served_before;
}

/* The handler breaks a rule as told; then the line must serve again. */
static i32 interrupt_breach(u32 how)
{
	i32 result = trial_bind(&ticker, "ticker", "ticker");

	if (result < 0)
		return result;
	trial_wait(trial_settled);
	faults_before = fault_count();
	if (how) {
		down_ticker_arm(&ticker, how);
		irq_raise(LINE);
		result = !trial_wait(another_fault) ||
			 !trial_wait(trial_settled);
	}
	served_before = (u32)down_ticker_count(&ticker);
	irq_raise(LINE);
	result |= !trial_wait(another_served);
	import_unbind(&ticker);
	return result;
}

static struct import crowd;
static u32 gone;

static void meet(void *argument)
{
	i32 answer = down_crowd_meet(&crowd, COMPANY + 1, 5000);

	(void)argument;
	if (answer == -E_GONE)
		__atomic_add_fetch(&gone, 1, __ATOMIC_SEQ_CST);
}

static void crowd_break(void *argument)
{
	(void)argument;
	trial_sleep(100);
	down_crowd_fail(&crowd);
}

static void company(void *argument)
{
	u32 *number = argument;

	if (__atomic_fetch_add(number, 1, __ATOMIC_SEQ_CST) == 0)
		crowd_break(0);
	else
		meet(0);
}

/* Many threads wait inside a domain without a monitor: all come out. */
static i32 company_breach(u32 argument)
{
	i32 result = trial_bind(&crowd, "crowd", "crowd");
	u32 number = 0;

	if (result < 0 || !argument) {
		import_unbind(&crowd);
		return result;
	}
	gone = 0;
	result = trial_threads(COMPANY + 1, company, &number) != COMPANY + 1;
	result |= gone != COMPANY;
	import_unbind(&crowd);
	return result;
}

static struct import trial;

static void queue_up(void *number)
{
	i32 answer = down_trial_act(&trial, *(u32 *)number, 1, 0, 0, 0, 0, 0);

	if (answer == -E_GONE)
		__atomic_add_fetch(&gone, 1, __ATOMIC_SEQ_CST);
}

/* Others stand at the monitor of a domain that never returns. */
static i32 queue_breach(u32 argument)
{
	i32 result = trial_bind(&trial, "trial", "wild");
	u32 number;

	if (result < 0 || !argument) {
		import_unbind(&trial);
		return result;
	}
	gone = 0;
	number = (u32)down_trial_choose(&trial, "endless-loop", 12);
	result = trial_threads(COMPANY, queue_up, &number) != COMPANY;
	result |= gone != COMPANY;
	import_unbind(&trial);
	return result;
}

const struct scene scenes[] = {
	{ "deep-innermost", deep_breach, 30 + BREACH_OWN, "nest3" },
	{ "deep-middle", deep_breach, 20 + BREACH_OWN, "nest2" },
	{ "deep-outermost", deep_breach, 10 + BREACH_OWN, "nest1" },
	{ "deep-read-past", deep_breach, 30 + BREACH_FROM, "nest3" },
	{ "deep-write-past", deep_breach, 30 + BREACH_INTO, "nest3" },
	{ "deep-read-past-middle", deep_breach, 20 + BREACH_FROM, "nest2" },
	{ "waiting-innermost", deep_linger, 3, "nest3" },
	{ "waiting-middle", deep_linger, 2, "nest2" },
	{ "waiting-outermost", deep_linger, 1, "nest1" },
	{ "lender-dies", deep_hold, 1, "nest1" },
	{ "interrupt", interrupt_breach, 1, "ticker" },
	{ "interrupt-endless", interrupt_breach, 2, "ticker" },
	{ "interrupt-stub", interrupt_breach, 3, "ticker" },
	{ "company-inside", company_breach, 1, "crowd" },
	{ "company-at-the-door", queue_breach, 1, "wild" },
	{ 0 },
};
