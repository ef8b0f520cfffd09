/*
 * Inodes on their way back: changed attributes are written to the file system,
 * unused inodes forgotten, and deleted ones given up. A thread does that when
 * nobody asked for it at once.
 */
#include "kernel/vfs/inode_table.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/panic.h"
#include "kernel/space/contents.h"
#include "kernel/tsc.h"
#include "kernel/vfs/checked.h"
#include "kernel/vfs/store.h"
#include "kernel/volume/transaction.h"
#include "kernel/volume/volume.h"

#define UNUSED_KEPT 16384u

static struct wait_queue work = { { &work.threads, &work.threads } };
static u32 wanted;
u32 inodes_promised;
static u32 given_up; /* that are being; atomic */

static void attributes_of(const struct inode *i,
			  struct filesystem_attributes *a)
{
	*a = (struct filesystem_attributes){
		.inode = i->number,
		.mode = i->mode,
		.links = i->links,
		.uid = i->uid,
		.gid = i->gid,
		.device = i->device,
		.size = (u32)i->size,
		.size_high = (u32)(i->size >> 32),
		.blocks = i->blocks,
		.accessed = i->accessed.seconds,
		.accessed_ns = i->accessed.nanoseconds,
		.modified = i->modified.seconds,
		.modified_ns = i->modified.nanoseconds,
		.changed = i->changed.seconds,
		.changed_ns = i->changed.nanoseconds,
	};
}

struct volume *inode_volume(const struct inode *i)
{
	return i->mount ? i->mount->store->volume : 0;
}

static i32 attributes_write(struct inode *i)
{
	struct filesystem_attributes a;
	u32 which = __atomic_exchange_n(&i->dirty, 0, __ATOMIC_ACQ_REL);
	i32 error;

	if (!which)
		return 0;
	attributes_of(i, &a);
	error = store_change(i, which, &a);
	if (error < 0)
		__atomic_fetch_or(&i->dirty, which, __ATOMIC_RELEASE);
	return error;
}

void inode_placing(struct inode *i)
{
	if (inode_volume(i))
		mutex_lock(&i->syncing);
}

void inode_placed(struct inode *i)
{
	if (inode_volume(i))
		mutex_unlock(&i->syncing);
}

i32 inode_sync_placing(struct inode *i)
{
	return inode_volume(i) ? attributes_write(i) : inode_sync(i);
}

/* A volume makes one change at a time by itself; and whoever waits for room in
 * its journal must not be waited for by what makes that room. */
i32 inode_sync(struct inode *i)
{
	struct mutex *lock;
	i32 error;

	if (!i->mount || !i->dirty)
		return 0;
	lock = inode_volume(i) ? &i->syncing : &i->mount->store->changing;
	mutex_lock(lock);
	error = attributes_write(i);
	mutex_unlock(lock);
	return error;
}

i32 inode_refresh(struct inode *i)
{
	struct filesystem_attributes a = { 0 };
	i32 error = store_attributes(i->mount, i->number, &a);

	if (error < 0)
		return error;
	if (attributes_check(&a) < 0 || !inode_is(i, &a))
		return -EIO;
	inode_take(i, &a);
	return 0;
}

void inode_count_blocks(struct inode *i)
{
	struct filesystem_attributes a;

	if (!i->blocks_old)
		return;
	i->blocks_old = 0;
	if (store_attributes(i->mount, i->number, &a) >= 0)
		i->blocks = a.blocks;
}

i32 inode_read_page(struct inode *i, u32 index, void *page)
{
	if (i->mount->in_memory)
		return 0;
	return store_read(i, index * PAGE, page, PAGE);
}

i32 inode_flush(struct inode *i)
{
	struct volume *v = inode_volume(i);
	i32 error;

	if (!v)
		return inode_sync(i);
	error = contents_flush(i);
	if (error == 0)
		error = inode_sync(i);
	if (error == 0)
		error = volume_sync(v);
	return error;
}

/* ---- deleted ones ---- */

static void give_up(struct inode *i)
{
	struct store *s = i->mount->store;
	u32 number = i->number;

	inode_free(i);
	mutex_lock(&s->changing);
	store_forget(s, number);
	mutex_unlock(&s->changing);
}

