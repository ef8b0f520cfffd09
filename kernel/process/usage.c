/*
 * CPU times and other uses of processes. The scheduler counts how long a
 * thread ran; the timer's samples say which part of it was in the program.
 */
#include "kernel/process/usage.h"

#include "kernel/cpu.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/system.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

#define USER_HERTZ   100u
#define RUSAGE_WORDS 18u

void usage_tick(const struct frame *f)
{
	struct thread *thread = thread_current();
	struct cpu *cpu = thread->cpu;
	struct task *t = thread->task;
	enum cpu_use use = frame_ring(f) == 3 ? CPU_USER : CPU_SYSTEM;

	if (thread != cpu->idle)
		cpu->ticks[use]++;
	if (!t)
		return;
	if (use == CPU_USER)
		t->user_ticks++;
	else
		t->system_ticks++;
}

u64 task_ran(const struct task *t)
{
	const struct thread *thread = t->thread;

	if (!thread)
		return 0;
	if (thread->state != THREAD_RUNNING)
		return thread->run_time;
	return thread->run_time + (tsc_read() - thread->started);
}

/* Ended tasks' times are the process' own by then. */
u64 process_ran(const struct process *p)
{
	u64 sum = p->user_time + p->system_time;

	for (const struct list *l = p->tasks.next; l != &p->tasks; l = l->next)
		sum += task_ran(LIST_OF(l, struct task, sibling));
	return sum;
}

/* Divide a time as the samples were; without any, all is the program's. */
void usage_of_task(const struct task *t, struct usage *u)
{
	u32 samples = t->user_ticks + t->system_ticks, rest;
	u64 ran = task_ran(t);

	memory_fill(u, 0, sizeof(*u));
	u->user = ran;
	if (samples)
		u->system = wide_divide(ran, samples, &rest) * t->system_ticks;
	u->user = ran - u->system;
	u->switches = t->switches;
	u->switches_forced = t->switches_forced;
}

void usage_of_process(const struct process *p, struct usage *u)
{
	struct usage one;

	memory_fill(u, 0, sizeof(*u));
	u->user = p->user_time;
	u->system = p->system_time;
	u->switches = p->switches;
	u->switches_forced = p->switches_forced;
	u->faults_minor = p->faults_minor;
	u->faults_major = p->faults_major;
	u->peak = p->peak;
	if (p->space) {
		u->faults_minor += p->space->faults_minor;
		u->faults_major += p->space->faults_major;
		u->peak = max(u->peak, p->space->peak);
	}
	for (const struct list *l = p->tasks.next; l != &p->tasks;
	     l = l->next) {
		usage_of_task(LIST_OF(l, struct task, sibling), &one);
		u->user += one.user;
		u->system += one.system;
		u->switches += one.switches;
		u->switches_forced += one.switches_forced;
	}
}

void usage_of_children(const struct process *p, struct usage *u)
{
	memory_fill(u, 0, sizeof(*u));
	u->user = p->child_user_time;
	u->system = p->child_system_time;
	u->peak = p->children_peak;
	u->faults_minor = p->child_faults_minor;
	u->faults_major = p->child_faults_major;
}

void usage_task_ends(struct task *t)
{
	struct process *p = t->process;
	struct usage u;

	usage_of_task(t, &u);
	p->user_time += u.user;
	p->system_time += u.system;
	p->switches += u.switches;
	p->switches_forced += u.switches_forced;
	t->switches = t->switches_forced = 0;
}

void usage_space_ends(struct process *p, const struct space *s)
{
	p->faults_minor += s->faults_minor;
	p->faults_major += s->faults_major;
	p->peak = max(p->peak, s->peak);
}

void usage_child_ends(struct process *parent, const struct process *child)
{
	parent->child_user_time += child->user_time + child->child_user_time;
	parent->child_system_time +=
		child->system_time + child->child_system_time;
	parent->child_faults_minor +=
		child->faults_minor + child->child_faults_minor;
	parent->child_faults_major +=
		child->faults_major + child->child_faults_major;
	parent->children_peak = max(parent->children_peak,
				    max(child->peak, child->children_peak));
}

u32 usage_ticks(u64 tsc)
{
	u32 rest;

	return (u32)wide_divide(tsc_to_us(tsc), 1000000 / USER_HERTZ, &rest);
}

/* A time as struct timeval. */
static void time_put(u32 *words, u64 tsc)
{
	words[0] = (u32)wide_divide(tsc_to_us(tsc), 1000000, &words[1]);
}

i32 usage_write(u32 user, const struct usage *u)
{
	u32 words[RUSAGE_WORDS] = { 0 };

	time_put(&words[0], u->user);
	time_put(&words[2], u->system);
	words[4] = u->peak * (PAGE / 1024);
	words[8] = u->faults_minor;
	words[9] = u->faults_major;
	words[16] = u->switches;
	words[17] = u->switches_forced;
	return user_write(user, words, sizeof(words));
}

/* ---- calls ---- */

enum { OF_SELF = 0, OF_CHILDREN = -1, OF_THREAD = 1 };

i32 call_getrusage(u32 who, u32 to);
i32 call_getrusage(u32 who, u32 to)
{
	struct process *p = process_current();
	struct usage u;

	spin_lock(&process_lock);
	if ((i32)who == OF_SELF)
		usage_of_process(p, &u);
	else if ((i32)who == OF_CHILDREN)
		usage_of_children(p, &u);
	else
		usage_of_task(task_current(), &u);
	spin_unlock(&process_lock);
	if ((i32)who > OF_THREAD || (i32)who < OF_CHILDREN)
		return -EINVAL;
	return usage_write(to, &u);
}

i32 call_times(u32 to);
i32 call_times(u32 to)
{
	struct process *p = process_current();
	struct usage own, children;
	u32 words[4], rest;

	spin_lock(&process_lock);
	usage_of_process(p, &own);
	usage_of_children(p, &children);
	spin_unlock(&process_lock);
	words[0] = usage_ticks(own.user);
	words[1] = usage_ticks(own.system);
	words[2] = usage_ticks(children.user);
	words[3] = usage_ticks(children.system);
	if (to && user_write(to, words, sizeof(words)) < 0)
		return -EFAULT;
	return (i32)(wide_divide(tsc_now(), 1000000000 / USER_HERTZ, &rest) &
		     0x7FFFFFFF);
}
