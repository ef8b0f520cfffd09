/*
 * Directories read as files: the entries that a store lists, as getdents and
 * getdents64 want them, with `.` and `..` in front. Position 0 is `.`, 1 is
 * `..`; from 2 on it is the store's position + 2.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/checked.h"
#include "kernel/vfs/entry.h"
#include "kernel/vfs/kinds.h"
#include "kernel/vfs/store.h"

#define BATCH 2048u /* bytes of a store's list at a time */
#define DOTS  2u

/* Both forms, for a name of up to 255 bytes. */
struct record64 {
	u64 inode, next;
	u16 size;
	u8 type;
	char name[256 + 5];
} __attribute__((packed));

struct record32 {
	u32 inode, next;
	u16 size;
	char name[256 + 6]; /* the type is the record's last byte */
} __attribute__((packed));

struct reading {
	struct file *file;
	u32 to, room, done; /* the user's buffer */
	u8 wide; /* getdents64 */
	u8 *batch;
};

static i32 folder_read(struct file *f, struct transfer *t, u64 *at)
{
	(void)f;
	(void)t;
	(void)at;
	return -EISDIR;
}

static i32 folder_entries(struct file *f, u8 *list, u32 room)
{
	return store_entries(f->inode, (u32)f->at - DOTS, list, room);
}

static u32 record64_make(struct record64 *r, const struct listed *l, u32 next)
{
	u32 size = (19u + l->length + 1 + 7) & ~7u;

	memory_fill((u8 *)r + size - 8, 0, 8);
	r->inode = l->inode;
	r->next = next;
	r->size = (u16)size;
	r->type = l->type;
	memory_copy(r->name, l->name, l->length);
	r->name[l->length] = 0;
	return size;
}

static u32 record32_make(struct record32 *r, const struct listed *l, u32 next)
{
	u32 size = (10u + l->length + 2 + 3) & ~3u;

	memory_fill((u8 *)r + size - 4, 0, 4);
	r->inode = l->inode;
	r->next = next;
	r->size = (u16)size;
	memory_copy(r->name, l->name, l->length);
	r->name[l->length] = 0;
	((u8 *)r)[size - 1] = l->type;
	return size;
}

/* One entry to the user; 1, 0 if there is no room for it (-EINVAL if none was
 * there from the beginning), or -EFAULT. */
static i32 entry_out(struct reading *r, const struct listed *l, u32 next)
{
	union {
		struct record64 wide;
		struct record32 old;
	} record;
	u32 size = r->wide ? record64_make(&record.wide, l, next) :
			     record32_make(&record.old, l, next);

	if (size > r->room - r->done)
		return r->done ? 0 : -EINVAL;
	if (user_write(r->to + r->done, &record, size) < 0)
		return -EFAULT;
	r->done += size;
	r->file->at = next;
	return 1;
}

/* The inode that `..` is: another one after a rename. */
static u32 parent_number(const struct file *f)
{
	u32 number;

	spin_lock(&entry_lock);
	const struct entry *parent = f->place.entry->parent;
	number = parent ? parent->inode->number : f->inode->number;
	spin_unlock(&entry_lock);
	return number;
}

static i32 dots_out(struct reading *r)
{
	struct {
		struct listed l;
		char name[2];
	} e = { .l = { .type = MODE_FOLDER >> 12 }, .name = "." };
	i32 more = 1;

	while (more > 0 && r->file->at < DOTS) {
		e.l.inode = r->file->inode->number;
		e.l.length = 1;
		if (r->file->at == 1) {
			e.l.length = 2;
			e.name[1] = '.';
			e.l.inode = parent_number(r->file);
		}
		more = entry_out(r, &e.l, (u32)r->file->at + 1);
	}
	return more;
}

/* One batch of the store's; 1: perhaps there are more. */
static i32 batch_out(struct reading *r)
{
	i32 size = r->file->kind->entries(r->file, r->batch, BATCH);
	i32 more = min(size, (i32)BATCH);

	for (u32 at = 0, end = (u32)more; more > 0 && at < end;) {
		struct listed *l = (struct listed *)(r->batch + at);

		more = listed_check(l, end - at);
		at += (u32)max(more, 0);
		if (more > 0)
			more = entry_out(r, l, l->next + DOTS);
	}
	return more;
}

static i32 folder_list(struct reading *r)
{
	i32 more;

	if (r->file->inode->deleted)
		return -ENOENT;
	more = dots_out(r);
	while (more > 0)
		more = batch_out(r);
	inode_touch(r->file->inode, CHANGE_ACCESSED);
	if (r->done)
		return (i32)r->done;
	return more;
}

static i32 folder_read_entries(u32 descriptor, u32 to, u32 room, u8 wide)
{
	struct reading r = { .to = to, .room = room, .wide = wide };
	i32 n = -ENOTDIR;

	r.file = file_get(descriptor);
	if (!r.file)
		return -EBADF;
	if (r.file->kind->entries) {
		r.batch = heap_take_now(BATCH);
		n = -ENOMEM;
	}
	if (r.batch) {
		mutex_lock(&r.file->lock);
		n = folder_list(&r);
		mutex_unlock(&r.file->lock);
		heap_give(r.batch);
	}
	file_drop(r.file);
	return n;
}

i32 call_getdents64(u32 descriptor, u32 to, u32 room);
i32 call_getdents64(u32 descriptor, u32 to, u32 room)
{
	return folder_read_entries(descriptor, to, room, 1);
}

i32 call_getdents(u32 descriptor, u32 to, u32 room);
i32 call_getdents(u32 descriptor, u32 to, u32 room)
{
	return folder_read_entries(descriptor, to, room, 0);
}

const struct file_kind folder_kind = {
	.name = "folder",
	.read = folder_read,
	.seek = file_seek,
	.entries = folder_entries,
};
