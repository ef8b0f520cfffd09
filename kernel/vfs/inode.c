/* The table of inodes, and their counts. */
#include "kernel/vfs/inode_table.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/panic.h"
#include "kernel/vfs/checked.h"
#include "kernel/vfs/store.h"

#define UNUSED_MOST 16384u

struct spinlock inode_lock = SPINLOCK("inode table");
struct list inode_buckets[INODE_BUCKETS];
struct list inodes_unused = { &inodes_unused, &inodes_unused };
struct list inodes_dying = { &inodes_dying, &inodes_dying };
u32 inodes_unused_count;
static struct lock_class inode_class = { .name = "inode" };
static struct lock_class syncing_class = { .name = "inode to disk" };

void inodes_init(void)
{
	for (u32 i = 0; i < INODE_BUCKETS; i++)
		list_init(&inode_buckets[i]);
}

static struct list *bucket(const struct mount *m, u32 number)
{
	return &inode_buckets[(number + m->number * 0x9E3779B1u) %
			      INODE_BUCKETS];
}

static struct inode *find(const struct mount *m, u32 number)
{
	struct list *head = bucket(m, number);

	for (struct list *l = head->next; l != head; l = l->next) {
		struct inode *i = LIST_OF(l, struct inode, hash);

		if (i->number == number && i->mount == m)
			return i;
	}
	return 0;
}

void inode_hold_locked(struct inode *i)
{
	if (__atomic_fetch_add(&i->users, 1, __ATOMIC_RELAXED) == 0 &&
	    !list_empty(&i->unused)) {
		list_remove(&i->unused);
		inodes_unused_count--;
	}
}

static struct inode *find_hold(const struct mount *m, u32 number)
{
	struct inode *i;

	spin_lock(&inode_lock);
	i = find(m, number);
	if (i)
		inode_hold_locked(i);
	spin_unlock(&inode_lock);
	return i;
}

static struct inode *inode_new(void)
{
	struct inode *i = heap_take_now(sizeof(*i));

	if (!i)
		return 0;
	i->users = 1;
	mutex_init(&i->lock, &inode_class);
	list_init(&i->areas);
	list_init(&i->locks);
	list_init(&i->hash);
	list_init(&i->unused);
	list_init(&i->dirty_list);
	mutex_init(&i->syncing, &syncing_class);
	return i;
}

int inode_is(const struct inode *i, const struct filesystem_attributes *a)
{
	return i->number == a->inode && !((i->mode ^ a->mode) & MODE_KIND) &&
	       i->flags == a->flags;
}

void inode_take(struct inode *i, const struct filesystem_attributes *a)
{
	u32 kept = i->dirty;

	if (!(kept & CHANGE_MODE))
		i->mode = a->mode;
	if (!(kept & CHANGE_UID))
		i->uid = a->uid;
	if (!(kept & CHANGE_GID))
		i->gid = a->gid;
	i->links = a->links;
	i->device = a->device;
	if (!(kept & CHANGE_SIZE))
		i->size = (u64)a->size_high << 32 | a->size;
	i->blocks = a->blocks;
	if (!(kept & CHANGE_ACCESSED))
		i->accessed = (struct instant){ a->accessed, a->accessed_ns };
	if (!(kept & CHANGE_MODIFIED))
		i->modified = (struct instant){ a->modified, a->modified_ns };
	if (!(kept & CHANGE_CHANGED))
		i->changed = (struct instant){ a->changed, a->changed_ns };
	i->flags = a->flags;
	i->jump = a->jump;
	i->process = a->process;
}

/* Enter `n` unless somebody else was faster; then that one, and n is freed. */
static struct inode *enter(struct inode *n)
{
	struct inode *i;

	spin_lock(&inode_lock);
	i = find(n->mount, n->number);
	if (i)
		inode_hold_locked(i);
	else
		list_add_last(bucket(n->mount, n->number), &n->hash);
	spin_unlock(&inode_lock);
	if (!i)
		return n;
	inode_free(n);
	return i;
}

i32 inode_from(struct mount *m, const struct filesystem_attributes *a,
	       struct inode **out)
{
	struct inode *i;

