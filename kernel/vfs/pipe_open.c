/*
 * Where pipes come from: pipe and pipe2, and opening a FIFO, where each side
 * waits for the other. And their size.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"
#include "kernel/vfs/pipe.h"

#define SIZE_MOST 0x100000u /* /proc/sys/fs/pipe-max-size */

static struct lock_class pipe_class = { .name = "pipe" };

static struct pipe *pipe_make(void)
{
	struct pipe *p = heap_take_now(sizeof(*p));

	if (!p)
		return 0;
	mutex_init(&p->lock, &pipe_class);
	p->size = PIPE_PAGES * PAGE;
	p->pages = p->own_pages;
	wait_queue_init(&p->readers_asleep);
	wait_queue_init(&p->writers_asleep);
	wait_queue_init(&p->opening);
	notifier_init(&p->notifier);
	return p;
}

struct pipe *pipe_take(struct inode *i)
{
	mutex_lock(&i->lock);
	struct pipe *p = i->special;
	if (!p)
		p = i->special = pipe_make();
	if (p)
		p->users++;
	mutex_unlock(&i->lock);
	return p;
}

/* f is one end, or both, of p from now on. Scheduler's lock held. */
static void end_opened(struct file *f, struct pipe *p)
{
	f->data = p;
	f->kind = &pipe_kind;
	f->number = p->writers_ever;
	if (file_reads(f)) {
		p->readers++;
		p->readers_ever++;
	}
	if (file_writes(f)) {
		p->writers++;
		p->writers_ever++;
	}
	wake_all(&p->opening);
}

/* Wait until *ever has moved: somebody opened the other end. */
static i32 wait_end(struct pipe *p, const u32 *now, const u32 *ever)
{
	u32 before = *ever;

	while (!*now && *ever == before)
		if (wait_for_signal(&p->opening, WAIT_FOREVER) == WAIT_SIGNAL &&
		    !*now && *ever == before)
			return -ERESTARTSYS;
	return 0;
}

i32 pipe_open_fifo(struct file *f)
{
	struct pipe *p;
	i32 r = 0;

	if (!file_reads(f) && !file_writes(f))
		return -EINVAL;
	p = pipe_take(f->inode);
	if (!p)
		return -ENOMEM;
	scheduler_lock();
	if (!file_reads(f) && !p->readers && f->flags & O_NONBLOCK) {
		scheduler_unlock();
		pipe_drop(f->inode, p);
		return -ENXIO;
	}
	end_opened(f, p);
	if (!(f->flags & O_NONBLOCK)) {
		/* a pipe without a name had both ends from the beginning */
		if (!f->inode->mount)
			r = 0;
		else if (!file_writes(f))
			r = wait_end(p, &p->writers, &p->writers_ever);
		else if (!file_reads(f))
			r = wait_end(p, &p->readers, &p->readers_ever);
		f->number = p->writers_ever - 1;
	}
	scheduler_unlock();
	return r;
}

/* One end of i's pipe. NULL without memory. */
static struct file *end_make(struct inode *i, u32 flags)
{
	struct file *f;

	inode_hold(i);
	f = file_make(&bare_kind, i, flags);
	if (!f) {
		inode_drop(i);
		return 0;
	}
	struct pipe *p = pipe_take(i);
	if (!p) {
		file_drop(f);
		return 0;
	}
	scheduler_lock();
	end_opened(f, p);
	f->number = p->writers_ever - 1;
	scheduler_unlock();
	return f;
}

/* Both ends of a new pipe, counted for the caller. 0 or -errno. */
static i32 pipe_files(u32 flags, struct file *ends[2])
{
	struct inode *i = inode_anonymous(MODE_FIFO | 0600);

	if (!i)
		return -ENFILE;
	ends[0] = end_make(i, O_RDONLY | flags);
	ends[1] = ends[0] ? end_make(i, O_WRONLY | flags) : 0;
	inode_drop(i);
	if (ends[1])
		return 0;
	if (ends[0])
		file_drop(ends[0]);
	return -ENFILE;
}

static i32 pipe_descriptors(struct file *ends[2], u32 user, u32 flags)
{
	struct files *t = process_current()->files;
	i32 d[2], r;

	d[0] = files_add(t, ends[0], 0, flags);
	if (d[0] < 0) {
		file_drop(ends[0]);
		file_drop(ends[1]);
		return d[0];
	}
	d[1] = files_add(t, ends[1], 0, flags);
	if (d[1] < 0) {
		file_drop(ends[1]);
		files_close(t, (u32)d[0]);
		return d[1];
	}
	r = user_write(user, d, sizeof(d));
	if (r < 0) {
		files_close(t, (u32)d[0]);
		files_close(t, (u32)d[1]);
	}
	return r;
}

i32 call_pipe2(u32 user, u32 flags);
i32 call_pipe2(u32 user, u32 flags)
{
	struct file *ends[2];
	i32 r;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	r = pipe_files(flags & O_NONBLOCK, ends);
	if (r < 0)
		return r;
	return pipe_descriptors(ends, user,
				flags & O_CLOEXEC ? FILE_CLOSE_ON_EXEC : 0);
}

i32 call_pipe(u32 user);
i32 call_pipe(u32 user)
{
	return call_pipe2(user, 0);
}

/* A page that holds the ring's first bytes and, wrapped around, its last: the
 * last get one of their own. Locked. 0 or -ENOMEM. */
static i32 page_part(struct pipe *p, u8 **after)
{
	struct physical frame = frame_take_user(0);

	if (!frame_ok(frame))
		return -ENOMEM;
	*after = direct(frame);
	memory_copy(*after, p->pages[p->start / PAGE], p->start % PAGE);
	return 0;
}

/* Move what is in the ring to the front of a new table of pages. Locked. */
static i32 pages_move(struct pipe *p, u8 **pages, u32 size)
{
	u32 first = p->start / PAGE, count = p->size / PAGE;

	if (p->start % PAGE + p->used > size)
		return -EBUSY;
	if (p->start % PAGE + p->used > p->size &&
	    page_part(p, &pages[count]) < 0)
		return -ENOMEM;
	for (u32 i = 0; i < count; i++) {
		u8 *page = p->pages[(first + i) % count];

		if (i < size / PAGE)
			pages[i] = page;
		else if (page)
			frame_drop(direct_physical(page));
	}
	if (p->pages != p->own_pages)
		heap_give(p->pages);
	p->pages = pages;
	p->start %= PAGE;
	p->size = size;
	return (i32)size;
}

i32 pipe_resize(struct file *f, u32 size)
{
	struct pipe *p = f->data;
	u32 whole = PAGE;
	u8 **pages;
	i32 r;

	if (f->kind != &pipe_kind)
		return -EBADF;
	if (size > SIZE_MOST)
		return process_privileged() ? -ENOMEM : -EPERM;
	while (whole < size)
		whole *= 2;
	pages = heap_take_now(whole / PAGE * sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	mutex_lock(&p->lock);
	r = pages_move(p, pages, whole);
	mutex_unlock(&p->lock);
	if (r < 0)
		heap_give(pages);
	scheduler_lock();
	wake_all(&p->writers_asleep);
	notifier_wake_locked(&p->notifier, READY_OUT);
	scheduler_unlock();
	return r;
}

i32 pipe_size(struct file *f)
{
	struct pipe *p = f->data;

	return f->kind == &pipe_kind ? (i32)p->size : -EBADF;
}
