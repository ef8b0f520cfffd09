/* Stores: each function of gate `filesystem`, with its repetitions. */
#include "kernel/vfs/store.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"

static struct list stores = { &stores, &stores };
static struct mutex stores_lock = MUTEX(stores_lock, "stores");
static struct lock_class changing_class = { .name = "changing" };

/* Until somebody answers, or nobody will. */
#define ASK(store, call) \
	({ \
		i32 answer_; \
		do \
			answer_ = (call); \
		while (answer_ == -E_GONE && \
		       import_revive(&(store)->file_system) == 0); \
		errno_of(answer_); \
	})

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

/* A store stays when its last mount goes: its numbers must go on, and what it
 * deletes late must find it. There are as many as file system domains. */
void store_close(struct store *s)
{
	mutex_lock(&stores_lock);
	s->users--;
	mutex_unlock(&stores_lock);
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

i32 store_make(struct inode *dir, struct store_owner owner, const char *text,
	       u32 size, struct filesystem_attributes *made)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	return ASK(s, down_filesystem_make(&s->file_system, op, dir->number,
					   owner.mode, owner.uid, owner.gid,
					   text, size, made));
}

i32 store_link(struct inode *dir, struct inode *i, const char *name, u32 size)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	return ASK(s, down_filesystem_link(&s->file_system, op, dir->number,
					   i->number, name, size));
}

i32 store_unlink(struct inode *dir, u32 folder, const char *name, u32 size)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	return ASK(s, down_filesystem_unlink(&s->file_system, op, dir->number,
					     folder, name, size));
}

i32 store_rename(struct inode *dir, struct inode *to, u32 how,
		 const char *names, u32 size)
{
	struct store *s = dir->mount->store;
	u32 op = ++s->operation;

	return ASK(s, down_filesystem_rename(&s->file_system, op, dir->number,
					     to->number, how, names, size));
}

i32 store_change(struct inode *i, u32 which,
		 const struct filesystem_attributes *wanted)
{
	struct store *s = i->mount->store;
	u32 op = ++s->operation;

	return ASK(s, down_filesystem_change(&s->file_system, op, i->number,
					     which, wanted));
}

i32 store_forget(struct store *s, u32 number)
{
	u32 op = ++s->operation;

	return ASK(s, down_filesystem_forget(&s->file_system, op, number));
}
