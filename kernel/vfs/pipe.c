/*
 * Pipes: a ring of pages between those who write and those who read. The
 * pipe's mutex is held while bytes move; `used` is one word, so that a look
 * whether there is anything to do needs no lock. A pipe that runs empty starts
 * again at its first page, which stays in the CPU's cache.
 */
#include "kernel/vfs/pipe.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"

#define ATOMIC PAGE /* PIPE_BUF: what is written in one piece */

#define FIONREAD 0x541Bu

/*
 * Who sleeps says so before its last look; who has moved bytes looks for that
 * after. Both are full barriers: one of them sees the other.
 */
static inline void barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline u32 room_of(const struct pipe *p)
{
	return p->size - p->used;
}

/* Wake one of those who wait in q, if `flag` says that somebody may. */
static void wake_next(struct wait_queue *q, u32 *flag)
{
	wake_one(q);
	*flag = !list_empty(&q->threads);
}

/*
 * After bytes have moved: one sleeper that can go on is woken, and wakes the
 * next in its turn. Watches hear of new bytes, and of room where was none.
 */
static void tell(struct pipe *p, u32 events)
{
	barrier();
	int bytes = p->want_bytes && p->used;
	int room = p->want_room && room_of(p) >= ATOMIC;
	int watched = events && !list_empty(&p->notifier.watches);

	if (!bytes && !room && !watched)
		return;
	scheduler_lock();
	if (bytes)
		wake_next(&p->readers_asleep, &p->want_bytes);
	if (room)
		wake_next(&p->writers_asleep, &p->want_room);
	if (watched)
		notifier_wake_locked(&p->notifier, events);
	scheduler_unlock();
}

/* Everything that fits from the ring to t: bytes, or -EFAULT. Locked. */
static i32 take(struct pipe *p, struct transfer *t)
{
	u32 start = p->start, used = p->used;
	i32 error = 0;

	while (t->left && used && !error) {
		u32 offset = start % PAGE;
		u32 n = min(min(t->left, used), PAGE - offset);
		u32 before = t->done;

		error = transfer_out(t, p->pages[start / PAGE] + offset, n);
		n = t->done - before;
		start = start + n == p->size ? 0 : start + n;
		used -= n;
	}
	p->start = used ? start : 0;
	p->used = used;
	return t->done ? (i32)t->done : error;
}

static i32 page_add(struct pipe *p, u32 index)
{
	struct physical frame = frame_take_user(0);

	if (!frame_ok(frame))
		return -ENOMEM;
	p->pages[index] = direct(frame);
	return 0;
}

/* As much of t as fits: 0 or what went wrong on the way. Locked. */
static i32 put(struct pipe *p, struct transfer *t)
{
	u32 used = p->used, end = p->start + used;
	i32 error = 0;

	if (end >= p->size)
		end -= p->size;
	while (t->left && used < p->size && !error) {
		u32 offset = end % PAGE, index = end / PAGE;
		u32 n = min(min(t->left, p->size - used), PAGE - offset);
		u32 before = t->done;

		if (!p->pages[index])
			error = page_add(p, index);
		if (!error)
			error = transfer_in(t, p->pages[index] + offset, n);
		n = t->done - before;
		end = end + n == p->size ? 0 : end + n;
		used += n;
	}
	p->used = used;
	return error;
}

/* Until there are bytes: 1, 0 at the end of file, or -errno. */
static i32 wait_bytes(struct file *f, struct pipe *p)
{
	i32 r = 1;

	scheduler_lock();
	for (;;) {
		p->want_bytes = 1;
		barrier();
		if (p->used)
			break;
		r = !p->writers ? 0 : f->flags & O_NONBLOCK ? -EAGAIN : r;
		if (r <= 0)
			break;
		if (wait_for_signal(&p->readers_asleep, WAIT_FOREVER) ==
		    WAIT_SIGNAL)
			r = -ERESTARTSYS;
	}
	p->want_bytes = !list_empty(&p->readers_asleep.threads);
	scheduler_unlock();
	return p->used ? 1 : r;
}

