/* Stores: each function of gate `filesystem`, with its repetitions. */
#include "kernel/vfs/store.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/space/contents.h"
#include "kernel/vfs/inode_table.h"
#include "kernel/volume/volume.h"

static struct list stores = { &stores, &stores };
static struct mutex stores_lock = MUTEX(stores_lock, "stores");
static struct lock_class changing_class = { .name = "changing" };

/*
 * Ask until somebody answers, or nobody will; of a volume's domain, until it
 * has all blocks that it needs.
 */
#define ASK_AS(store, changes, call) \
	({ \
		i32 answer_; \
		do { \
			if ((store)->volume) \
				volume_begin((store)->volume, changes); \
			answer_ = (call); \
		} while (asked_again(store, &answer_)); \
		errno_of(answer_); \
	})
#define ASK(store, call)    ASK_AS(store, 0, call)
#define CHANGE(store, call) ASK_AS(store, 1, call)

/* The same, as long as it answers that it did a part. */
#define CHANGE_ALL(store, call) \
	({ \
		i32 part_; \
		do \
			part_ = CHANGE(store, call); \
		while (part_ > 0); \
		part_; \
	})

static int asked_again(struct store *s, i32 *answer)
{
	if (s->volume && volume_end(s->volume, answer))
		return 1;
	return *answer == -E_GONE && import_revive(&s->file_system) == 0;
}

static struct store *store_find(const char *domain)
{
	for (struct list *l = stores.next; l != &stores; l = l->next) {
		struct store *s = LIST_OF(l, struct store, list);

		if (text_equal(s->domain, domain))
			return s;
	}
	return 0;
}

static i32 store_new(const char *domain, struct store **out)
{
	struct store *s = heap_take_now(sizeof(*s));

	if (!s)
		return -ENOMEM;
	if (text_length(domain) >= sizeof(s->domain) ||
	    import_bind(&s->file_system, "filesystem", domain) < 0) {
		heap_give(s);
		return -ENODEV;
	}
	text_copy(s->domain, sizeof(s->domain), domain);
	mutex_init(&s->changing, &changing_class);
	list_add_last(&stores, &s->list);
	*out = s;
	return 0;
}

i32 store_open_disk(const char *kind, struct disk *disk, u32 flags,
		    struct store **out)
{
	struct volume *v;
	i32 error = volume_open(disk, kind, flags, &v);

	if (error < 0)
		return error;
	error = store_new(volume_domain(v), out);
	if (error < 0) {
		volume_close(v);
		return error;
	}
	(*out)->volume = v;
	(*out)->users = 1;
	return 0;
}

i32 store_open(const char *domain, struct store **out)
{
	i32 error = 0;

	mutex_lock(&stores_lock);
	*out = store_find(domain);
	if (!*out)
		error = store_new(domain, out);
	if (!error)
		(*out)->users++;
	mutex_unlock(&stores_lock);
	return error;
}

/* A store without a volume stays when its last mount goes: its numbers must go
 * on, and what it deletes late must find it. There are as many as domains. */
void store_close(struct store *s)
{
	mutex_lock(&stores_lock);
	s->users--;
	if (s->volume)
		list_remove(&s->list);
	mutex_unlock(&stores_lock);
	if (!s->volume)
		return;
	import_unbind(&s->file_system);
	volume_close(s->volume);
	heap_give(s);
}

i32 store_mount(struct store *s, const char *options)
{
	return ASK(s, down_filesystem_mount(&s->file_system, options,
					    text_length(options)));
}

i32 store_lookup(struct inode *dir, const char *name, u32 size,
		 struct filesystem_attributes *found)
{
	struct store *s = dir->mount->store;

	return ASK(s, down_filesystem_lookup(&s->file_system, dir->number, name,
					     size, found));
}

i32 store_attributes(struct mount *m, u32 number,
		     struct filesystem_attributes *found)
{
	struct store *s = m->store;

	return ASK(s,
		   down_filesystem_attributes(&s->file_system, number, found));
}

i32 store_readlink(struct inode *i, char *target, u32 room)
{
	struct store *s = i->mount->store;

	return ASK(s, down_filesystem_readlink(&s->file_system, i->number,
					       target, room));
}

i32 store_space(struct mount *m, struct filesystem_space *found)
{
	struct store *s = m->store;

	return ASK(s, down_filesystem_space(&s->file_system, found));
}

i32 store_entries(struct inode *dir, u32 at, u8 *list, u32 room)
{
	struct store *s = dir->mount->store;

	return ASK(s, down_filesystem_entries(&s->file_system, dir->number, at,
					      list, room));
}

i32 store_read(struct inode *i, u32 at, void *lent, u32 size)
{
	struct store *s = i->mount->store;

	return ASK(s, down_filesystem_read(&s->file_system, i->number, at, lent,
					   size));
}

i32 store_write(struct inode *i, u32 at, const void *lent, u32 size)
{
	struct store *s = i->mount->store;

	return ASK(s, down_filesystem_write(&s->file_system, i->number, at,
					    lent, size));
}

