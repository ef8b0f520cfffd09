/*
 * Open files of processes, and the paths that lead to them. A table of files
 * is looked at with its lock and process_lock held, so that neither it nor a
 * file of it can go: to count one here could make us the last to let it go.
 */
#include "kernel/inspect/inspect.h"

#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/process/task.h"

enum { PATH_EXECUTABLE = 1, PATH_HERE = 2, PATH_ROOT = 3 };

/* Both locks are taken, if answered 0; else neither. */
static i32 files_open(u32 pid, struct files **out)
{
	const struct process *p;
	i32 error = -E_NAME;

	spin_lock(&process_lock);
	p = process_look(pid);
	*out = p ? p->files : 0;
	if (*out)
		error = inspect_may(p) ? 0 : -E_DENIED;
	if (error)
		spin_unlock(&process_lock);
	else
		spin_lock(&(*out)->lock);
	return error;
}

static void files_close_again(struct files *t)
{
	spin_unlock(&t->lock);
	spin_unlock(&process_lock);
}

static struct file *file_at(const struct files *t, u32 number)
{
	return number < t->end ? t->files[number] : 0;
}

i32 up_inspect_next_file(u32 pid, u32 file)
{
	struct files *t;
	i32 r = files_open(pid, &t);

	if (r < 0)
		return r;
	while (file < t->end && !t->files[file])
		file++;
	r = file < t->end ? (i32)file : -E_NAME;
	files_close_again(t);
	return r;
}

i32 up_inspect_file(u32 pid, u32 file, into struct inspect_file *found)
{
	struct inspect_file out;
	const struct file *f;
	struct files *t;
	i32 r = files_open(pid, &t);

	if (r < 0)
		return r;
	f = file_at(t, file);
	if (f) {
		const struct mount *m = f->inode->mount;

		out.flags = f->flags;
		if (t->flags[file] & FILE_CLOSE_ON_EXEC)
			out.flags |= O_CLOEXEC;
		out.at = (u32)f->at;
		out.at_high = (u32)(f->at >> 32);
		out.device = m ? m->number : MOUNT_NONE;
		out.inode = f->inode->number;
	}
	files_close_again(t);
	return f ? lend_give(found, &out, sizeof(out)) : -E_NAME;
}

/* What it is called that has no path. */
static void kind_name(const struct file *f, char *text, u32 size)
{
	u32 kind = f->inode->mode & MODE_KIND;

	if (kind == MODE_FIFO || kind == MODE_SOCKET)
		print_to(text, size, "%s:[%u]",
			 kind == MODE_FIFO ? "pipe" : "socket",
			 f->inode->number);
	else
		print_to(text, size, "anon_inode:%s", f->kind->name);
}

i32 up_inspect_file_name(u32 pid, u32 file, into char *name, u32 room)
{
	char *buffer = path_text_take(), *text = buffer;
	const struct file *f;
	struct files *t;
	i32 r;

	if (!buffer)
		return -E_MEMORY;
	r = files_open(pid, &t);
	if (r == 0) {
		f = file_at(t, file);
		if (!f)
			r = -E_NAME;
		else if (f->place.entry)
			text = place_path(f->place, buffer, PATH_TEXT);
		else
			kind_name(f, buffer, PATH_TEXT);
		files_close_again(t);
	}
	if (r == 0)
		r = text ? inspect_give_text(name, room, text) : -E_BIG;
	path_text_give(buffer);
	return r;
}

/* process_lock held; counted. */
static struct place place_of(const struct process *p, u32 which)
{
	struct place found = { 0 };

	if (which == PATH_EXECUTABLE) {
		found = p->executable;
		place_hold(found);
	} else if (p->whereabouts && which == PATH_HERE) {
		found = whereabouts_here(p->whereabouts);
	} else if (p->whereabouts && which == PATH_ROOT) {
		found = whereabouts_root(p->whereabouts);
	}
	return found;
}

i32 up_inspect_path(u32 pid, u32 which, into char *name, u32 room)
{
	char *buffer = path_text_take(), *text;
	struct place found = { 0 };
	const struct process *p;
	i32 r = -E_NAME;

	if (!buffer)
		return -E_MEMORY;
	spin_lock(&process_lock);
	p = process_look(pid);
	if (p && !inspect_may(p))
		r = -E_DENIED;
	else if (p)
		found = place_of(p, which);
	spin_unlock(&process_lock);
	if (found.entry) {
		text = place_path(found, buffer, PATH_TEXT);
		r = text ? inspect_give_text(name, room, text) : -E_BIG;
		place_drop(found);
	}
	path_text_give(buffer);
	return r;
}