	if (attributes_check(a) < 0)
		return -EIO;
	i = find_hold(m, a->inode);
	if (i && !inode_is(i, a)) {
		inode_drop(i);
		return -EIO;
	}
	if (i) {
		if (a->flags & INODE_ASK)
			inode_take(i, a);
		*out = i;
		return 0;
	}
	i = inode_new();
	if (!i)
		return -ENOMEM;
	i->mount = m;
	i->number = a->inode;
	inode_take(i, a);
	*out = enter(i);
	return 0;
}

i32 inode_get(struct mount *m, u32 number, struct inode **out)
{
	struct filesystem_attributes a = { 0 };
	i32 error = 0;

	*out = find_hold(m, number);
	if (*out && (*out)->flags & INODE_ASK)
		error = inode_refresh(*out);
	if (*out && error < 0)
		inode_drop(*out);
	if (*out)
		return error;
	error = store_attributes(m, number, &a);
	if (error >= 0 && a.inode != number)
		error = -EIO;
	return error < 0 ? error : inode_from(m, &a, out);
}

static void number_set(struct inode *i, u32 number)
{
	list_remove(&i->hash);
	i->number = number;
	list_add_last(bucket(i->mount, number), &i->hash);
}

void inode_renumber(struct inode *i, u32 number, struct inode *other)
{
	u32 before = i->number;

	if (number == before)
		return;
	spin_lock(&inode_lock);
	number_set(i, number);
	if (other)
		number_set(other, before);
	spin_unlock(&inode_lock);
}

struct inode *inode_anonymous(u32 mode)
{
	static u32 numbers;
	struct inode *i = inode_new();

	if (!i)
		return 0;
	i->number = __atomic_add_fetch(&numbers, 1, __ATOMIC_RELAXED);
	i->mode = mode;
	i->links = 1;
	i->accessed = i->modified = i->changed = instant_now();
	inode_own(i);
	return i;
}

void inode_free(struct inode *i)
{
	if (i->pages.root)
		cache_drop(i);
	spin_lock(&inode_lock);
	list_remove(&i->dirty_list);
	spin_unlock(&inode_lock);
	if ((i->mode & MODE_KIND) == MODE_LINK)
		heap_give(i->special);
	heap_give(i);
}

void inode_hold(struct inode *i)
{
	assert(i->users);
	__atomic_add_fetch(&i->users, 1, __ATOMIC_RELAXED);
}

/*
 * It has no users: is it to be freed at once? Else it stays: among the unused
 * to be forgotten some day, or, where its contents are nowhere else, for good.
 * Lock held.
 */
static int unused(struct inode *i)
{
	if (!i->mount)
		return 1;
	if (i->deleted) {
		list_remove(&i->hash);
		list_remove(&i->dirty_list);
		list_add_last(&inodes_dying, &i->unused);
		return 0;
	}
	if (i->flags & INODE_ASK) {
		list_remove(&i->hash);
		return 1;
	}
	if (i->pages.count && i->mount->in_memory)
		return 0;
	list_add_last(&inodes_unused, &i->unused);
	inodes_unused_count++;
	return 0;
}

void inode_drop(struct inode *i)
{
	u32 users = __atomic_load_n(&i->users, __ATOMIC_RELAXED);
	int last = 0, work = 0;

	while (users > 1)
		if (__atomic_compare_exchange_n(&i->users, &users, users - 1, 0,
						__ATOMIC_RELEASE,
						__ATOMIC_RELAXED))
			return;
	spin_lock(&inode_lock);
	if (__atomic_sub_fetch(&i->users, 1, __ATOMIC_ACQ_REL) == 0) {
		last = unused(i);
		__atomic_thread_fence(__ATOMIC_SEQ_CST); /* list, promise */
		work = (!inodes_promised && !list_empty(&inodes_dying)) ||
		       inodes_unused_count > UNUSED_MOST + UNUSED_MOST / 8;
	}
	spin_unlock(&inode_lock);
	if (last)
		inode_free(i);
	else if (work)
		inodes_wake();
}
