/*
 * Frames for pages of processes and files, and what is done when there are no
 * more: what can be read again goes; then, of the job (process group) that has
 * most memory, the process that has most is killed.
 */
#include "kernel/heap.h"
#include "kernel/print.h"
#include "kernel/process/pending.h"
#include "kernel/space/cache.h"
#include "kernel/space/table.h"
#include "kernel/tsc.h"
#include "kernel/vfs/kinds.h"
#include "kernel/vfs/pipe.h"
#include "kernel/volume/volume.h"

#define WAIT_NS	     2000000u /* between looks whether it helped */
#define PATIENCE_NS  1000000000u /* before the next victim */
#define TASK_PAGES   4u /* what a task costs: stack, crossing page, blocks */
#define FILES_A_PAGE 8u /* open files whose blocks fill a page, about */
#define EVICTED	     64u /* frames, at once */
#define WAITED_FOR   0xFFFFFFFFu /* weight of who is ending, and takes long */

static struct mutex choosing = MUTEX(choosing, "out of memory");
static struct process *victim; /* counted; guarded by choosing, as is: */
static u64 patience; /* until when the victim is waited for */

/* Is it ending anyway? */
static int ends(const struct process *p)
{
	return p->dying || (p->pending.set & SIGNAL_BIT(SIGKILL));
}

/* Pages that open files hold in the core; a pipe's are who may write it's. */
static u32 files_weight(struct files *t)
{
	u32 count = 0, pages = 0;

	spin_lock(&t->lock);
	for (u32 d = 0; d < t->end; d++) {
		const struct file *f = t->files[d];

		count += f != 0;
		if (f && f->kind == &pipe_kind && file_writes(f))
			pages += ((struct pipe *)f->data)->used / PAGE;
	}
	spin_unlock(&t->lock);
	return pages + count / FILES_A_PAGE;
}

/* What its end would give back, about, in pages; 0: it may not be killed. */
static u32 weight(const struct process *p)
{
	const struct space *s = p->space;
	u32 pages;

	if (p->pid == 1 || p->state >= PROCESS_ZOMBIE || !s || ends(p))
		return 0;
	pages = table_owned(s) + p->task_count * TASK_PAGES;
	pages += (s->area_count * (u32)sizeof(struct area) +
		  s->index_room * (u32)sizeof(*s->index)) /
		 PAGE;
	return p->files ? pages + files_weight(p->files) : pages;
}

/* Somebody who is about to give all back, and was not waited for in vain. */
static struct process *ending(void)
{
	for (struct list *l = processes.next; l != &processes; l = l->next) {
		struct process *p = LIST_OF(l, struct process, all);

		if (p->state < PROCESS_ZOMBIE && ends(p) &&
		    p->weight != WAITED_FOR)
			return p;
	}
	return 0;
}

/* Weigh all; the heaviest group, NULL: nobody may be killed. */
static struct group *weigh(void)
{
	struct group *heaviest = 0;

	for (struct list *l = processes.next; l != &processes; l = l->next)
		LIST_OF(l, struct process, all)->group->weight = 0;
	for (struct list *l = processes.next; l != &processes; l = l->next) {
		struct process *p = LIST_OF(l, struct process, all);
		struct group *g = p->group;

		if (p->weight == WAITED_FOR)
			continue;
		p->weight = weight(p);
		g->weight += p->weight;
		if (g->weight > (heaviest ? heaviest->weight : 0))
			heaviest = g;
	}
	return heaviest;
}

/* Has it children in its own group? They go first: they may be many. */
static int leads(const struct process *p)
{
	for (struct list *l = p->children.next; l != &p->children;
	     l = l->next) {
		const struct process *c = LIST_OF(l, struct process, sibling);

		if (c->group == p->group && c->weight &&
		    c->weight != WAITED_FOR)
			return 1;
	}
	return 0;
}

/* The victim; NULL: nobody may be killed. process_lock held. */
static struct process *choose(void)
{
	struct process *found = 0;
	struct group *g = weigh();

	for (struct list *l = g ? g->members.next : 0; g && l != &g->members;
	     l = l->next) {
		struct process *p = LIST_OF(l, struct process, group_list);

		if (p->weight <= (found ? found->weight : 0) ||
		    p->weight == WAITED_FOR)
			continue;
		if (p->weight <= g->weight / 2 && leads(p))
			continue;
		found = p;
	}
	return found;
}

/* A new victim, or nobody. */
static void victim_take(void)
{
	struct process *p;
	int kills;

	spin_lock(&process_lock);
	p = ending();
	kills = !p;
	if (kills)
		p = choose();
	if (p)
		process_hold(p);
	spin_unlock(&process_lock);
	victim = p;
	patience = tsc_now() + PATIENCE_NS;
	if (!p || !kills)
		return;
	print("memory: there is none left; process %u (%s) with %u KiB is "
	      "killed\n",
	      p->pid, p->leader->name, p->weight * (PAGE / 1024));
	signal_process(p, SIGKILL, 0);
}

/* Is there hope for frames? If nobody is ending, somebody is made to. */
static int relieve(void)
{
	int hope;

	mutex_lock(&choosing);
	if (victim &&
	    (victim->state >= PROCESS_ZOMBIE || tsc_now() > patience)) {
		victim->weight = WAITED_FOR; /* nobody else changes it */
		process_drop(victim);
		victim = 0;
	}
	if (!victim)
		victim_take();
	hope = victim != 0;
	mutex_unlock(&choosing);
	return hope;
}

static struct physical take_hard(int zeroed)
{
	const struct task *t = task_current();

	for (;;) {
		struct physical p = frame_take_shared(zeroed);
		int hope;

		if (frame_ok(p) || (t && ends(t->process)))
			return p;
		if (cache_evict(EVICTED) + volumes_trim(EVICTED))
			continue;
		hope = relieve();
		if (!hope)
			return frame_take_shared(zeroed);
		thread_sleep(tsc_now() + WAIT_NS);
	}
}

struct physical frame_take_user(int zeroed)
{
	struct physical p = frame_take_shared(zeroed);

	return frame_ok(p) ? p : take_hard(zeroed);
}

void *heap_take_user(u32 size)
{
	for (;;) {
		void *block = heap_take_now(size);

		if (block)
			return block;
		relieve();
		thread_sleep(tsc_now() + WAIT_NS);
	}
}
