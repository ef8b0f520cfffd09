/*
 * Mounts: which file system hangs where. The first one is the root of all;
 * each other one covers a directory, and a walk that comes there goes on at
 * its root.
 */
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/vfs/inode_table.h"
#include "kernel/vfs/store.h"
#include "kernel/vfs/walk.h"

#define MAGIC_TMPFS 0x01021994u
#define MNT_DETACH  2u

struct list mounts = { &mounts, &mounts };
struct mutex mounts_lock = MUTEX(mounts_lock, "mounts");
static struct list detached = { &detached, &detached }; /* yet in use */
static u32 numbers = MOUNT_FIRST - 1;

struct mount *mount_root(void)
{
	assert(!list_empty(&mounts));
	return LIST_OF(mounts.next, struct mount, list);
}

struct place root_place(void)
{
	struct place p = { mount_root()->top };

	place_hold(p);
	return p;
}

static void mount_first(void)
{
	entries_init();
	inodes_init();
	inodes_start();
	instant_start();
}

/* Its root, known to the core. */
static i32 mount_open(struct mount *m, const char *options)
{
	static const struct name none = { .text = "" };
	struct filesystem_space space;
	i32 r = store_mount(m->store, options);

	if (r < 0)
		return r;
	r = inode_get(m, (u32)r, &m->root);
	if (r < 0)
		return r;
	if (store_space(m, &space) >= 0)
		m->magic = space.kind;
	m->in_memory = m->magic == MAGIC_TMPFS;
	if (m->in_memory && !m->root->modified.seconds)
		inode_touch(m->root,
			    CHANGE_ACCESSED | CHANGE_MODIFIED | CHANGE_CHANGED);
	inode_hold(m->root);
	m->top = entry_make(0, m, &none, m->root);
	if (m->top)
		return 0;
	inode_drop(m->root);
	inode_drop(m->root);
	return -ENOMEM;
}

static void mount_free(struct mount *m)
{
	if (m->store)
		store_close(m->store);
	heap_give(m);
}

static i32 mount_new(const char *domain, const char *source, u32 flags,
		     const char *options, struct mount **out)
{
	struct mount *m = heap_take_now(sizeof(*m));
	i32 r;

	if (!m)
		return -ENOMEM;
	m->number = ++numbers;
	m->flags = flags;
	text_copy(m->domain, sizeof(m->domain), domain);
	text_copy(m->source, sizeof(m->source), source);
	r = store_open(domain, &m->store);
	if (r == 0)
		r = mount_open(m, options);
	if (r < 0)
		mount_free(m);
	else
		*out = m;
	return r;
}

/* The file system is told that nobody has its root any more. */
static void mount_close(struct mount *m)
{
	u32 root = m->root->number;

	entry_drop(m->top);
	inode_drop(m->root);
	inodes_forget(m);
	mutex_lock(&m->store->changing);
	store_forget(m->store, root);
	mutex_unlock(&m->store->changing);
	mount_free(m);
}

/* Hang it there; the place is counted once more. */
static i32 mount_hang(struct mount *m, struct place over)
{
	struct inode *i = over.entry->inode;
	i32 r = 0;

	spin_lock(&entry_lock);
	if (i->covered || over.entry->unlinked) {
		r = i->covered ? -EBUSY : -ENOENT;
	} else {
		entry_hold(over.entry);
		m->over = over.entry;
		i->covered = m;
	}
	spin_unlock(&entry_lock);
	return r;
}

i32 mount_make(const char *domain, const char *source, struct place over,
	       u32 flags, const char *options)
{
	struct mount *m;
	i32 r;

	if (over.entry && (place_inode(over)->mode & MODE_KIND) != MODE_FOLDER)
		return -ENOTDIR;
	mutex_lock(&mounts_lock);
	if (numbers < MOUNT_FIRST)
		mount_first();
	r = mount_new(domain, source, flags, options, &m);
	if (r == 0 && over.entry) {
		r = mount_hang(m, over);
		if (r < 0)
			mount_close(m);
	}
	if (r == 0) {
		spin_lock(&entry_lock);
		list_add_last(&mounts, &m->list);
		spin_unlock(&entry_lock);
	}
	mutex_unlock(&mounts_lock);
	return r;
}

static int has_mounts(const struct mount *m)
{
	for (struct list *l = mounts.next; l != &mounts; l = l->next) {
		struct mount *other = LIST_OF(l, struct mount, list);

		if (other->over && other->over->mount == m)
			return 1;
	}
	return 0;
}

static int is_mounted(const struct mount *m)
{
	for (struct list *l = mounts.next; l != &mounts; l = l->next)
		if (l == &m->list)
			return 1;
	return 0;
}

/* Does anybody stand in it, or have a file of it open or mapped? */
static int in_use(struct mount *m)
{
	entries_prune(m);
	inodes_settle();
	return m->top->users > 1 || inodes_in_use(m) > 1;
}

/* Nobody finds the way there any more. */
static void mount_unhang(struct mount *m)
{
	struct entry *over = m->over;

	spin_lock(&entry_lock);
	over->inode->covered = 0;
	m->over = 0;
	list_remove(&m->list);
	list_add_last(&detached, &m->list);
	spin_unlock(&entry_lock);
	entry_drop(over);
}

/* Of what was detached, close what its last users have left. */
static void detached_close(void)
{
	for (struct list *l = detached.next, *next; l != &detached; l = next) {
		struct mount *m = LIST_OF(l, struct mount, list);

		next = l->next;
		if (in_use(m))
			continue;
		list_remove(l);
		mount_close(m);
	}
}

i32 mount_end(struct mount *m, u32 how)
{
	i32 r = 0;

	mutex_lock(&mounts_lock);
	if (!is_mounted(m))
		r = -EINVAL;
	else if (!m->over || has_mounts(m))
		r = -EBUSY;
	else if (!(how & MNT_DETACH) && in_use(m))
		r = -EBUSY;
	else
		mount_unhang(m);
	detached_close();
	mutex_unlock(&mounts_lock);
	return r;
}
