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

#define WAIT_NS	      2000000u /* between looks whether it helped */
#define PATIENCE_NS   1000000000u /* before the next victim */
#define PATIENCE_MOST 10000000000u /* while the last one has work to do */
#define TASK_PAGES    4u /* what a task costs: stack, crossing page, blocks */
#define FILES_A_PAGE  8u /* open files whose blocks fill a page, about */
#define EVICTED	      64u /* frames, at once */
#define WAITED_FOR    0xFFFFFFFFu /* weight of who is ending, and takes long */

static struct mutex choosing = MUTEX(choosing, "out of memory");
static struct process *victim; /* counted; guarded by choosing, as is: */
static u64 since; /* when it became that */

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

/*
 * A new victim, or nobody. Who asks has found too little some time ago: while
 * others waited for `choosing` it may have come. Where `enough` frames are
 * free by now, nobody need end.
 */
static int victim_take(u32 enough)
{
	struct process *p = 0;
	int there, kills;

	spin_lock(&process_lock);
	there = frame_free_count() >= enough;
	if (!there)
		p = ending();
	kills = !there && !p;
	if (kills)
		p = choose();
	if (p)
		process_hold(p);
	spin_unlock(&process_lock);
	victim = p;
	since = tsc_now();
	if (!p || !kills)
		return there || p;
	print("memory: there is none left; process %u (%s) with %u KiB is "
	      "killed\n",
	      p->pid, p->leader->name, p->weight * (PAGE / 1024));
	signal_process(p, SIGKILL, 0);
	return 1;
}

/* Does it only want for a CPU? Where many do, its end takes its time. */
static int is_ready(struct process *p)
{
	int ready = 0;

	spin_lock(&process_lock);
	scheduler_lock();
	for (struct list *l = p->tasks.next; l != &p->tasks; l = l->next) {
		const struct task *t = LIST_OF(l, struct task, sibling);

		ready |= t->thread && t->thread->state < THREAD_WAITING;
	}
	scheduler_unlock();
	spin_unlock(&process_lock);
	return ready;
}

/* Has the victim given back what it had, or will it not? */
static int is_over(struct process *p)
{
	u64 waited = tsc_now() - since;

	return p->state >= PROCESS_ZOMBIE || waited > PATIENCE_MOST ||
	       (waited > PATIENCE_NS && !is_ready(p));
}

/* Is there hope that `enough` frames are free soon? If nobody is ending,
 * somebody is made to. */
static int relieve(u32 enough)
{
	int hope;

	mutex_lock(&choosing);
	if (victim && is_over(victim)) {
		victim->weight = WAITED_FOR; /* nobody else changes it */
		process_drop(victim);
		victim = 0;
	}
	hope = victim || victim_take(enough);
	mutex_unlock(&choosing);
	return hope;
}

/* Pages of files go before blocks of volumes, which are few, and without which
 * no page can be found or written. Did any go? */
static int evict(void)
{
	return cache_evict(EVICTED) || volumes_trim(EVICTED);
}

static struct physical take_hard(int zeroed)
{
	const struct task *t = task_current();

	for (;;) {
		struct physical p = frame_take_shared(zeroed);
		int hope;

		if (frame_ok(p) || (t && ends(t->process)))
			return p;
		if (evict())
			continue;
		hope = relieve(frame_kept() + 1);
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

struct physical frame_take_evict(int zeroed)
{
	struct physical p = frame_take_shared(zeroed);

	while (!frame_ok(p) && evict())
		p = frame_take_shared(zeroed);
	return p;
}

void *heap_take_user(u32 size)
{
	/* For more than a page, frames must lie together: trying tells. */
	u32 enough = size <= PAGE ? 1 : frame_total();

	for (;;) {
		void *block = heap_take_now(size);

		if (block)
			return block;
		if (evict())
			continue;
		relieve(enough);
		thread_sleep(tsc_now() + WAIT_NS);
	}
}
