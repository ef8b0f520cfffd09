/*
 * Frames for pages of processes and files, and what is done when there are no
 * more: the process that has most memory is killed. What is in the page cache
 * lives nowhere else, so nothing there could be given up instead.
 */
#include "kernel/print.h"
#include "kernel/process/pending.h"
#include "kernel/space/cache.h"
#include "kernel/tsc.h"

#define WAIT_NS	   2000000u /* between looks whether it helped */
#define LOOKS_MOST 500u /* before the next victim */

static struct mutex choosing = MUTEX(choosing, "out of memory");
static struct process *victim; /* counted; guarded by choosing, like looks */
static u32 looks;

/* Is it ending anyway? */
static int ends(const struct process *p)
{
	return p->dying || (p->pending.set & SIGNAL_BIT(SIGKILL));
}

/* What a process holds that its end would give back, in pages. */
static u32 weight(const struct process *p)
{
	if (p->pid == 1 || p->state >= PROCESS_ZOMBIE || !p->space || ends(p))
		return 0;
	return p->space->resident + p->space->tables + 1;
}

/* The largest process, counted; NULL: none may be killed. */
static struct process *choose(u32 *pages)
{
	struct process *largest = 0;

	*pages = 0;
	spin_lock(&process_lock);
	for (struct list *l = processes.next; l != &processes; l = l->next) {
		struct process *p = LIST_OF(l, struct process, all);
		u32 w = weight(p);

		if (w <= *pages)
			continue;
		largest = p;
		*pages = w;
	}
	if (largest)
		process_hold(largest);
	spin_unlock(&process_lock);
	return largest;
}

/* Is there hope for frames? If nobody is ending, somebody is made to. */
static int relieve(void)
{
	u32 pages;
	int hope;

	mutex_lock(&choosing);
	if (victim &&
	    (victim->state >= PROCESS_ZOMBIE || ++looks > LOOKS_MOST)) {
		process_drop(victim);
		victim = 0;
	}
	if (!victim) {
		looks = 0;
		victim = choose(&pages);
		if (victim) {
			print("memory: there is none left; process %u (%s) "
			      "with %u KiB is killed\n",
			      victim->pid, victim->leader->name, pages * 4);
			signal_process(victim, SIGKILL, 0);
		}
	}
	hope = victim != 0;
	mutex_unlock(&choosing);
	return hope;
}

static struct physical take_hard(int zeroed)
{
	const struct task *t = task_current();

	for (;;) {
		int hope = relieve();
		struct physical p = frame_take_shared(zeroed);

		if (frame_ok(p) || !hope || (t && ends(t->process)))
			return p;
		thread_sleep(tsc_now() + WAIT_NS);
	}
}

struct physical frame_take_user(int zeroed)
{
	struct physical p = frame_take_shared(zeroed);

	return frame_ok(p) ? p : take_hard(zeroed);
}
