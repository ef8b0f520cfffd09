/*
 * The notes of a core file, in the structures of Linux' <sys/procfs.h> for
 * i386: prstatus and the FPU's registers of each task, prpsinfo, auxv.
 */
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/process/core.h"
#include "kernel/process/fpu.h"
#include "kernel/process/group.h"
#include "kernel/process/usage.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/wide.h"

enum note_type {
	NOTE_PRSTATUS = 1,
	NOTE_FPREGSET = 2,
	NOTE_PRPSINFO = 3,
	NOTE_AUXV = 6,
	NOTE_PRXFPREG = 0x46E62B7F,
};

#define TASKS_MOST  64u
#define ARGS_SHOWN  80u
#define FPU_LEGACY  27u /* words */
#define AUXV_WORDS  64u
#define NOTE_HEADER 20u /* with the name's 8 bytes */

/* Registers in ptrace's order. */
struct registers {
	u32 ebx, ecx, edx, esi, edi, ebp, eax, ds, es, fs, gs, eax_before;
	u32 eip, cs, eflags, esp, ss;
};

struct status {
	u32 signal, code, error;
	u16 current, padding;
	u32 pending, held;
	u32 pid, parent, group, session;
	u32 times[8];
	struct registers registers;
	u32 has_fpu;
};

struct information {
	char state, letter, zombie;
	i8 nice;
	u32 flags;
	u16 uid, gid;
	u32 pid, parent, group, session;
	char name[TASK_NAME];
	char arguments[ARGS_SHOWN];
};

_Static_assert(sizeof(struct status) == 144, "elf_prstatus");
_Static_assert(sizeof(struct information) == 124, "elf_prpsinfo");

struct notes {
	u8 *bytes;
	u32 size, room;
};

static void *note_add(struct notes *n, const char *name, u32 type, u32 size)
{
	u32 *header = (u32 *)(n->bytes + n->size);

	if (n->room - n->size < NOTE_HEADER + size)
		return 0;
	header[0] = text_length(name) + 1;
	header[1] = size;
	header[2] = type;
	text_copy((char *)&header[3], 8, name);
	n->size += NOTE_HEADER + ((size + 3) & ~3u);
	return &header[5];
}

static void registers_put(struct registers *r, const struct frame *f)
{
	*r = (struct registers){
		.ebx = f->ebx,
		.ecx = f->ecx,
		.edx = f->edx,
		.esi = f->esi,
		.edi = f->edi,
		.ebp = f->ebp,
		.eax = f->eax,
		.ds = f->ds,
		.es = f->es,
		.fs = f->fs,
		.gs = f->gs,
		.eax_before = 0xFFFFFFFF,
		.eip = f->eip,
		.cs = f->cs,
		.eflags = f->eflags,
		.esp = f->esp,
		.ss = f->ss,
	};
}

static void time_put(u32 *words, u64 tsc)
{
	words[0] = (u32)wide_divide(tsc_to_us(tsc), 1000000, &words[1]);
}

/* process_lock held. */
static void status_add(struct notes *n, const struct task *t, u32 signal,
		       const struct frame *f)
{
	const struct process *p = t->process;
	struct status *s = note_add(n, "CORE", NOTE_PRSTATUS, sizeof(*s));
	struct usage u;

	if (!s)
		return;
	usage_of_task(t, &u);
	s->signal = signal;
	s->current = (u16)signal;
	s->pending = (u32)t->pending.set;
	s->held = (u32)t->blocked;
	s->pid = t->tid;
	s->parent = p->parent ? p->parent->pid : 0;
	s->group = p->group->number;
	s->session = p->group->session->number;
	time_put(&s->times[0], u.user);
	time_put(&s->times[2], u.system);
	time_put(&s->times[4], p->child_user_time);
	time_put(&s->times[6], p->child_system_time);
	registers_put(&s->registers, f);
	s->has_fpu = t->fpu_used;
}

static void information_add(struct notes *n)
{
	const struct process *p = process_current();
	struct information *i = note_add(n, "CORE", NOTE_PRPSINFO, sizeof(*i));
	const struct space *s = p->space;

	if (!i)
		return;
	i->letter = 'R';
	i->nice = (i8)p->nice;
	i->uid = (u16)p->credentials.uid;
	i->gid = (u16)p->credentials.gid;
	i->pid = p->pid;
	i->parent = p->parent ? p->parent->pid : 0;
	i->group = p->group->number;
	i->session = p->group->session->number;
	memory_copy(i->name, p->leader->name, TASK_NAME);
	u32 size = user_peek(p->space, s->args_start, i->arguments,
			     min(s->args_end - s->args_start, ARGS_SHOWN - 1));

	for (u32 at = 0; at + 1 < size; at++)
		if (!i->arguments[at])
			i->arguments[at] = ' ';
}

/* Where stack_lay_out put it: behind the environment's pointers. */
static void auxiliary_add(struct notes *n)
{
	struct space *s = process_current()->space;
	u32 pairs[AUXV_WORDS], count = 0;

	if (user_peek(s, s->auxiliary, pairs, sizeof(pairs)) < sizeof(pairs))
		return;
	while (count + 2 <= AUXV_WORDS && pairs[count])
		count += 2;
	u32 *to = note_add(n, "CORE", NOTE_AUXV, (count + 2) * 4);

	if (to)
		memory_copy(to, pairs, count * 4);
}

static void fpu_add(struct notes *n, const struct fpu *state)
{
	u32 *legacy = note_add(n, "CORE", NOTE_FPREGSET, FPU_LEGACY * 4);

	if (legacy)
		fpu_to_legacy(state, legacy);
	void *whole = note_add(n, "LINUX", NOTE_PRXFPREG, sizeof(*state));

	if (whole)
		memory_copy(whole, state, sizeof(*state));
}

static void tasks_add(struct notes *n, const struct signal_info *info,
		      const struct frame *f)
{
	struct task *self = task_current();
	struct process *p = self->process;
	u32 count = 0;

	spin_lock(&process_lock);
	for (struct list *l = p->tasks.next;
	     l != &p->tasks && count < TASKS_MOST; l = l->next, count++) {
		struct task *t = LIST_OF(l, struct task, sibling);

		if (t == self || t->ended || !t->thread)
			continue;
		f = (struct frame *)(t->thread->stack + THREAD_STACK) - 1;
		status_add(n, t, (u32)info->number, f);
		if (t->fpu)
			fpu_add(n, t->fpu);
	}
	spin_unlock(&process_lock);
}

static void self_add(struct notes *n, const struct signal_info *info,
		     const struct frame *f)
{
	struct task *self = task_current();

	spin_lock(&process_lock);
	status_add(n, self, (u32)info->number, f);
	spin_unlock(&process_lock);
}

u8 *core_notes(const struct signal_info *info, const struct frame *f, u32 *size)
{
	u32 tasks = min(process_current()->task_count, TASKS_MOST);
	struct notes n = { .room = 1024 + tasks * 1024 };
	struct fpu *state = heap_take_now(sizeof(*state));

	n.bytes = heap_take_now(n.room);
	if (!n.bytes || !state) {
		heap_give(n.bytes);
		heap_give(state);
		return 0;
	}
	self_add(&n, info, f);
	information_add(&n);
	auxiliary_add(&n);
	fpu_get(state);
	fpu_add(&n, state);
	tasks_add(&n, info, f);
	heap_give(state);
	*size = n.size;
	return n.bytes;
}