void inodes_settle(void)
{
	while (!list_empty(&inodes_dying)) {
		struct inode *i = 0;

		spin_lock(&inode_lock);
		if (!list_empty(&inodes_dying)) {
			i = LIST_OF(inodes_dying.next, struct inode, unused);
			list_remove(&i->unused);
			__atomic_add_fetch(&given_up, 1, __ATOMIC_SEQ_CST);
		}
		spin_unlock(&inode_lock);
		if (!i)
			break;
		give_up(i);
		__atomic_sub_fetch(&given_up, 1, __ATOMIC_SEQ_CST);
	}
}

void inodes_settle_all(void)
{
	inodes_settle();
	while (__atomic_load_n(&given_up, __ATOMIC_SEQ_CST))
		thread_sleep(tsc_now() + INODES_MOMENT);
}

void inodes_promise(void)
{
	__atomic_add_fetch(&inodes_promised, 1, __ATOMIC_SEQ_CST);
}

/* Whoever saw the promise has put its inode into the list before. */
void inodes_keep_promise(void)
{
	__atomic_sub_fetch(&inodes_promised, 1, __ATOMIC_SEQ_CST);
	inodes_settle();
}

/* ---- unused ones ---- */

/* The one that was used longest ago and has no cached pages, with one user;
 * those that have some go to the end. NULL: none among the first `most`. */
static struct inode *oldest(u32 most)
{
	struct inode *found = 0;

	spin_lock(&inode_lock);
	while (!found && most-- && !list_empty(&inodes_unused)) {
		struct inode *i =
			LIST_OF(inodes_unused.next, struct inode, unused);

		list_remove(&i->unused);
		if (i->pages.count &&
		    (!inode_volume(i) || i->dirty_pages || i->writing_pages)) {
			list_add_last(&inodes_unused, &i->unused);
			continue;
		}
		i->users = 1;
		inodes_unused_count--;
		found = i;
	}
	spin_unlock(&inode_lock);
	return found;
}

/* Out of the table with it, unless somebody has found it meanwhile. */
static u32 forget(struct inode *i)
{
	u32 gone;

	inode_sync(i);
	spin_lock(&inode_lock);
	gone = i->users == 1 && !i->dirty && !i->deleted &&
	       (!i->pages.count ||
		(inode_volume(i) && !i->dirty_pages && !i->writing_pages));
	if (gone) {
		list_remove(&i->hash);
		list_remove(&i->dirty_list);
	}
	spin_unlock(&inode_lock);
	if (gone)
		inode_free(i);
	else
		inode_drop(i);
	return gone;
}

u32 inodes_trim(u32 most)
{
	u32 gone = 0;
	struct inode *i;

	while (most-- && (i = oldest(64)) != 0)
		gone += forget(i);
	return gone;
}

/* ---- all of a volume ---- */

/* By the volume's own thread, before a commit: whoever has an inode's lock may
 * be waiting for that. */
static i32 volume_attributes(struct volume *v)
{
	struct mount *m = volume_mount(v);
	struct inode *i;
	u32 b = 0;

	while (m && (i = inodes_next(m, &b, inode_to_write)) != 0) {
		if (!mutex_try(&i->syncing)) {
			b++;
		} else {
			b += attributes_write(i) < 0;
			mutex_unlock(&i->syncing);
		}
		inode_drop(i);
	}
	return 0;
}

/* ---- the thread ---- */

void inodes_wake(void)
{
	scheduler_lock();
	wanted = 1;
	wake_all(&work);
	scheduler_unlock();
}

static void inodes_thread(void *argument)
{
	(void)argument;
	for (;;) {
		scheduler_lock();
		while (!wanted)
			wait_in(&work, WAIT_FOREVER);
		wanted = 0;
		scheduler_unlock();
		inodes_settle();
		if (inodes_unused_count > UNUSED_KEPT)
			inodes_trim(inodes_unused_count - UNUSED_KEPT);
	}
}

void inodes_start(void)
{
	transaction_attributes = volume_attributes;
	contents_start();
	struct thread *t =
		thread_start("inodes", RANK_NORMAL, inodes_thread, 0);

	assert(t);
}
