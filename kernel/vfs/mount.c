/*
 * Mounts: which file system hangs where. The first one is the root of all;
 * each other one covers a directory, and a walk that comes there goes on at
 * its root.
 */
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/tsc.h"
#include "kernel/vfs/inode_table.h"
#include "kernel/vfs/store.h"
#include "kernel/vfs/walk.h"
#include "kernel/volume/volume.h"

#define MAGIC_TMPFS 0x01021994u
#define MNT_DETACH  2u
#define MOMENTS	    60u
#define MOMENT	    5000000u /* ns */

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
	struct filesystem_space space = { 0 };
	i32 r = store_mount(m->store, options);

	if (r < 0)
		return r;
	r = inode_get(m, (u32)r, &m->root);
	if (r < 0)
		return r;
	if ((m->root->mode & MODE_KIND) != MODE_FOLDER) {
		inode_drop(m->root);
		return -EIO;
	}
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

/* What its domain is to know at the end: of a disk, that it is to look clean;
 * of others, that nobody has the root any more. */
static void mount_farewell(struct mount *m, u32 root)
{
	struct store *s = m->store;

	mutex_lock(&s->changing);
	if (!s->volume)
		store_forget(s, root);
	else if (!(m->flags & MOUNT_READ_ONLY) && store_writing(s, 0) < 0)
		print("mount: %s was not left clean\n", m->source);
	mutex_unlock(&s->changing);
}

static void mount_close(struct mount *m)
{
	u32 root = m->root->number;

	if (m->store->volume && volume_sync(m->store->volume) < 0)
		print("mount: not all of %s could be written\n", m->source);
	entry_drop(m->top);
	inode_drop(m->root);
	inodes_forget(m);
	mount_farewell(m, root);
	mount_free(m);
}

/* A disk's file system has a domain of its own; others are shared. */
static i32 mount_store(struct mount *m, const struct mounting *how)
{
	i32 r = -ENODEV;

	if (how->disk)
		r = store_open_disk(how->domain, how->disk, how->flags,
				    &m->store);
	if (r == 0)
		volume_mount_set(m->store->volume, m);
	if (r == -ENODEV)
		r = store_open(how->domain, &m->store);
	if (r == 0 && m->store->volume &&
	    (volume_disk(m->store->volume)->flags & DISK_READ_ONLY))
		m->flags |= MOUNT_READ_ONLY;
	return r;
}

/* Will it be written to? Its domain wants to know. */
static i32 mount_writing(struct mount *m)
{
	if (m->flags & MOUNT_READ_ONLY)
		return 0;
	return store_writing(m->store, 1);
}

static i32 mount_new(const struct mounting *how, struct mount **out)
{
	struct mount *m = heap_take_now(sizeof(*m));
	i32 r;

	if (!m)
		return -ENOMEM;
	m->number = ++numbers;
	list_init(&m->dirty);
	m->flags = how->flags;
	text_copy(m->type, sizeof(m->type), how->type);
	text_copy(m->source, sizeof(m->source), how->source);
	r = mount_store(m, how);
	if (r == 0)
		r = mount_open(m, how->options);
	if (r == 0) {
		r = mount_writing(m);
		if (r < 0)
			mount_close(m);
		else
			*out = m;
		return r;
	}
	mount_free(m);
	return r;
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

i32 mount_make(const struct mounting *how, struct place over)
{
	struct mount *m;
	i32 r;

	if (over.entry && (place_inode(over)->mode & MODE_KIND) != MODE_FOLDER)
		return -ENOTDIR;
	mutex_lock(&mounts_lock);
	if (numbers < MOUNT_FIRST)
		mount_first();
	r = mount_new(how, &m);
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
	pages_settle(m);
	return m->top->users > 1 || inodes_in_use(m) > 1;
}

/* The same, but for the core itself, which has a file of it for a moment when
 * it writes back or evicts pages. */
static int in_use_by_others(struct mount *m)
{
	for (u32 n = 0; in_use(m); n++) {
		if (n > MOMENTS)
			return 1;
		if (n)
			thread_sleep(tsc_now() + MOMENT);
		else
			mount_sync(m);
	}
	return 0;
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
	else if (!(how & MNT_DETACH) && in_use_by_others(m))
		r = -EBUSY;
	else
		mount_unhang(m);
	detached_close();
	mutex_unlock(&mounts_lock);
	return r;
}

/* ---- what changes of one that is there ---- */

static i32 writing_begin(struct mount *m, struct volume *v)
{
	i32 r = volume_read_only(v, 0);

	if (r == 0)
		r = store_writing(m->store, 1);
	if (r < 0)
		volume_read_only(v, 1);
	return r;
}

static i32 writing_end(struct mount *m, struct volume *v)
{
	i32 r = mount_sync(m);

	if (r == 0)
		r = store_writing(m->store, 0);
	if (r == 0)
		r = volume_sync(v);
	return r < 0 ? r : volume_read_only(v, 1);
}

i32 mount_again(struct mount *m, u32 flags)
{
	u32 was = m->flags & MOUNT_READ_ONLY, is = flags & MOUNT_READ_ONLY;
	struct volume *v = m->store->volume;
	i32 r = 0;

	mutex_lock(&mounts_lock);
	if (v && is && !was && inodes_written(m))
		r = -EBUSY;
	else if (v && is != was) {
		if (is)
			m->flags = flags; /* no more changes begin */
		r = is ? writing_end(m, v) : writing_begin(m, v);
	}
	m->flags = r < 0 ? (m->flags & ~(u32)MOUNT_READ_ONLY) | was : flags;
	mutex_unlock(&mounts_lock);
	return r;
}

i32 mount_sync(struct mount *m)
{
	i32 r = inodes_sync(m);

	if (m->store->volume && volume_sync(m->store->volume) < 0)
		r = -EIO;
	return r;
}

void mounts_sync(void)
{
	mutex_lock(&mounts_lock);
	for (struct list *l = mounts.next; l != &mounts; l = l->next)
		mount_sync(LIST_OF(l, struct mount, list));
	mutex_unlock(&mounts_lock);
}