/* Until `need` bytes fit, or nobody reads any more: 0, or -errno. */
static i32 wait_room(struct file *f, struct pipe *p, u32 need)
{
	enum wait_result result = WAIT_WOKEN;
	i32 r = 0;

	scheduler_lock();
	for (;;) {
		p->want_room = 1;
		barrier();
		if (room_of(p) >= need || !p->readers)
			break;
		r = f->flags & O_NONBLOCK ? -EAGAIN :
		    result == WAIT_SIGNAL ? -ERESTARTSYS :
					    0;
		if (r < 0)
			break;
		result = wait_for_signal(&p->writers_asleep, WAIT_FOREVER);
	}
	p->want_room = !list_empty(&p->writers_asleep.threads);
	scheduler_unlock();
	return r;
}

static i32 pipe_read(struct file *f, struct transfer *t, u64 *at)
{
	struct pipe *p = f->data;
	u32 before;
	i32 n = 0;

	(void)at;
	if (!t->left)
		return 0;
	while (!n) {
		if (!p->used) {
			n = wait_bytes(f, p);
			if (n <= 0)
				return n;
		}
		mutex_lock(&p->lock);
		before = room_of(p);
		n = take(p, t);
		mutex_unlock(&p->lock);
		tell(p,
		     before < ATOMIC && room_of(p) >= ATOMIC ? READY_OUT : 0);
	}
	return n;
}

/* Nobody will read it. */
static i32 broken(struct transfer *t)
{
	if (task_current())
		signal_task(task_current(), SIGPIPE, 0);
	return t->done ? (i32)t->done : -EPIPE;
}

static i32 pipe_write(struct file *f, struct transfer *t, u64 *at)
{
	struct pipe *p = f->data;
	u32 need = t->left <= ATOMIC ? t->left : 1;
	u32 before;
	i32 r = 0;

	(void)at;
	while (t->left && r >= 0) {
		if (!p->readers)
			return broken(t);
		if (room_of(p) < need) {
			r = wait_room(f, p, need);
			continue;
		}
		before = t->left;
		mutex_lock(&p->lock);
		if (room_of(p) >= need)
			r = put(p, t);
		mutex_unlock(&p->lock);
		if (t->left != before)
			tell(p, READY_IN);
	}
	return t->done ? (i32)t->done : r;
}

static u32 pipe_ready(struct file *f)
{
	struct pipe *p = f->data;
	u32 ready = 0;

	if (file_reads(f)) {
		if (p->used)
			ready |= READY_IN;
		if (!p->writers && f->number != p->writers_ever)
			ready |= READY_HANGUP;
	}
	if (file_writes(f)) {
		if (room_of(p) >= ATOMIC)
			ready |= READY_OUT;
		if (!p->readers)
			ready |= READY_ERROR;
	}
	return ready;
}

static struct notifier *pipe_notifier(struct file *f)
{
	struct pipe *p = f->data;

	return &p->notifier;
}

static i32 pipe_control(struct file *f, u32 request, u32 argument)
{
	struct pipe *p = f->data;

	if (request != FIONREAD)
		return -ENOTTY;
	return user_write32(argument, p->used);
}

static void pipe_free(struct pipe *p)
{
	for (u32 i = 0; i < p->size / PAGE; i++)
		if (p->pages[i])
			frame_drop(direct_physical(p->pages[i]));
	if (p->pages != p->own_pages)
		heap_give(p->pages);
	heap_give(p);
}

void pipe_drop(struct inode *i, struct pipe *p)
{
	mutex_lock(&i->lock);
	u32 left = --p->users;
	if (!left)
		i->special = 0;
	mutex_unlock(&i->lock);
	if (!left)
		pipe_free(p);
}

static void pipe_ended(struct file *f)
{
	struct pipe *p = f->data;

	scheduler_lock();
	if (file_reads(f))
		p->readers--;
	if (file_writes(f))
		p->writers--;
	wake_all(&p->readers_asleep);
	wake_all(&p->writers_asleep);
	notifier_wake_locked(&p->notifier,
			     READY_IN | READY_OUT | READY_HANGUP | READY_ERROR);
	scheduler_unlock();
	pipe_drop(f->inode, p);
}

const struct file_kind pipe_kind = {
	.name = "pipe",
	.read = pipe_read,
	.write = pipe_write,
	.control = pipe_control,
	.ready = pipe_ready,
	.notifier = pipe_notifier,
	.ended = pipe_ended,
};
