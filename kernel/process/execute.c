/*
 * execve: the file is found and checked, the strings are gathered and a new
 * space is filled while the old program could still go on with an error; from
 * execution_commit on there is only the new one, or the end.
 */
#include "kernel/process/execute.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/linux/vdso.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/process/credentials.h"
#include "kernel/process/fpu.h"
#include "kernel/process/task.h"
#include "kernel/process/usage.h"
#include "kernel/space/user.h"

/* Where movable programs go. */
#define MOVABLE_BASE  (FLAT_BUILD ? 0x20000000u : 0x56555000u)
#define STACK_SPARE   (128u << 10) /* mapped from the beginning */
#define USER_FLAGS    0x202u
#define AT_NO_FOLLOW  0x100u
#define AT_EMPTY_PATH 0x1000u
#define PATH_SHORT    200u
#define FOLDER_NAME   24u /* room for /dev/fd/N/ */

/* ---- the new space ---- */

static i32 space_add_program(struct execution *e)
{
	const struct program *p = e->image.program;
	u32 base = p->movable ? MOVABLE_BASE - p->low : 0;

	if (p->movable && p->high - p->low > VDSO_BASE - MOVABLE_BASE)
		return -ENOMEM;
	e->base = base;
	e->entry = e->auxiliary.entry = base + p->entry;
	e->auxiliary.header = p->header ? base + p->header : 0;
	e->auxiliary.header_count = p->header_count;
	program_note(e->space, p, base);
	return program_map(e->space, e->image.file, p, base);
}

static i32 space_add_interpreter(struct execution *e)
{
	const struct program *p = e->interpreter.program;
	u32 place = p->low;

	if (p->movable) {
		mutex_lock(&e->space->lock);
		place = space_place(e->space, p->high - p->low, 0);
		mutex_unlock(&e->space->lock);
		if (!place)
			return -ENOMEM;
	}
	e->interpreter_base = e->auxiliary.base = place - p->low;
	e->entry = e->interpreter_base + p->entry;
	return program_map(e->space, e->interpreter.file, p,
			   e->interpreter_base);
}

static i32 space_add_stack(struct execution *e)
{
	u32 size = (stack_need(&e->strings) + STACK_SPARE + PAGE - 1) &
		   ~(PAGE - 1);
	u32 flags = AREA_READ | AREA_WRITE | AREA_STACK | AREA_MAY_WRITE;

	if (e->image.program->stack_executable)
		flags |= AREA_EXECUTE;
	return space_map(e->space, e->space->stack_top - size, size, flags, 0,
			 0, 0);
}

static i32 execution_map(struct execution *e)
{
	const struct limit *limits = process_current()->limits;
	struct space *s = space_make();
	i32 r;

	if (!s)
		return -ENOMEM;
	e->space = s;
	s->stack_top = VDSO_BASE;
	s->limit_stack = limits[LIMIT_STACK].soft;
	s->limit_data = limits[LIMIT_DATA].soft;
	s->limit_space = limits[LIMIT_AS].soft;
	r = space_add_stack(e);
	if (r == 0)
		r = space_add_program(e);
	if (r == 0 && e->interpreter.program)
		r = space_add_interpreter(e);
	if (r < 0)
		return r;
	e->auxiliary.vdso = vdso_map(s, &e->auxiliary.vdso_entry);
	return e->auxiliary.vdso ? 0 : -ENOMEM;
}

/* ---- what others share must become the process' own ---- */

static i32 execution_unshare(struct execution *e)
{
	struct process *p = process_current();

	if (p->files->users > 1) {
		e->files = files_copy(p->files);
		if (!e->files)
			return -ENOMEM;
	}
	if (p->actions->users > 1) {
		e->actions = actions_copy(p->actions);
		if (!e->actions)
			return -ENOMEM;
	}
	return 0;
}

/* ---- no way back from here ---- */

static void space_change(struct execution *e)
{
	struct process *p = process_current();
	struct space *old = p->space;

	spin_lock(&process_lock);
	if (old)
		usage_space_ends(p, old);
	p->space = e->space;
	spin_unlock(&process_lock);
	e->space = 0;
	thread_set_space(p->space);
	if (old)
		space_drop(old);
	vfork_end(p);
}

static void tables_change(struct execution *e)
{
	struct process *p = process_current();
	struct files *files = p->files;
	struct actions *actions = p->actions;

	spin_lock(&process_lock);
	scheduler_lock();
	if (e->files)
		p->files = e->files;
	if (e->actions)
		p->actions = e->actions;
	scheduler_unlock();
	spin_unlock(&process_lock);
	if (e->files)
		files_drop(files);
	if (e->actions)
		actions_drop(actions);
	e->files = 0;
	e->actions = 0;
}

/* Set-id programs; the saved ids follow the effective ones always. */
static void identity_change(struct execution *e)
{
	struct process *p = process_current();
	struct credentials *c = &p->credentials;

	e->auxiliary.secure = e->uid != c->uid || e->gid != c->gid;
	if (e->uid != c->euid || e->gid != c->egid)
		p->death_signal = 0;
	c->euid = c->suid = c->fsuid = e->uid;
	c->egid = c->sgid = c->fsgid = e->gid;
	capabilities_execute(c);
	p->dumpable = !e->auxiliary.secure;
	p->keep_capabilities = 0;
}

static void task_change(struct execution *e)
{
	struct process *p = process_current();
	struct task *t = task_current();

	timers_exec(p);
	signal_exec(p);
	fpu_forget(t);
	memory_fill(t->tls, 0, sizeof(t->tls));
	thread_tls_changed();
	t->alternate_stack = t->alternate_size = t->alternate_flags = 0;
	t->clear_tid = t->robust_list = 0;
	memory_copy(t->name, e->name, TASK_NAME);
	text_copy(thread_current()->name, sizeof(thread_current()->name),
		  e->name);
	executable_change(p, e->image.file->place);
	p->exec_done = 1;
	p->exit_signal = SIGCHLD;
}

