/*
 * Where a process stands: its root, its working directory and its umask, and
 * the calls that change them.
 */
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/file.h"
#include "kernel/vfs/walk.h"

#define UMASK_FIRST 022u

struct whereabouts *whereabouts_make(void)
{
	struct whereabouts *w = heap_take_now(sizeof(*w));

	if (!w)
		return 0;
	w->users = 1;
	w->umask = UMASK_FIRST;
	w->root = root_place();
	w->here = root_place();
	return w;
}

struct whereabouts *whereabouts_copy(struct whereabouts *of)
{
	struct whereabouts *w = heap_take_now(sizeof(*w));

	if (!w)
		return 0;
	w->users = 1;
	w->umask = of->umask;
	w->root = whereabouts_root(of);
	w->here = whereabouts_here(of);
	return w;
}

void whereabouts_hold(struct whereabouts *w)
{
	__atomic_add_fetch(&w->users, 1, __ATOMIC_RELAXED);
}

void whereabouts_drop(struct whereabouts *w)
{
	if (__atomic_sub_fetch(&w->users, 1, __ATOMIC_ACQ_REL))
		return;
	place_drop(w->root);
	place_drop(w->here);
	heap_give(w);
}

static struct place get(const struct place *of)
{
	struct place p;

	spin_lock(&entry_lock);
	p = *of;
	entry_hold(p.entry);
	spin_unlock(&entry_lock);
	return p;
}

struct place whereabouts_root(struct whereabouts *w)
{
	return get(&w->root);
}

struct place whereabouts_here(struct whereabouts *w)
{
	return get(&w->here);
}

/* p is counted once more. */
static void set(struct place *to, struct place p)
{
	struct list garbage = { &garbage, &garbage };

	spin_lock(&entry_lock);
	entry_hold(p.entry);
	entry_put(to->entry, &garbage);
	*to = p;
	spin_unlock(&entry_lock);
	garbage_free(&garbage);
}

/* ---- the path of a place ---- */

struct backwards {
	char *start, *at;
};

static int prepend(struct backwards *b, const char *text, u32 size)
{
	if ((u32)(b->at - b->start) < size)
		return 0;
	b->at -= size;
	memory_copy(b->at, text, size);
	return 1;
}

/* Names up to `root`, or to the root of all (then *reached is 0). */
static int prepend_names(struct backwards *b, const struct entry *e,
			 const struct entry *root, int *reached)
{
	const char *end = b->at;

	while (e != root) {
		if (!e->parent) {
			if (!e->mount || !e->mount->over)
				break;
			e = e->mount->over;
			continue;
		}
		if (!prepend(b, e->name, e->length) || !prepend(b, "/", 1))
			return 0;
		e = e->parent;
	}
	*reached = e == root;
	return b->at != end || prepend(b, "/", 1);
}

char *entry_path(const struct entry *e, char *text, u32 room, int *reached)
{
	struct task *t = task_current();
	const struct whereabouts *w = t ? t->process->whereabouts : 0;
	struct backwards b = { text, text + room };
	int fits = prepend(&b, "", 1);

	*reached = 1;
	if (e->unlinked)
		fits = fits && prepend(&b, " (deleted)", 10);
	if (!e->mount)
		fits = fits && prepend(&b, e->name, e->length);
	else
		fits = fits &&
		       prepend_names(&b, e,
				     w ? w->root.entry : mount_root()->top,
				     reached);
	return fits ? b.at : 0;
}

char *place_path(struct place p, char *text, u32 room)
{
	int reached;
	char *path;

	spin_lock(&entry_lock);
	path = entry_path(p.entry, text, room, &reached);
	spin_unlock(&entry_lock);
	return path;
}

/* ---- calls ---- */

static struct whereabouts *mine(void)
{
	return process_current()->whereabouts;
}

i32 call_getcwd(u32 user, u32 size);
i32 call_getcwd(u32 user, u32 size)
{
	static const char unreachable[] = "(unreachable)";
	char *text = path_text_take(), *path;
	const struct entry *here;
	int reached;
	i32 r = -ENOENT;

	if (!text)
		return -ENOMEM;
	spin_lock(&entry_lock);
	here = mine()->here.entry;
	path = entry_path(here, text + sizeof(unreachable),
			  PATH_TEXT - sizeof(unreachable), &reached);
	if (!path)
		r = -ENAMETOOLONG;
	if (here->unlinked)
		path = 0;
	spin_unlock(&entry_lock);
	if (path && !reached) {
		path -= sizeof(unreachable) - 1;
		memory_copy(path, unreachable, sizeof(unreachable) - 1);
	}
	if (path) {
		r = (i32)text_length(path) + 1;
		if ((u32)r > size)
			r = -ERANGE;
		else if (user_write(user, path, (u32)r) < 0)
			r = -EFAULT;
	}
	path_text_give(text);
	return r;
}

i32 call_chdir(u32 path);
i32 call_chdir(u32 path)
{
	struct walked w;
	i32 r = walk_user(AT_FDCWD, path, WALK_FOLDER, &w);

	if (r < 0)
		return r;
	r = inode_permit(place_inode(w.place), PERMIT_EXECUTE);
	if (r == 0)
		set(&mine()->here, w.place);
	walked_drop(&w);
	return r;
}

i32 call_fchdir(u32 descriptor);
i32 call_fchdir(u32 descriptor)
{
	struct file *f = file_get_any(descriptor);
	i32 r = -ENOTDIR;

	if (!f)
		return -EBADF;
	if (f->place.entry && (f->inode->mode & MODE_KIND) == MODE_FOLDER)
		r = inode_permit(f->inode, PERMIT_EXECUTE);
	if (r == 0)
		set(&mine()->here, f->place);
	file_drop(f);
	return r;
}

i32 call_chroot(u32 path);
i32 call_chroot(u32 path)
{
	struct walked w;
	i32 r = walk_user(AT_FDCWD, path, WALK_FOLDER, &w);

	if (r < 0)
		return r;
	r = inode_permit(place_inode(w.place), PERMIT_EXECUTE);
	if (r == 0 && !process_privileged())
		r = -EPERM;
	if (r == 0)
		set(&mine()->root, w.place);
	walked_drop(&w);
	return r;
}

i32 call_umask(u32 mask);
i32 call_umask(u32 mask)
{
	return (i32)__atomic_exchange_n(&mine()->umask, mask & 0777,
					__ATOMIC_RELAXED);
}
