/*
 * Changes to the tree: made, linked and unlinked names. All of one store's are
 * made one after the other; the core's inodes follow what the file system did.
 */
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/process/process.h"
#include "kernel/vfs/change_work.h"

#define MODE_STICKY 01000u
#define MODE_SETGID 02000u

i32 change_name(struct place folder, const char *name, struct name *n)
{
	if (!is_kind(place_inode(folder), MODE_FOLDER))
		return -ENOTDIR;
	name_scan(name, n);
	if (n->length > NAME_MOST)
		return -ENAMETOOLONG;
	return n->length ? 0 : -ENOENT;
}

i32 change_may_remove(struct inode *dir, struct inode *i)
{
	i32 r = inode_permit(dir, PERMIT_WRITE | PERMIT_EXECUTE);

	if (r < 0)
		return r;
	if ((dir->mode & MODE_STICKY) && !inode_owned(dir) && !inode_owned(i))
		return -EPERM;
	return i->covered ? -EBUSY : 0;
}

void change_stamp(struct inode *dir, struct inode *i)
{
	inode_touch(dir, CHANGE_MODIFIED | CHANGE_CHANGED);
	inode_touch(i, CHANGE_CHANGED);
}

void change_lost(struct inode *dir, struct inode *i, int folder)
{
	if (folder) {
		i->links = 0;
		dir->links--;
	} else if (i->links) {
		i->links--;
	}
	if (!i->links)
		i->deleted = 1;
}

static struct mutex *changing(struct place folder)
{
	return &place_inode(folder)->mount->store->changing;
}

/* e was negative: it is i now, whose count it takes. */
static void entry_become(struct entry *e, struct inode *i)
{
	spin_lock(&entry_lock);
	e->inode = i;
	if (list_empty(&e->hash))
		entry_show(e);
	spin_unlock(&entry_lock);
}

static void give(struct entry *e, struct place *out)
{
	if (out)
		out->entry = e;
	else
		entry_drop(e);
}

/* The entry of a name that is not there and may be. Counted. */
static i32 entry_free(struct place folder, const struct name *n,
		      struct entry **out)
{
	i32 r = entry_get_changing(folder.entry, n, out);

	if (r < 0)
		return r;
	r = (*out)->inode ? -EEXIST :
			    inode_permit(place_inode(folder),
					 PERMIT_WRITE | PERMIT_EXECUTE);
	if (r < 0)
		entry_drop(*out);
	return r;
}

/* ---- make ---- */

struct making {
	struct name name;
	struct store_owner owner;
	u32 device;
	const char *target;
};

/* Owner and permissions of what is made by the current process. */
static void making_owner(struct making *k, const struct inode *dir, u32 mode)
{
	struct task *t = task_current();

	k->owner.mode = mode;
	if (t) {
		const struct process *p = t->process;

		k->owner.uid = p->credentials.fsuid;
		k->owner.gid = p->credentials.fsgid;
		if ((mode & MODE_KIND) != MODE_LINK)
			k->owner.mode &= ~p->whereabouts->umask;
	}
	if (!(dir->mode & MODE_SETGID))
		return;
	k->owner.gid = dir->gid;
	if ((mode & MODE_KIND) == MODE_FOLDER)
		k->owner.mode |= MODE_SETGID;
}

/* As the gate wants it: the name, and what else there is behind a NUL. */
static i32 ask_make(const struct making *k, struct inode *dir,
		    struct filesystem_attributes *made)
{
	u32 n = k->name.length, kind = k->owner.mode & MODE_KIND;
	char *text;
	i32 r;

	if (!k->target && kind != MODE_CHARACTER && kind != MODE_BLOCK)
		return store_make(dir, k->owner, k->name.text, n, made);
	text = path_text_take();
	if (!text)
		return -ENOMEM;
	memory_copy(text, k->name.text, n);
	text[n++] = 0;
	if (k->target)
		text_copy(text + n, PATH_MOST, k->target);
	else
		print_to(text + n, 16, "%u", k->device);
	r = store_make(dir, k->owner, text, n + text_length(text + n), made);
	path_text_give(text);
	return r;
}

static i32 make_inode(const struct making *k, struct inode *dir,
		      struct inode **out)
{
	struct filesystem_attributes made = { 0 };
	i32 r = ask_make(k, dir, &made);

	if (r < 0)
		return r;
	if ((made.mode ^ k->owner.mode) & MODE_KIND)
		return -EIO;
	r = inode_from(dir->mount, &made, out);
	if (r < 0)
		return r;
	inode_touch(*out, CHANGE_MODIFIED | CHANGE_CHANGED);
	if (!((*out)->flags & INODE_ASK)) {
		(*out)->accessed = (*out)->modified;
		(*out)->dirty |= CHANGE_ACCESSED;
	}
	if (is_kind(*out, MODE_FOLDER) && !(dir->flags & INODE_ASK))
		dir->links++;
	return 0;
}

static i32 make_locked(const struct making *k, struct place folder,
		       struct place *out)
{
	struct inode *made;
	struct entry *e;
	i32 r = entry_free(folder, &k->name, &e);

