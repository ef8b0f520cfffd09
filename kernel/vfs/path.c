/*
 * Walking a path. Names that are in the cache are walked under its lock, one
 * after the other and without counting; only what must be asked for, and
 * links into processes, let go of it. The text is rewritten where a symbolic
 * link is followed: its target, then what was left.
 */
#include "kernel/vfs/entry.h"

#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/file.h"
#include "kernel/vfs/store.h"
#include "kernel/vfs/walk.h"

#define STEPS_AT_ONCE 64u /* with interrupts off */

static int is_kind(const struct inode *i, u32 kind)
{
	return (i->mode & MODE_KIND) == kind;
}

/* May names of that directory be looked up? */
static i32 search(struct inode *i)
{
	if (!is_kind(i, MODE_FOLDER))
		return -ENOTDIR;
	if ((i->mode & 0111) == 0111)
		return 0;
	return inode_permit(i, PERMIT_EXECUTE);
}

/* What is mounted there, on top of all. */
static struct entry *across(struct entry *e)
{
	while (e->inode && e->inode->covered)
		e = e->inode->covered->top;
	return e;
}

static void up(struct walk *w)
{
	struct entry *e = w->at;

	while (e != w->root) {
		if (e->parent) {
			e = across(e->parent);
			break;
		}
		if (!e->mount || !e->mount->over)
			break;
		e = e->mount->over;
	}
	w->at = e;
}

void walk_keep(struct walk *w, struct entry *e)
{
	if (w->kept)
		entry_put(w->kept, &w->garbage);
	w->kept = e;
}

/* Ask for a name; what comes is kept. */
static i32 miss(struct walk *w, const struct name *n, struct entry **out)
{
	struct entry *folder = w->at;
	i32 r;

	entry_hold(folder);
	spin_unlock(&entry_lock);
	r = entry_get(folder, n, out);
	spin_lock(&entry_lock);
	entry_put(folder, &w->garbage);
	if (r == 0)
		walk_keep(w, *out);
	return r;
}

/* Every now and then: let interrupts in. */
static void breathe(struct walk *w)
{
	if (++w->steps % STEPS_AT_ONCE)
		return;
	entry_hold(w->at);
	spin_unlock(&entry_lock);
	spin_lock(&entry_lock);
	walk_keep(w, w->at);
}

/* To the name n, which ends at `end`. 1: it was the last. */
static i32 step_to(struct walk *w, const struct name *n, char *end, int final)
{
	struct entry *e = 0;
	i32 r;

	if (!(w->at->inode->flags & INODE_ASK_NAMES))
		e = entry_find(w->at, n);
	if (!e && (r = miss(w, n, &e)) < 0)
		return r;
	if (!e->inode) {
		if (!final || !(w->flags & WALK_CREATE))
			return -ENOENT;
		w->at = e;
		return 1;
	}
	e = across(e);
	if (is_kind(e->inode, MODE_LINK) &&
	    (!final || w->slashes || !(w->flags & WALK_NO_FOLLOW)))
		return walk_follow(w, e, end);
	w->at = e;
	w->rest = end;
	return final;
}

/* One name further. 0, 1: it was the last, or -errno. */
static i32 step(struct walk *w)
{
	struct name n;
	char *name = w->rest, *end, *next;
	i32 r;

	while (*name == '/')
		name++;
	if (!*name)
		return 1;
	breathe(w);
	r = search(w->at->inode);
	if (r < 0)
		return r;
	next = end = (char *)name_scan(name, &n);
	while (*next == '/')
		next++;
	w->slashes = next != end;
	if (n.length > NAME_MOST)
		return -ENAMETOOLONG;
	if (!*next && (w->flags & WALK_PARENT)) {
		*end = 0;
		w->last = name;
		return 1;
	}
	w->rest = end;
	if (name[0] == '.' && n.length == 1)
		return !*next;
	if (name[0] == '.' && name[1] == '.' && n.length == 2) {
		up(w);
		return !*next;
	}
	return step_to(w, &n, end, !*next);
}

static i32 walk_steps(struct walk *w)
{
	i32 r;

	do
		r = step(w);
	while (r == 0);
	if (r < 0)
		return r;
	if (w->flags & WALK_PARENT)
		return is_kind(w->at->inode, MODE_FOLDER) ? 0 : -ENOTDIR;
	if (w->at->inode && (w->slashes || (w->flags & WALK_FOLDER)) &&
	    !is_kind(w->at->inode, MODE_FOLDER))
		return -ENOTDIR;
	return 0;
}

/* Where it begins; lock held. */
static void walk_start(struct walk *w, struct entry *start)
{
	struct task *t = task_current();
	struct whereabouts *place = t ? t->process->whereabouts : 0;

	w->root = place ? place->root.entry : mount_root()->top;
	if (*w->rest == '/')
		start = w->root;
	else if (!start)
		start = place ? place->here.entry : w->root;
	w->at = start;
	entry_hold(w->root);
}

/* Walk out->text from `start` (counted by the caller) or, NULL, from here. */
static i32 walk(struct entry *start, u32 flags, struct walked *out)
{
	struct walk w = { .text = out->text,
			  .rest = out->text,
			  .flags = flags,
			  .garbage = { &w.garbage, &w.garbage } };
	i32 r;

	spin_lock(&entry_lock);
	walk_start(&w, start);
	r = walk_steps(&w);
	if (r == 0)
		entry_hold(w.at);
	walk_keep(&w, 0);
	entry_put(w.root, &w.garbage);
	spin_unlock(&entry_lock);
	garbage_free(&w.garbage);
	if (r == 0)
		out->place.entry = w.at;
	out->last = w.last ? w.last : "";
	out->slashes = w.slashes;
	if (r < 0 || !(flags & WALK_PARENT)) {
		path_text_give(out->text);
		out->text = 0;
	}
	return r;
}

/* From a descriptor. */
static i32 walk_from(i32 at, u32 flags, struct walked *w)
{
	struct file *f = file_get_any((u32)at);
	struct place p = { 0 };
	i32 r = -ENOMEM;

	if (!f)
		r = -EBADF;
	else if (f->place.entry)
		r = walk(f->place.entry, flags, w);
	else if (w->text[0])
		r = -ENOTDIR;
	else
		p = place_anonymous(f->inode);
	if (p.entry) {
		r = 0;
		w->place = p;
	}
	if (f)
		file_drop(f);
	return r;
}

i32 walk_user(i32 at, u32 user_path, u32 flags, struct walked *w)
{
	i32 r = -ENOMEM;

	*w = (struct walked){ .text = path_text_take() };
	if (w->text)
		r = user_text(w->text, user_path, PATH_MOST);
	if (r == 0 && !(flags & WALK_EMPTY))
		r = -ENOENT;
	if (r >= 0) {
		if (at == AT_FDCWD || w->text[0] == '/')
			r = walk(0, flags, w);
		else
			r = walk_from(at, flags, w);
	}
	if (r < 0)
		walked_drop(w);
	return r;
}

i32 walk_core(const char *path, u32 flags, struct walked *w)
{
	*w = (struct walked){ .text = path_text_take() };
	if (!w->text)
		return -ENOMEM;
	if (!*path || text_length(path) >= PATH_MOST) {
		walked_drop(w);
		return *path ? -ENAMETOOLONG : -ENOENT;
	}
	text_copy(w->text, PATH_MOST, path);
	return walk(0, flags, w);
}

void walked_drop(struct walked *w)
{
	place_drop(w->place);
	path_text_give(w->text);
	*w = (struct walked){ 0 };
}