static void frame_make(struct frame *f, u32 entry, u32 esp)
{
	memory_fill(f, 0, sizeof(*f));
	f->ds = f->es = f->ss = SEL_USER_DATA;
	f->vector = VECTOR_SYSCALL;
	f->cs = SEL_USER_CODE;
	f->eflags = USER_FLAGS;
	f->eip = entry;
	f->esp = esp;
}

/* 0, or the new program cannot begin and the old one is gone. */
static i32 execution_commit(struct execution *e, struct frame *frame)
{
	struct process *p = process_current();
	u32 esp = 0;
	i32 r;

	if (p->space)
		futex_task_end(task_current());
	space_change(e);
	tables_change(e);
	identity_change(e);
	task_change(e);
	files_exec(p->files);
	r = program_trim(e->image.program, e->base);
	if (r == 0 && e->interpreter.program)
		r = program_trim(e->interpreter.program, e->interpreter_base);
	if (r == 0)
		r = stack_lay_out(p->space, p->space->stack_top, &e->strings,
				  &e->auxiliary, &esp);
	frame_make(frame, e->entry, esp);
	return r;
}

/* ---- all of it ---- */

static void execution_drop(struct execution *e)
{
	image_drop(&e->image);
	image_drop(&e->interpreter);
	strings_drop(&e->strings);
	if (e->space)
		space_drop(e->space);
	if (e->files)
		files_drop(e->files);
	if (e->actions)
		actions_drop(e->actions);
	heap_give(e->path);
	heap_give(e);
}

/* What may fail: e->image.place and e->path are there, strings are taken. */
static i32 execution_prepare(struct execution *e)
{
	i32 r = image_find(e);

	if (r == 0)
		r = strings_add(&e->strings, e->path);
	if (r == 0)
		r = execution_map(e);
	if (r == 0)
		r = execution_unshare(e);
	if (r == 0)
		r = process_alone();
	return r;
}

/* The path as the caller wrote it; most are short. */
static i32 path_read(u32 user, char **out, u32 extra)
{
	for (u32 room = PATH_SHORT;; room = PATH_MOST) {
		char *text = heap_take_now(room + extra);
		i32 n = text ? user_text(text + extra, user, room) : -ENOMEM;

		if (n >= 0) {
			*out = text;
			return n;
		}
		heap_give(text);
		if (n != -ENAMETOOLONG || room == PATH_MOST)
			return n;
	}
}

/* What execveat's descriptor leads to is named by it. */
static i32 path_take(struct execution *e, i32 at, u32 user)
{
	char folder[FOLDER_NAME];
	u32 size;
	i32 n = path_read(user, &e->path, FOLDER_NAME);

	if (n < 0)
		return n;
	char *text = e->path + FOLDER_NAME;

	if (text[0] == '/' || at == AT_FDCWD) {
		memmove(e->path, text, (u32)n + 1);
	} else {
		size = print_to(folder, FOLDER_NAME, "/dev/fd/%d%s", at,
				n ? "/" : "");
		memmove(e->path + size, text, (u32)n + 1);
		memory_copy(e->path, folder, size);
	}
	name_of_path(e->name, e->path);
	return 0;
}

static i32 execute_user(i32 at, u32 path, u32 arguments, u32 environment,
			u32 walk)
{
	struct execution *e = heap_take_now(sizeof(*e));
	struct walked w;
	i32 r;

	if (!e)
		return -ENOMEM;
	r = walk_user(at, path, walk, &w);
	if (r == 0) {
		e->image.place = w.place;
		place_hold(w.place);
		walked_drop(&w);
		r = path_take(e, at, path);
	}
	if (r == 0)
		r = strings_take(&e->strings, arguments, environment);
	if (r == 0)
		r = execution_prepare(e);
	if (r < 0) {
		execution_drop(e);
		return r;
	}
	r = execution_commit(e, task_frame());
	execution_drop(e);
	if (r < 0)
		process_exit(SIGKILL);
	return 0;
}

static i32 path_copy(struct execution *e, const char *path)
{
	u32 size = text_length(path) + 1;

	e->path = heap_take_now(size);
	if (!e->path)
		return -ENOMEM;
	memory_copy(e->path, path, size);
	name_of_path(e->name, path);
	return 0;
}

i32 execute_first(const char *path, struct frame *frame)
{
	struct execution *e = heap_take_now(sizeof(*e));
	struct walked w;
	i32 r;

	if (!e)
		return -ENOMEM;
	r = walk_core(path, 0, &w);
	if (r == 0) {
		e->image.place = w.place;
		place_hold(w.place);
		walked_drop(&w);
		r = path_copy(e, path);
	}
	if (r == 0)
		r = strings_first(&e->strings, path);
	if (r == 0)
		r = execution_prepare(e);
	if (r == 0)
		r = execution_commit(e, frame);
	execution_drop(e);
	return r;
}

i32 call_execve(u32 path, u32 arguments, u32 environment);
i32 call_execve(u32 path, u32 arguments, u32 environment)
{
	return execute_user(AT_FDCWD, path, arguments, environment, 0);
}

i32 call_execveat(u32 at, u32 path, u32 arguments, u32 environment, u32 flags);
i32 call_execveat(u32 at, u32 path, u32 arguments, u32 environment, u32 flags)
{
	u32 walk = 0;

	if (flags & ~(AT_NO_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_NO_FOLLOW)
		walk |= WALK_NO_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		walk |= WALK_EMPTY;
	return execute_user((i32)at, path, arguments, environment, walk);
}
