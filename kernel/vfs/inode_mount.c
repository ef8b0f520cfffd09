/*
 * All inodes of a mount: found one after the other, written back, counted, and
 * forgotten when the mount goes.
 */
#include "kernel/tsc.h"
#include "kernel/vfs/inode_table.h"

struct inode *inodes_next(const struct mount *m, u32 *b,
			  int (*take)(const struct inode *))
{
	for (; *b < INODE_BUCKETS; ++*b) {
		struct list *head = &inode_buckets[*b];

		spin_lock(&inode_lock);
		for (struct list *l = head->next; l != head; l = l->next) {
			struct inode *i = LIST_OF(l, struct inode, hash);

			if ((m && i->mount != m) || !take(i))
				continue;
			inode_hold_locked(i);
			spin_unlock(&inode_lock);
			return i;
		}
		spin_unlock(&inode_lock);
	}
	return 0;
}

/* What is in memory alone has nowhere to go. */
int inode_to_write(const struct inode *i)
{
	return i->dirty && !i->mount->in_memory;
}

i32 inodes_sync(struct mount *m)
{
	i32 first_error = 0;
	struct inode *i;
	u32 b = 0;

	while ((i = inodes_next(m, &b, inode_to_write)) != 0) {
		i32 error = inode_sync(i);

		if (error < 0) {
			first_error = first_error ? first_error : error;
			b++;
		}
		inode_drop(i);
	}
	return first_error;
}

static int is_unused(const struct inode *i)
{
	return i->users == 0;
}

/* i goes, unless who writes or evicts pages has come by it. */
static void leave(struct inode *i)
{
	int gone;

	spin_lock(&inode_lock);
	gone = i->users == 1;
	if (gone) {
		list_remove(&i->hash);
		list_remove(&i->dirty_list);
	}
	spin_unlock(&inode_lock);
	if (gone)
		inode_free(i);
	else
		inode_drop(i);
}

static void forget_unused(struct mount *m)
{
	struct inode *i;
	u32 b = 0;

	while ((i = inodes_next(m, &b, is_unused)) != 0) {
		if (!m->in_memory)
			inode_sync(i);
		leave(i);
	}
}

void inodes_forget(struct mount *m)
{
	forget_unused(m);
	while (inodes_in_use(m)) { /* for a moment */
		thread_sleep(tsc_now() + INODES_MOMENT);
		forget_unused(m);
	}
	inodes_settle_all();
}

u32 inodes_in_use(const struct mount *m)
{
	u32 count = 0;

	spin_lock(&inode_lock);
	for (u32 b = 0; b < INODE_BUCKETS; b++) {
		struct list *head = &inode_buckets[b];

		for (struct list *l = head->next; l != head; l = l->next) {
			struct inode *i = LIST_OF(l, struct inode, hash);

			count += i->mount == m && i->users;
		}
	}
	spin_unlock(&inode_lock);
	return count;
}

static int is_written(const struct inode *i)
{
	return i->writers || i->deleted;
}

int inodes_written(const struct mount *m)
{
	u32 b = 0;
	struct inode *i = inodes_next(m, &b, is_written);

	if (i)
		inode_drop(i);
	return i != 0;
}

