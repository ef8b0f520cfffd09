/* The cache of names: the table, and the entries that nobody uses. */
#include "kernel/vfs/entry.h"

#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/panic.h"

#define BUCKETS	    4096u
#define BUCKET_BITS 12
#define UNUSED_MOST 8192u

struct spinlock entry_lock = SPINLOCK("entries");
static struct list buckets[BUCKETS];
static struct list recent = { &recent, &recent };
static u32 recent_count;

void entries_init(void)
{
	for (u32 i = 0; i < BUCKETS; i++)
		list_init(&buckets[i]);
}

static u32 hash_in(const struct entry *parent, u32 hash)
{
	return (hash + ((u32)parent >> 4)) * 0x9E3779B1u;
}

static struct list *bucket(u32 hash_value)
{
	return &buckets[hash_value >> (32 - BUCKET_BITS)];
}

static u32 padded(u32 length)
{
	return (length + 4) & ~3u;
}

/* The bytes behind the last of the name are its NUL and padding. */
static void name_copy(char *to, const struct name *n)
{
	memory_fill(to + padded(n->length) - 4, 0, 4);
	memory_copy(to, n->text, n->length);
}

char *entry_name_copy(const struct name *n)
{
	char *name = heap_take_now(padded(n->length));

	if (name)
		name_copy(name, n);
	return name;
}

struct entry *entry_make(struct entry *parent, struct mount *m,
			 const struct name *n, struct inode *inode)
{
	struct entry *e =
		heap_take_now((u32)sizeof(*e) + 4 + padded(n->length));

	if (!e)
		return 0;
	e->name = (char *)(((u32)e->own + 3) & ~3u);
	name_copy(e->name, n);
	e->length = (u8)n->length;
	e->mount = m;
	e->inode = inode;
	e->users = 1;
	e->hash_value = hash_in(parent, n->hash);
	list_init(&e->hash);
	list_init(&e->recent);
	if (parent) {
		spin_lock(&entry_lock);
		entry_hold(parent);
		parent->children++;
		spin_unlock(&entry_lock);
	}
	e->parent = parent;
	return e;
}

static int same_name(const struct entry *e, const struct name *n)
{
	const path_word *a = (const path_word *)e->name;
	const path_word *b = (const path_word *)n->text;
	u32 left = n->length;

	for (; left >= 4; left -= 4)
		if (*a++ != *b++)
			return 0;
	return left == 0 || ((*a ^ *b) & ((1u << 8 * left) - 1)) == 0;
}

struct entry *entry_find(struct entry *parent, const struct name *n)
{
	u32 hash = hash_in(parent, n->hash);
	struct list *head = bucket(hash);

	for (struct list *l = head->next; l != head; l = l->next) {
		struct entry *e = LIST_OF(l, struct entry, hash);

		if (e->hash_value == hash && e->parent == parent &&
		    e->length == n->length && same_name(e, n))
			return e;
	}
	return 0;
}

void entry_hold(struct entry *e)
{
	if (e->users++ == 0 && !list_empty(&e->recent)) {
		list_remove(&e->recent);
		recent_count--;
	}
}

void entry_show(struct entry *e)
{
	list_add_last(bucket(e->hash_value), &e->hash);
}

void entry_hide(struct entry *e, u8 unlinked)
{
	assert(e->users);
	list_remove(&e->hash);
	e->unlinked |= unlinked;
}

/* e has no users and cannot be found: it goes, and is one less user of its
 * parent, which is returned. */
static struct entry *bury(struct entry *e, struct list *garbage)
{
	if (!list_empty(&e->recent)) {
		list_remove(&e->recent);
		recent_count--;
	}
	list_remove(&e->hash);
	list_add_last(garbage, &e->recent);
	if (e->parent)
		e->parent->children--;
	return e->parent;
}

/* Is it of use when nobody has it? Names that are asked for each time are
 * not. */
static int worth_keeping(const struct entry *e)
{
	return !list_empty(&e->hash) && !(e->parent->inode->flags & INODE_ASK_NAMES);
}

static void put(struct entry *e, struct list *garbage)
{
	while (e && --e->users == 0) {
		if (worth_keeping(e)) {
			list_add_last(&recent, &e->recent);
			recent_count++;
			return;
		}
		e = bury(e, garbage);
	}
}

void entry_put(struct entry *e, struct list *garbage)
{
	put(e, garbage);
	while (recent_count > UNUSED_MOST)
		put(bury(LIST_OF(recent.next, struct entry, recent), garbage),
		    garbage);
}

/* The name in the entry itself, not one that a move gave it? */
static int own_name(const struct entry *e)
{
	return e->name == (char *)(((u32)e->own + 3) & ~3u);
}

void garbage_free(struct list *garbage)
{
	while (!list_empty(garbage)) {
		struct entry *e = LIST_OF(garbage->next, struct entry, recent);

		list_remove(&e->recent);
		if (e->inode)
			inode_drop(e->inode);
		if (!own_name(e))
			heap_give(e->name);
		heap_give(e);
	}
}

void entry_drop(struct entry *e)
{
	struct list garbage = { &garbage, &garbage };

	spin_lock(&entry_lock);
	entry_put(e, &garbage);
	spin_unlock(&entry_lock);
	garbage_free(&garbage);
}

char *entry_move(struct entry *e, struct entry *parent, char *name,
		 const struct name *n, struct list *garbage)
{
	char *before = own_name(e) ? 0 : e->name;
	struct entry *left = e->parent;

	assert(e->users);
	list_remove(&e->hash);
	entry_hold(parent);
	parent->children++;
	left->children--;
	e->parent = parent;
	e->name = name;
	e->length = (u8)n->length;
	e->hash_value = hash_in(parent, n->hash);
	entry_show(e);
	entry_put(left, garbage);
	return before;
}

int entry_under(const struct entry *e, const struct entry *folder)
{
	while (e && e != folder)
		e = e->parent;
	return e != 0;
}

u32 entries_prune(const struct mount *m)
{
	struct list garbage = { &garbage, &garbage };
	u32 count = 0;

	spin_lock(&entry_lock);
	for (struct list *l = recent.next; l != &recent;) {
		struct entry *e = LIST_OF(l, struct entry, recent);
		struct list *before = l->prev;

		l = l->next;
		if (m && e->mount != m)
			continue;
		/* its parent may have become the last of the list */
		put(bury(e, &garbage), &garbage);
		l = before->next;
		count++;
	}
	spin_unlock(&entry_lock);
	garbage_free(&garbage);
	return count;
}

void entry_empty(struct entry *folder)
{
	struct list garbage = { &garbage, &garbage };

	spin_lock(&entry_lock);
	for (struct list *l = recent.prev; l != &recent && folder->children;) {
		struct entry *e = LIST_OF(l, struct entry, recent);

		l = l->prev;
		if (e->parent == folder)
			put(bury(e, &garbage), &garbage);
	}
	spin_unlock(&entry_lock);
	garbage_free(&garbage);
}

struct place entry_where(const struct entry *e, char *name)
{
	struct place folder;

	spin_lock(&entry_lock);
	folder.entry = e->parent;
	entry_hold(folder.entry);
	memory_copy(name, e->name, padded(e->length));
	spin_unlock(&entry_lock);
	return folder;
}

void place_hold(struct place p)
{
	if (!p.entry)
		return;
	spin_lock(&entry_lock);
	entry_hold(p.entry);
	spin_unlock(&entry_lock);
}

void place_drop(struct place p)
{
	if (p.entry)
		entry_drop(p.entry);
}
