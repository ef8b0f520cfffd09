/*
 * The locks of inodes. One mutex guards all of them; whoever waits for a lock
 * sleeps in one queue and looks again after each that goes.
 */
#include "kernel/vfs/lock.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/signal.h"
#include "kernel/vfs/kinds.h"

#define CHAIN_MOST 64u /* owners looked through for a deadlock */

/* An owner that waits, and for whom. */
struct lock_wait {
	struct list list;
	const void *owner, *holder;
};

static struct mutex locks_mutex = MUTEX(locks_mutex, "file locks");
static struct list waits = { &waits, &waits };
static struct wait_queue waiters = { { &waiters.threads, &waiters.threads } };
static u32 released; /* counts; scheduler's lock */

static struct file_lock *lock_of(struct list *l)
{
	return LIST_OF(l, struct file_lock, list);
}

static int overlap(const struct file_lock *a, const struct file_lock *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static int mine(const struct file_lock *l, const struct file_lock *wanted)
{
	return l->kind == wanted->kind && l->owner == wanted->owner;
}

static struct file_lock *conflict(struct inode *i,
				  const struct file_lock *wanted)
{
	for (struct list *l = i->locks.next; l != &i->locks; l = l->next) {
		struct file_lock *o = lock_of(l);

		if (o->kind == wanted->kind && o->owner != wanted->owner &&
		    overlap(o, wanted) &&
		    (o->type == LOCK_WRITE || wanted->type == LOCK_WRITE))
			return o;
	}
	return 0;
}

int lock_test(struct inode *i, const struct file_lock *wanted,
	      struct file_lock *found)
{
	struct file_lock *o;

	mutex_lock(&locks_mutex);
	o = conflict(i, wanted);
	if (o)
		*found = *o;
	mutex_unlock(&locks_mutex);
	return o != 0;
}

static void lock_end(struct file_lock *l)
{
	list_remove(&l->list);
	heap_give(l);
}

/*
 * Take the range of `wanted` out of o. What is left behind it, if o goes on on
 * both sides, becomes *spare.
 */
static void carve(struct file_lock *o, const struct file_lock *wanted,
		  struct file_lock **spare)
{
	if (o->first < wanted->first && o->last > wanted->last) {
		struct file_lock *rest = *spare;

		*spare = 0;
		*rest = *o;
		rest->first = wanted->last + 1;
		o->last = wanted->first - 1;
		list_add_last(o->list.next, &rest->list);
	} else if (o->first < wanted->first) {
		o->last = wanted->first - 1;
	} else if (o->last > wanted->last) {
		o->first = wanted->last + 1;
	} else {
		lock_end(o);
	}
}

/* A lock of the same owner and type that touches `l` becomes part of it. */
static void absorb(struct file_lock *o, struct file_lock *l)
{
	if (o->type != l->type ||
	    (o->last + 1 != l->first && l->last + 1 != o->first))
		return;
	l->first = min(l->first, o->first);
	l->last = max(l->last, o->last);
	lock_end(o);
}

/* Put `fresh` (a copy of what is wanted; LOCK_NONE: given back) in place. */
static void place(struct inode *i, struct file_lock *fresh,
		  struct file_lock *spare)
{
	struct list *next;

	for (struct list *l = i->locks.next; l != &i->locks; l = next) {
		next = l->next;
		if (mine(lock_of(l), fresh) && overlap(lock_of(l), fresh))
			carve(lock_of(l), fresh, &spare);
	}
	for (struct list *l = i->locks.next; l != &i->locks; l = next) {
		next = l->next;
		if (fresh->type != LOCK_NONE && mine(lock_of(l), fresh))
			absorb(lock_of(l), fresh);
	}
	if (fresh->type == LOCK_NONE)
		heap_give(fresh);
	else
		list_add_last(&i->locks, &fresh->list);
	heap_give(spare);
}

/* Something may be free now. */
static void release(void)
{
	scheduler_lock();
	released++;
	wake_all(&waiters);
	scheduler_unlock();
}

/* Does `holder` wait, over others, for `owner`? */
static int deadlock(const void *owner, const void *holder)
{
	for (u32 n = 0; n < CHAIN_MOST; n++) {
		struct list *l = waits.next;

		if (holder == owner)
			return 1;
		while (l != &waits &&
		       LIST_OF(l, struct lock_wait, list)->owner != holder)
			l = l->next;
		if (l == &waits)
			return 0;
		holder = LIST_OF(l, struct lock_wait, list)->holder;
	}
	return 0;
}

/* Sleep until a lock goes. The mutex is held before and after. */
static i32 wait_release(const struct file_lock *wanted,
			const struct file_lock *other)
{
	struct lock_wait w = { .owner = wanted->owner, .holder = other->owner };
	enum wait_result r = WAIT_WOKEN;
	u32 seen = released;

	if (wanted->kind == LOCK_RECORD && wanted->pid != ~0u &&
	    deadlock(w.owner, w.holder))
		return -EDEADLK;
	list_add_last(&waits, &w.list);
	mutex_unlock(&locks_mutex);
	scheduler_lock();
	while (released == seen && r != WAIT_SIGNAL)
		r = wait_for_signal(&waiters, WAIT_FOREVER);
	scheduler_unlock();
	mutex_lock(&locks_mutex);
	list_remove(&w.list);
	return r == WAIT_SIGNAL ? -ERESTARTSYS : 0;
}

i32 lock_set(struct inode *i, const struct file_lock *wanted, int wait)
{
	struct file_lock *fresh = heap_take_now(sizeof(*fresh));
	struct file_lock *spare = heap_take_now(sizeof(*spare)), *other;
	i32 r = 0;

	if (!fresh || !spare) {
		heap_give(fresh);
		heap_give(spare);
		return -ENOLCK;
	}
	*fresh = *wanted;
	mutex_lock(&locks_mutex);
	while (!r && wanted->type != LOCK_NONE && (other = conflict(i, wanted)))
		r = wait ? wait_release(wanted, other) : -EAGAIN;
	if (!r) {
		place(i, fresh, spare);
		release();
	}
	mutex_unlock(&locks_mutex);
	if (r) {
		heap_give(fresh);
		heap_give(spare);
	}
	return r;
}

/* All locks that an owner has on i, of either kind. */
static void owner_end(struct inode *i, const void *owner)
{
	struct list *next;
	u32 n = 0;

	mutex_lock(&locks_mutex);
	for (struct list *l = i->locks.next; l != &i->locks; l = next) {
		next = l->next;
		if (lock_of(l)->owner == owner) {
			lock_end(lock_of(l));
			n++;
		}
	}
	if (n)
		release();
	mutex_unlock(&locks_mutex);
}

void lock_forget(struct file *f)
{
	owner_end(f->inode, f);
}

void lock_closed(struct file *f, struct files *t)
{
	owner_end(f->inode, t);
}
