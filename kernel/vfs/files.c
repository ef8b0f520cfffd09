/*
 * Tables of open files. A process that has its table to itself and one task
 * looks in it without a lock: nobody else can change it. Everybody else, and
 * every change, takes the table's lock.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/vfs/kinds.h"

#define ROOM_FIRST 48u

static struct lock_class files_class = { .name = "files" };

/* Arrays for `room` descriptors, one block: pointers, then flags. */
static struct file **arrays_make(u32 room)
{
	return heap_take_now(room * (sizeof(struct file *) + 1));
}

static void arrays_set(struct files *t, struct file **arrays, u32 room)
{
	t->files = arrays;
	t->flags = (u8 *)(arrays + room);
	t->room = room;
}

static struct files *files_make_for(u32 room)
{
	struct files *t = heap_take_now(sizeof(*t));
	struct file **arrays = arrays_make(room);

	if (!t || !arrays) {
		heap_give(t);
		heap_give(arrays);
		return 0;
	}
	t->users = 1;
	t->lock.class = &files_class;
	arrays_set(t, arrays, room);
	return t;
}

struct files *files_make(void)
{
	return files_make_for(ROOM_FIRST);
}

/* Under t's lock, where the copy is large enough. */
static int files_fill(struct files *copy, struct files *t)
{
	if (t->end > copy->room)
		return 0;
	for (u32 d = 0; d < t->end; d++)
		if (t->files[d]) {
			file_hold(t->files[d]);
			copy->files[d] = t->files[d];
			copy->flags[d] = t->flags[d];
		}
	copy->next = t->next;
	copy->end = t->end;
	return 1;
}

struct files *files_copy(struct files *t)
{
	u32 room = max(ROOM_FIRST, t->end);

	for (;;) {
		struct files *copy = files_make_for(room);

		if (!copy)
			return 0;
		spin_lock(&t->lock);
		int done = files_fill(copy, t);
		room = t->room;
		spin_unlock(&t->lock);
		if (done)
			return copy;
		heap_give(copy->files);
		heap_give(copy);
	}
}

void files_hold(struct files *t)
{
	__atomic_add_fetch(&t->users, 1, __ATOMIC_RELAXED);
}

/* A descriptor of f is gone from t; its count is given up with it. */
static void descriptor_end(struct files *t, struct file *f)
{
	if (!list_empty(&f->inode->locks))
		lock_closed(f, t);
	if (f->kind->closed)
		f->kind->closed(f, t);
	file_drop(f);
}

void files_drop(struct files *t)
{
	if (__atomic_sub_fetch(&t->users, 1, __ATOMIC_ACQ_REL))
		return;
	for (u32 d = 0; d < t->end; d++)
		if (t->files[d])
			descriptor_end(t, t->files[d]);
	heap_give(t->files);
	heap_give(t);
}

/* Take a descriptor's file out: NULL if there is none. Lock held. */
static struct file *take_out(struct files *t, u32 d)
{
	struct file *f;

	if (d >= t->end || !t->files[d])
		return 0;
	f = t->files[d];
	t->files[d] = 0;
	t->next = min(t->next, d);
	while (t->end && !t->files[t->end - 1])
		t->end--;
	return f;
}

static void put_in(struct files *t, u32 d, struct file *f, u32 flags)
{
	t->files[d] = f;
	t->flags[d] = (u8)flags;
	t->end = max(t->end, d + 1);
}

void files_exec(struct files *t)
{
	for (u32 d = 0; d < t->end; d++) {
		struct file *f = 0;

		spin_lock(&t->lock);
		if (d < t->end && (t->flags[d] & FILE_CLOSE_ON_EXEC))
			f = take_out(t, d);
		spin_unlock(&t->lock);
		if (f)
			descriptor_end(t, f);
	}
}

struct file *files_peek(struct files *t, u32 d)
{
	struct file *f = 0;

	spin_lock(&t->lock);
	if (d < t->end)
		f = t->files[d];
	if (f)
		file_hold(f);
	spin_unlock(&t->lock);
	return f;
}

struct file *file_get_any(u32 d)
{
	struct process *p = process_current();
	struct files *t = p->files;
	struct file *f;

	if (t->users != 1 || p->task_count != 1)
		return files_peek(t, d);
	f = d < t->end ? t->files[d] : 0;
	if (f)
		file_hold(f);
	return f;
}

struct file *file_get(u32 d)
{
	struct file *f = file_get_any(d);

	if (f && f->flags & O_PATH) {
		file_drop(f);
		return 0;
	}
	return f;
}

static u32 descriptors_most(void)
{
	return min(process_current()->limits[LIMIT_NOFILE].soft, FILES_MOST);
}

/* Room for descriptor d: 0 or -ENOMEM. No lock is held. */
static i32 files_grow(struct files *t, u32 d)
{
	u32 room = t->room;

	while (room <= d)
		room *= 2;
	struct file **old, **arrays = arrays_make(room);
	if (!arrays)
		return -ENOMEM;
	spin_lock(&t->lock);
	old = arrays;
	if (room > t->room) {
		u8 *flags = t->flags;
		u32 end = t->end;

		old = t->files;
		memory_copy(arrays, old, end * sizeof(*old));
		arrays_set(t, arrays, room);
		memory_copy(t->flags, flags, end);
	}
	spin_unlock(&t->lock);
	heap_give(old);
	return 0;
}

i32 files_add(struct files *t, struct file *f, u32 least, u32 flags)
{
	u32 most = descriptors_most();

	for (;;) {
		spin_lock(&t->lock);
		u32 d = max(least, t->next);
		while (d < t->end && t->files[d])
			d++;
		int fits = d < t->room && d < most;
		if (fits) {
			put_in(t, d, f, flags);
			if (least <= t->next)
				t->next = d + 1;
		}
		spin_unlock(&t->lock);
		if (fits)
			return (i32)d;
		if (d >= most)
			return -EMFILE;
		if (files_grow(t, d) < 0)
			return -ENOMEM;
	}
}

i32 files_install(struct file *f, u32 flags)
{
	i32 d = files_add(process_current()->files, f, 0,
			  flags & O_CLOEXEC ? FILE_CLOSE_ON_EXEC : 0);

	if (d < 0)
		file_drop(f);
	return d;
}

i32 files_put(struct files *t, struct file *f, u32 d, u32 flags)
{
	struct file *old = 0;

	if (d >= descriptors_most())
		return -EBADF;
	if (d >= t->room && files_grow(t, d) < 0)
		return -ENOMEM;
	spin_lock(&t->lock);
	if (d < t->end)
		old = t->files[d];
	put_in(t, d, f, flags);
	spin_unlock(&t->lock);
	if (old)
		descriptor_end(t, old);
	return (i32)d;
}

i32 files_close(struct files *t, u32 d)
{
	struct file *f;

	spin_lock(&t->lock);
	f = take_out(t, d);
	spin_unlock(&t->lock);
	if (!f)
		return -EBADF;
	descriptor_end(t, f);
	return 0;
}

i32 files_flags(struct files *t, u32 d)
{
	i32 flags = -EBADF;

	spin_lock(&t->lock);
	if (d < t->end && t->files[d])
		flags = t->flags[d];
	spin_unlock(&t->lock);
	return flags;
}

i32 files_mark(struct files *t, u32 d, u32 flags)
{
	i32 r = -EBADF;

	spin_lock(&t->lock);
	if (d < t->end && t->files[d]) {
		t->flags[d] = (u8)flags;
		r = 0;
	}
	spin_unlock(&t->lock);
	return r;
}