	if (r < 0)
		return r;
	r = make_inode(k, place_inode(folder), &made);
	if (r < 0) {
		entry_drop(e);
		return r;
	}
	inode_touch(place_inode(folder), CHANGE_MODIFIED | CHANGE_CHANGED);
	entry_become(e, made);
	give(e, out);
	return 0;
}

i32 change_make(struct place folder, const char *name, u32 mode, u32 device,
		const char *target, struct place *out)
{
	u32 kind = mode & MODE_KIND;
	struct making k = { .device = device, .target = target };
	i32 r = change_name(folder, name, &k.name);

	if (r < 0)
		return r;
	if ((kind == MODE_CHARACTER || kind == MODE_BLOCK) && task_current() &&
	    !process_privileged())
		return -EPERM;
	making_owner(&k, place_inode(folder), mode);
	mutex_lock(changing(folder));
	r = make_locked(&k, folder, out);
	mutex_unlock(changing(folder));
	return r;
}

/* ---- names that the core itself knows to be new ---- */

/* What is known of the name must not stay: there is one now, or -EEXIST. */
static i32 forget_negative(struct place folder, const struct name *n)
{
	struct list garbage = { &garbage, &garbage };
	struct entry *e;
	i32 r = 0;

	spin_lock(&entry_lock);
	e = entry_find(folder.entry, n);
	if (e && e->inode) {
		r = -EEXIST;
	} else if (e) {
		entry_hold(e);
		entry_hide(e, 0);
		entry_put(e, &garbage);
	}
	spin_unlock(&entry_lock);
	garbage_free(&garbage);
	return r;
}

i32 change_unpack(struct place folder, const char *name,
		  struct store_owner owner, u32 device, const char *target,
		  struct inode **out)
{
	struct making k = { .owner = owner,
			    .device = device,
			    .target = target };
	i32 r = change_name(folder, name, &k.name);

	if (r < 0)
		return r;
	mutex_lock(changing(folder));
	r = forget_negative(folder, &k.name);
	if (r == 0)
		r = make_inode(&k, place_inode(folder), out);
	mutex_unlock(changing(folder));
	return r;
}

i32 change_unpack_link(struct inode *i, struct place folder, const char *name)
{
	struct name n;
	i32 r = change_name(folder, name, &n);

	if (r < 0)
		return r;
	mutex_lock(changing(folder));
	r = forget_negative(folder, &n);
	if (r == 0)
		r = store_link(place_inode(folder), i, n.text, n.length);
	if (r >= 0)
		i->links++;
	mutex_unlock(changing(folder));
	return min(r, 0);
}

/* ---- link ---- */

static i32 link_locked(struct place old, struct place folder,
		       const struct name *n)
{
	struct inode *i = place_inode(old), *dir = place_inode(folder);
	struct entry *e;
	i32 r = entry_free(folder, n, &e);

	if (r < 0)
		return r;
	if (is_kind(i, MODE_FOLDER))
		r = -EPERM;
	else if (i->deleted)
		r = -ENOENT;
	else
		r = store_link(dir, i, n->text, n->length);
	if (r < 0) {
		entry_drop(e);
		return r;
	}
	i->links++;
	change_stamp(dir, i);
	inode_hold(i);
	entry_become(e, i);
	entry_drop(e);
	return 0;
}

i32 change_link(struct place old, struct place folder, const char *name)
{
	struct name n;
	i32 r = change_name(folder, name, &n);

	if (r < 0)
		return r;
	if (place_inode(old)->mount != place_inode(folder)->mount)
		return -EXDEV;
	mutex_lock(changing(folder));
	r = link_locked(old, folder, &n);
	mutex_unlock(changing(folder));
	return r;
}

/* ---- unlink ---- */

static i32 may_unlink(struct inode *dir, struct inode *i, int is_folder)
{
	i32 r;

	if (!i)
		return -ENOENT;
	r = change_may_remove(dir, i);
	if (r == -EBUSY && is_kind(i, MODE_FOLDER) && !is_folder)
		return -EISDIR;
	if (r < 0)
		return r;
	if (is_folder)
		return is_kind(i, MODE_FOLDER) ? 0 : -ENOTDIR;
	return is_kind(i, MODE_FOLDER) ? -EISDIR : 0;
}

static i32 unlink_locked(struct place folder, const struct name *n,
			 int is_folder)
{
	struct inode *dir = place_inode(folder), *i;
	struct entry *e;
	i32 r = entry_get_changing(folder.entry, n, &e);

	if (r < 0)
		return r;
	i = e->inode;
	r = may_unlink(dir, i, is_folder);
	if (r == 0)
		r = store_unlink(dir, (u32)is_folder, n->text, n->length);
	if (r >= 0) {
		change_lost(dir, i, is_folder);
		change_stamp(dir, i);
		spin_lock(&entry_lock);
		entry_hide(e, 1);
		spin_unlock(&entry_lock);
		if (e->children)
			entry_empty(e);
	}
	entry_drop(e);
	return min(r, 0);
}

i32 change_unlink(struct place folder, const char *name, int is_folder)
{
	struct name n;
	i32 r = change_name(folder, name, &n);

	if (r < 0)
		return r;
	inodes_promise();
	mutex_lock(changing(folder));
	r = unlink_locked(folder, &n, is_folder);
	mutex_unlock(changing(folder));
	inodes_keep_promise();
	return r;
}
