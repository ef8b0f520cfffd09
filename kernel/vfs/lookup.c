/*
 * Names that are not in the cache: asked of the file system, one at a time
 * for each store, so that no change comes between the answer and its entry.
 */
#include "kernel/vfs/entry.h"
#include "kernel/vfs/store.h"

static struct entry *look(struct entry *folder, const struct name *n)
{
	struct entry *e;

	spin_lock(&entry_lock);
	e = entry_find(folder, n);
	if (e)
		entry_hold(e);
	spin_unlock(&entry_lock);
	return e;
}

static void hide_drop(struct entry *e)
{
	spin_lock(&entry_lock);
	entry_hide(e, 1);
	spin_unlock(&entry_lock);
	entry_drop(e);
}

/* A new entry for what the file system said; i's count is taken over. What is
 * not there in a directory that is asked each time is not remembered. */
static i32 remember(struct entry *folder, const struct name *n, struct inode *i,
		    struct entry **out)
{
	struct entry *e = entry_make(folder, folder->mount, n, i);

	if (!e) {
		if (i)
			inode_drop(i);
		return -ENOMEM;
	}
	if (i || !(folder->inode->flags & INODE_ASK_NAMES)) {
		spin_lock(&entry_lock);
		entry_show(e);
		spin_unlock(&entry_lock);
	}
	*out = e;
	return 0;
}

/* `e`: what is known of the name so far, counted for us; or NULL. */
static i32 ask(struct entry *folder, const struct name *n, struct entry *e,
	       struct entry **out)
{
	struct inode *dir = folder->inode, *i = 0;
	struct filesystem_attributes a = { 0 };
	i32 r = store_lookup(dir, n->text, n->length, &a);

	if (r >= 0)
		r = inode_from(dir->mount, &a, &i);
	if (r < 0 && r != -ENOENT) {
		if (e)
			entry_drop(e);
		return r;
	}
	if (e && e->inode == i) {
		if (i)
			inode_drop(i);
		*out = e;
		return 0;
	}
	if (e)
		hide_drop(e);
	return remember(folder, n, i, out);
}

i32 entry_get_changing(struct entry *folder, const struct name *n,
		       struct entry **out)
{
	struct entry *e;

	if (folder->inode->deleted)
		return -ENOENT;
	e = look(folder, n);
	if (e && !(folder->inode->flags & INODE_ASK_NAMES)) {
		*out = e;
		return 0;
	}
	return ask(folder, n, e, out);
}

i32 entry_get(struct entry *folder, const struct name *n, struct entry **out)
{
	struct mutex *changing = &folder->mount->store->changing;
	i32 r;

	mutex_lock(changing);
	r = entry_get_changing(folder, n, out);
	mutex_unlock(changing);
	return r;
}

i32 walk_name(struct place folder, const char *name, struct place *out)
{
	struct name n;

	name_scan(name, &n);
	if (n.length > NAME_MOST)
		return -ENAMETOOLONG;
	if ((place_inode(folder)->mode & MODE_KIND) != MODE_FOLDER)
		return -ENOTDIR;
	return entry_get(folder.entry, &n, &out->entry);
}
