/* Renaming: what may take whose place, and the cached names after it. */
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/vfs/change_work.h"

enum rename_how { RENAME_REPLACE, RENAME_NEW, RENAME_EXCHANGE };

/* One end of it. */
struct end {
	struct place folder;
	struct name name;
	struct entry *entry; /* counted */
	char *moved; /* a copy of this name, for the entry that comes here */
};

struct renaming {
	struct end old, new;
	u32 how;
};

static struct inode *dir_of(const struct end *e)
{
	return place_inode(e->folder);
}

/* May what is at `e` go, and come into another directory? */
static i32 may_move(const struct end *e, int to_other)
{
	struct inode *i = e->entry->inode;
	i32 r = change_may_remove(dir_of(e), i);

	if (r == 0 && to_other && is_kind(i, MODE_FOLDER))
		r = inode_permit(i, PERMIT_WRITE);
	return r;
}

/* No directory into itself, and none over one that it is in. */
static i32 may_stand(const struct renaming *k)
{
	const struct entry *old = k->old.entry, *new = k->new.entry;
	i32 r = 0;

	spin_lock(&entry_lock);
	if (entry_under(k->new.folder.entry, old))
		r = -EINVAL;
	else if (new->inode && entry_under(k->old.folder.entry, new))
		r = k->how == RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	spin_unlock(&entry_lock);
	return r;
}

static i32 may_replace(const struct inode *old, const struct inode *new)
{
	if (is_kind(old, MODE_FOLDER))
		return is_kind(new, MODE_FOLDER) ? 0 : -ENOTDIR;
	return is_kind(new, MODE_FOLDER) ? -EISDIR : 0;
}

/* 0, -errno, or 1: there is nothing to do. */
static i32 may_rename(const struct renaming *k)
{
	struct inode *old = k->old.entry->inode, *new = k->new.entry->inode;
	int other = dir_of(&k->old) != dir_of(&k->new);
	i32 r;

	if (!old || (!new && k->how == RENAME_EXCHANGE))
		return -ENOENT;
	if (new && k->how == RENAME_NEW)
		return -EEXIST;
	r = may_stand(k);
	if (r < 0)
		return r;
	if (old == new)
		return 1;
	r = may_move(&k->old, other);
	if (r < 0)
		return r;
	if (!new)
		return inode_permit(dir_of(&k->new),
				    PERMIT_WRITE | PERMIT_EXECUTE);
	r = may_move(&k->new, other && k->how == RENAME_EXCHANGE);
	if (r == 0 && k->how != RENAME_EXCHANGE)
		r = may_replace(old, new);
	return r;
}

static i32 ask_rename(const struct renaming *k)
{
	u32 a = k->old.name.length, b = k->new.name.length;
	char *names = path_text_take();
	i32 r;

	if (!names)
		return -ENOMEM;
	memory_copy(names, k->old.name.text, a);
	names[a] = 0;
	memory_copy(names + a + 1, k->new.name.text, b);
	r = store_rename(dir_of(&k->old), dir_of(&k->new), k->how, names,
			 a + 1 + b, k->old.entry->inode, k->new.entry->inode);
	path_text_give(names);
	return r;
}

/* A directory that comes into another one counts as a link of that. */
static void links_follow(const struct renaming *k)
{
	struct inode *from_dir = dir_of(&k->old), *to = dir_of(&k->new);
	struct inode *old = k->old.entry->inode, *new = k->new.entry->inode;

	if (new && k->how != RENAME_EXCHANGE)
		change_lost(to, new, is_kind(new, MODE_FOLDER));
	if (is_kind(old, MODE_FOLDER)) {
		from_dir->links--;
		to->links++;
	}
	if (k->how == RENAME_EXCHANGE && is_kind(new, MODE_FOLDER)) {
		to->links--;
		from_dir->links++;
	}
	change_stamp(from_dir, old);
	change_stamp(to, new ? new : old);
}

/* The cached names are as the file system has them now. */
static void names_follow(struct renaming *k)
{
	struct list garbage = { &garbage, &garbage };
	struct entry *old = k->old.entry, *new = k->new.entry;
	char *before, *other = 0;

	spin_lock(&entry_lock);
	entry_hide(old, 0);
	if (k->how == RENAME_EXCHANGE) {
		other = entry_move(new, k->old.folder.entry, k->old.moved,
				   &k->old.name, &garbage);
		k->old.moved = 0;
	} else {
		entry_hide(new, new->inode != 0);
	}
	before = entry_move(old, k->new.folder.entry, k->new.moved,
			    &k->new.name, &garbage);
	k->new.moved = 0;
	spin_unlock(&entry_lock);
	garbage_free(&garbage);
	heap_give(before);
	heap_give(other);
	if (k->how != RENAME_EXCHANGE && new->children)
		entry_empty(new);
}

static i32 rename_entries(struct renaming *k)
{
	i32 r = may_rename(k);

	if (r)
		return min(r, 0);
	k->old.moved = entry_name_copy(&k->old.name);
	k->new.moved = entry_name_copy(&k->new.name);
	r = k->old.moved && k->new.moved ? ask_rename(k) : -ENOMEM;
	if (r >= 0) {
		links_follow(k);
		names_follow(k);
	}
	heap_give(k->old.moved);
	heap_give(k->new.moved);
	return min(r, 0);
}

/* One name spelled in another way, where that is possible: what it is to be
 * is not there yet. */
static i32 respell(struct renaming *k)
{
	struct entry *old = k->old.entry, *new = k->new.entry, *e;

	if (k->how == RENAME_EXCHANGE || old == new || !old->inode ||
	    old->inode != new->inode || !(old->inode->flags & INODE_SIMPLE))
		return 0;
	e = entry_make(k->new.folder.entry, new->mount, &k->new.name, 0);
	if (!e)
		return -ENOMEM;
	spin_lock(&entry_lock);
	entry_hide(new, 0);
	entry_show(e);
	spin_unlock(&entry_lock);
	entry_drop(new);
	k->new.entry = e;
	return 0;
}

static i32 rename_locked(struct renaming *k)
{
	i32 r = entry_get_changing(k->old.folder.entry, &k->old.name,
				   &k->old.entry);

	if (r < 0)
		return r;
	r = entry_get_changing(k->new.folder.entry, &k->new.name,
			       &k->new.entry);
	if (r == 0) {
		r = respell(k);
		if (r == 0)
			r = rename_entries(k);
		entry_drop(k->new.entry);
	}
	entry_drop(k->old.entry);
	return r;
}

i32 change_rename(struct place folder, const char *name, struct place to,
		  const char *to_name, u32 how)
{
	struct renaming k = { .old.folder = folder,
			      .new.folder = to,
			      .how = how };
	struct mutex *changing;
	i32 r = change_name(folder, name, &k.old.name);

	if (r == 0)
		r = change_name(to, to_name, &k.new.name);
	if (r < 0)
		return r;
	if (place_inode(folder)->mount != place_inode(to)->mount)
		return -EXDEV;
	changing = &place_inode(to)->mount->store->changing;
	inodes_promise();
	mutex_lock(changing);
	r = rename_locked(&k);
	mutex_unlock(changing);
	inodes_keep_promise();
	return r;
}
