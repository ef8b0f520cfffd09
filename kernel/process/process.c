/*
 * Processes: made as copies of others, counted, freed. The first one is made
 * here; all others come from clone.c and go through exit.c and wait.c.
 */
#include "kernel/process/process.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/process/credentials.h"
#include "kernel/process/execute.h"
#include "kernel/process/group.h"
#include "kernel/process/task.h"
#include "kernel/tsc.h"

#define STACK_LIMIT   (8u << 20)
#define FILES_LIMIT   1024u
#define LOCK_LIMIT    (8u << 20)
#define QUEUE_LIMIT   819200u
#define SIGNALS_LIMIT 4096u
#define NONE	      0xFFFFFFFFu

struct spinlock process_lock = SPINLOCK("processes");
struct list processes = { &processes, &processes };

void process_hold(struct process *p)
{
	__atomic_add_fetch(&p->users, 1, __ATOMIC_RELAXED);
}

void process_drop(struct process *p)
{
	if (__atomic_sub_fetch(&p->users, 1, __ATOMIC_ACQ_REL))
		return;
	if (p->leader)
		task_free(p->leader);
	signals_drop(&p->pending);
	if (p->actions)
		actions_drop(p->actions);
	groups_drop(p->credentials.groups);
	heap_give(p);
}

struct process *process_find(u32 pid)
{
	spin_lock(&process_lock);
	struct process *p = process_look(pid);

	if (p)
		process_hold(p);
	spin_unlock(&process_lock);
	return p;
}

static void limits_first(struct process *p)
{
	for (u32 i = 0; i < LIMITS; i++)
		p->limits[i] = (struct limit){ NONE, NONE };
	p->limits[LIMIT_STACK].soft = STACK_LIMIT;
	p->limits[LIMIT_CORE].soft = 0;
	p->limits[LIMIT_NOFILE] = (struct limit){ FILES_LIMIT, FILES_MOST };
	p->limits[LIMIT_MEMLOCK] = (struct limit){ LOCK_LIMIT, LOCK_LIMIT };
	p->limits[LIMIT_MSGQUEUE] = (struct limit){ QUEUE_LIMIT, QUEUE_LIMIT };
	p->limits[LIMIT_SIGPENDING] =
		(struct limit){ SIGNALS_LIMIT, SIGNALS_LIMIT };
	p->limits[LIMIT_NICE] = (struct limit){ 0, 0 };
	p->limits[LIMIT_RTPRIO] = (struct limit){ 0, 0 };
}

struct process *process_make(const struct process *of)
{
	struct process *p = heap_take_now(sizeof(*p));

	if (!p)
		return 0;
	list_init(&p->by_pid);
	list_init(&p->children);
	list_init(&p->sibling);
	list_init(&p->all);
	list_init(&p->group_list);
	list_init(&p->tasks);
	signals_init(&p->pending);
	wait_queue_init(&p->children_changed);
	wait_queue_init(&p->vfork_over);
	wait_queue_init(&p->tasks_changed);
	p->users = 1;
	p->exit_signal = SIGCHLD;
	p->dumpable = 1;
	p->started = tsc_now();
	if (!of) {
		limits_first(p);
		p->credentials.permitted = p->credentials.effective = 1;
		return p;
	}
	p->credentials = of->credentials;
	p->credentials.groups = groups_of(of);
	memory_copy(p->limits, of->limits, sizeof(p->limits));
	p->dumpable = of->dumpable;
	p->keep_capabilities = of->keep_capabilities;
	p->nice = of->nice;
	p->personality = of->personality;
	p->executable = of->executable;
	executable_hold(p->executable);
	return p;
}

void executable_hold(struct place executable)
{
	if (!executable.entry)
		return;
	place_hold(executable);
	__atomic_add_fetch(&place_inode(executable)->text, 1, __ATOMIC_RELAXED);
}

void executable_drop(struct place *executable)
{
	if (!executable->entry)
		return;
	__atomic_sub_fetch(&place_inode(*executable)->text, 1,
			   __ATOMIC_RELAXED);
	place_drop(*executable);
	executable->entry = 0;
}

void executable_change(struct process *p, struct place executable)
{
	struct place old;

	executable_hold(executable);
	spin_lock(&process_lock);
	old = p->executable;
	p->executable = executable;
	spin_unlock(&process_lock);
	executable_drop(&old);
}

int process_privileged(void)
{
	return process_current()->credentials.effective;
}

int process_may(const struct process *p)
{
	const struct credentials *mine = &process_current()->credentials;
	const struct credentials *its = &p->credentials;

	return p == process_current() || mine->effective ||
	       mine->euid == its->uid || mine->euid == its->suid ||
	       mine->uid == its->uid || mine->uid == its->suid;
}

/* ---- the first ---- */

/* Descriptors 0 to 2 on the console, if there is one. */
static void console_open(struct process *p)
{
	struct walked w;
	struct file *f;

	if (walk_core("/dev/console", 0, &w) < 0)
		return;
	if (file_open(&w.place, O_RDWR, &f) == 0) {
		for (u32 fd = 0; fd < 3; fd++) {
			file_hold(f);
			if (files_add(p->files, f, fd, 0) < 0)
				file_drop(f);
		}
		file_drop(f);
	}
	walked_drop(&w);
}

static struct process *first_make(void)
{
	struct process *p = process_make(0);
	struct task *t = p ? task_make(p, 0) : 0;
	struct group *g = t ? group_make_session(1) : 0;

	if (!g)
		return 0;
	p->files = files_make();
	p->whereabouts = whereabouts_make();
	p->actions = actions_copy(0);
	if (!p->files || !p->whereabouts || !p->actions)
		return 0;
	spin_lock(&process_lock);
	p->pid = number_take();
	assert(p->pid == 1);
	process_link(p, 0);
	task_link(t, p->pid);
	p->leader = t;
	group_join(p, g);
	spin_unlock(&process_lock);
	return p;
}

/*
 * This thread of the core stands in for the new task's, which the program's
 * first frame is made for, and then lets it go.
 */
void process_first(const char *path)
{
	struct thread *self = thread_current();
	struct frame frame;
	struct process *p;
	i32 r;

	numbers_init();
	p = first_make();
	if (!p)
		panic("no memory for the first process");
	self->task = p->leader;
	p->leader->thread = self;
	console_open(p);
	r = execute_first(path, &frame);
	if (r < 0)
		panic("%s: cannot be started: error %d", path, -r);
	self->task = 0;
	p->leader->thread = thread_for_task(p->leader, p->space, &frame);
	if (!p->leader->thread)
		panic("no memory for the first process' thread");
	thread_set_space(0);
	thread_go(p->leader->thread);
}