/* Of a file system that has no symbolic links, or no second names. */
static i32 no_such_kind(i32 r)
{
	return r == -ENOTDIR ? -EPERM : r;
}

i32 store_make(struct inode *dir, struct store_owner owner, const char *text,
	       u32 size, struct filesystem_attributes *made)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	i32 r = CHANGE(s, down_filesystem_make(&s->file_system, op, dir->number,
					       owner.mode, owner.uid, owner.gid,
					       text, size, made));

	return no_such_kind(r);
}

i32 store_link(struct inode *dir, struct inode *i, const char *name, u32 size)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	i32 r = CHANGE(s, down_filesystem_link(&s->file_system, op, dir->number,
					       i->number, name, size));

	return no_such_kind(r);
}

i32 store_unlink(struct inode *dir, u32 folder, const char *name, u32 size)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	return CHANGE(s,
		      down_filesystem_unlink(&s->file_system, op, dir->number,
					     folder, name, size));
}

/* Its number changes with the name before any other operation begins. */
static i32 renumbered(i32 r, u32 how, struct inode *moved,
		      struct inode *replaced)
{
	if (r > 0 && moved->flags & INODE_SIMPLE)
		inode_renumber(moved, (u32)r, how == 2 ? replaced : 0);
	return r;
}

i32 store_rename(struct inode *dir, struct inode *to, u32 how,
		 const char *names, u32 size, struct inode *moved,
		 struct inode *replaced)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	return CHANGE(s, renumbered(down_filesystem_rename(
					    &s->file_system, op, dir->number,
					    to->number, how, names, size),
				    how, moved, replaced));
}

i32 store_change(struct inode *i, u32 which,
		 const struct filesystem_attributes *wanted)
{
	struct store *s = i->mount->store;
	u32 op = ++s->operation;

	return CHANGE_ALL(s, down_filesystem_change(&s->file_system, op,
						    i->number, which, wanted));
}

i32 store_forget(struct store *s, u32 number)
{
	u32 op = ++s->operation;

	return CHANGE_ALL(s,
			  down_filesystem_forget(&s->file_system, op, number));
}

/* Of what a domain answered: runs in order, within what was asked for, on the
 * volume. How many, or -EIO. */
static i32 runs_check(struct store *s, i32 bytes, u32 at, u32 count,
		      const struct filesystem_run *runs)
{
	u32 n = (u32)bytes / sizeof(*runs), end = at + count, sectors;

	if (bytes < 0)
		return bytes;
	if (!s->volume || (u32)bytes % sizeof(*runs) || !n)
		return -EIO;
	sectors = volume_disk(s->volume)->sectors /
		  volume_block_sectors(s->volume);
	for (u32 i = 0; i < n; i++) {
		const struct filesystem_run *r = &runs[i];

		if (r->at != at || !r->count || r->count > end - at)
			return -EIO;
		if (r->block != RUN_HOLE &&
		    (r->block >= sectors || r->count > sectors - r->block))
			return -EIO;
		at += r->count;
	}
	return (i32)n;
}

i32 store_map(struct inode *i, u32 at, u32 count, struct filesystem_run *runs,
	      u32 room)
{
	struct store *s = i->mount->store;
	u32 size = room * sizeof(*runs);
	i32 r = ASK(s, down_filesystem_map(&s->file_system, i->number, at,
					   count, (u8 *)runs, size));

	return runs_check(s, r, at, count, runs);
}

/* Before others can know of these blocks, and commit that the inode has them,
 * the pages that they are for count as newer. `answer` is the domain's. */
static i32 allocated(struct inode *i, u32 at, u32 most,
		     const struct filesystem_run *runs, u32 room, i32 answer)
{
	u32 size = volume_block_sectors(inode_volume(i)) * SECTOR, count = 0;

	for (u32 n = 0; n < room && (i32)(n * sizeof(*runs)) < answer; n++)
		count += min(runs[n].count, most - count);
	if (count)
		cache_allocated(i, (u64)at * size, (u64)(at + count) * size);
	return answer;
}

i32 store_allocate(struct inode *i, u32 at, u32 count, u64 size,
		   struct filesystem_run *runs, u32 room)
{
	struct store *s = i->mount->store;
	u32 low = (u32)size, high = (u32)(size >> 32);
	u32 bytes = room * sizeof(*runs);
	i32 r = CHANGE(s,
		       allocated(i, at, count, runs, room,
				 down_filesystem_allocate(
					 &s->file_system, i->number, at, count,
					 low, high, (u8 *)runs, bytes)));

	return runs_check(s, r, at, count, runs);
}

/* That the volume is in use stands on the disk before anything else changes;
 * that it is not, after everything else. */
i32 store_writing(struct store *s, u32 on)
{
	i32 r = 0;

	if (s->volume && !on)
		r = volume_settle(s->volume);
	if (r == 0)
		r = CHANGE(s, down_filesystem_writing(&s->file_system, on));
	if (r >= 0 && s->volume && volume_sync(s->volume) < 0)
		r = -EIO;
	while (r > 0)
		r = CHANGE(s, down_filesystem_writing(&s->file_system, on));
	return r;
}
