/*
 * Tasks: made as copies of others, found by number, freed when they have
 * ended. One series of numbers serves tasks, processes, groups and sessions.
 */
#include "kernel/process/task.h"

#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/process/fpu.h"
#include "kernel/process/group.h"

#define BUCKETS	     256u
#define NUMBER_AGAIN 300u /* where numbers go on after the last */

static struct list by_tid[BUCKETS], by_pid[BUCKETS];
static u32 last;

struct process_count process_count;

void numbers_init(void)
{
	for (u32 i = 0; i < BUCKETS; i++) {
		list_init(&by_tid[i]);
		list_init(&by_pid[i]);
	}
}

struct task *task_find(u32 tid)
{
	struct list *bucket = &by_tid[tid % BUCKETS];

	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct task *t = LIST_OF(l, struct task, by_tid);

		if (t->tid == tid)
			return t;
	}
	return 0;
}

struct process *process_look(u32 pid)
{
	struct list *bucket = &by_pid[pid % BUCKETS];

	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct process *p = LIST_OF(l, struct process, by_pid);

		if (p->pid == pid)
			return p;
	}
	return 0;
}

static int number_used(u32 number)
{
	return task_find(number) || process_look(number) ||
	       group_find(number) || session_find(number);
}

u32 number_take(void)
{
	for (u32 tries = 0; tries < PID_MOST; tries++) {
		if (++last >= PID_MOST)
			last = NUMBER_AGAIN;
		if (!number_used(last))
			return last;
	}
	return 0;
}

u32 number_last(void)
{
	return last;
}

struct task *task_make(struct process *p, const struct task *of)
{
	struct task *t = heap_take_now(sizeof(*t));

	if (!t)
		return 0;
	t->process = p;
	list_init(&t->sibling);
	list_init(&t->by_tid);
	list_init(&t->futex);
	signals_init(&t->pending);
	if (!of) {
		t->affinity = ~0u;
		return t;
	}
	memory_copy(t->name, of->name, TASK_NAME);
	memory_copy(t->tls, of->tls, sizeof(t->tls));
	t->trace = of->trace;
	t->blocked = of->blocked;
	t->alternate_stack = of->alternate_stack;
	t->alternate_size = of->alternate_size;
	t->alternate_flags = of->alternate_flags;
	t->affinity = of->affinity;
	t->policy = of->policy;
	t->priority = of->priority;
	return t;
}

void task_free(struct task *t)
{
	signals_drop(&t->pending);
	fpu_forget(t);
	heap_give(t);
}

void task_link(struct task *t, u32 tid)
{
	struct process *p = t->process;

	t->tid = tid;
	list_add_last(&by_tid[tid % BUCKETS], &t->by_tid);
	scheduler_lock();
	list_add_last(&p->tasks, &t->sibling);
	scheduler_unlock();
	p->task_count++;
	process_count.tasks++;
	process_count.made++;
}

void task_unlink(struct task *t)
{
	list_remove(&t->by_tid);
	scheduler_lock();
	list_remove(&t->sibling);
	scheduler_unlock();
}

void task_renumber(struct task *t, u32 tid)
{
	list_remove(&t->by_tid);
	t->tid = tid;
	list_add_last(&by_tid[tid % BUCKETS], &t->by_tid);
}

void process_link(struct process *p, struct process *parent)
{
	p->parent = parent;
	p->parent_pid = parent ? parent->pid : 0;
	list_add_last(&by_pid[p->pid % BUCKETS], &p->by_pid);
	list_add_last(&processes, &p->all);
	if (parent)
		list_add_last(&parent->children, &p->sibling);
	process_count.processes++;
}

void process_unlink(struct process *p)
{
	p->state = PROCESS_GONE;
	list_remove(&p->by_pid);
	list_remove(&p->all);
	list_remove(&p->sibling);
	p->parent = 0;
	group_leave(p);
	if (p->leader)
		task_unlink(p->leader);
	process_count.processes--;
}
