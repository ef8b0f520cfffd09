/*
 * epoll_wait: items that watches put on the ready list are asked once more
 * before they are told. Level-triggered ones go back to the list's end and
 * leave it when they are found idle.
 */
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/epoll.h"
#include "kernel/vfs/kinds.h"
#include "kernel/vfs/timeout.h"

#define BATCH 16u /* events found in one go, on the stack */

static u32 wanted(const struct epoll_item *item)
{
	if (!(item->events & ~EPOLL_HOW))
		return 0;
	return item->events | READY_ERROR | READY_HANGUP;
}

void epoll_wake(struct watch *w, u32 events)
{
	struct epoll_item *item = LIST_OF(w, struct epoll_item, watch);
	struct epoll *ep = item->epoll;

	if (!wanted(item) || (events && !(events & wanted(item))))
		return;
	if (!list_empty(&item->ready))
		return;
	list_add_last(&ep->ready, &item->ready);
	wake_one(&ep->waiters);
	notifier_wake_locked(&ep->notifier, READY_IN);
}

/* The first of `todo`, now in no list; NULL: there is none. */
static struct epoll_item *next_item(struct list *todo)
{
	struct epoll_item *item = 0;

	scheduler_lock();
	if (!list_empty(todo)) {
		item = LIST_OF(todo->next, struct epoll_item, ready);
		list_remove(&item->ready);
	}
	scheduler_unlock();
	return item;
}

static void item_again(struct epoll_item *item)
{
	scheduler_lock();
	if (list_empty(&item->ready))
		list_add_last(&item->epoll->ready, &item->ready);
	scheduler_unlock();
}

/* Move all of `of` to the front of `to`. Scheduler's lock held. */
static void list_move_first(struct list *to, struct list *of)
{
	if (list_empty(of))
		return;
	of->prev->next = to->next;
	to->next->prev = of->prev;
	to->next = of->next;
	of->next->prev = to;
	list_init(of);
}

/* Find what is ready, at most `most`; with `out` NULL only whether anything
 * is. epoll_lock held. */
static u32 harvest(struct epoll *ep, struct epoll_event *out, u32 most)
{
	struct epoll_item *item;
	struct list todo;
	u32 n = 0;

	list_init(&todo);
	scheduler_lock();
	list_move_first(&todo, &ep->ready);
	scheduler_unlock();
	while (n < most && (item = next_item(&todo))) {
		u32 ready = file_ready(item->file) & wanted(item);

		if (!ready)
			continue;
		if (out) {
			out[n].events = ready;
			memory_copy(out[n].data, &item->data, 8);
			if (item->events & EPOLLONESHOT)
				item->events &= EPOLL_HOW;
		}
		n++;
		if (!out || !(item->events & (EPOLLET | EPOLLONESHOT)))
			item_again(item);
	}
	scheduler_lock();
	list_move_first(&ep->ready, &todo);
	if (!list_empty(&ep->ready))
		wake_one(&ep->waiters);
	scheduler_unlock();
	return n;
}

u32 epoll_ready(struct file *f)
{
	struct epoll *ep = f->data;
	int nested = epoll_lock.holder == thread_current();
	u32 n;

	if (list_empty(&ep->ready))
		return 0;
	if (!nested)
		mutex_lock(&epoll_lock);
	n = harvest(ep, 0, 1);
	if (!nested)
		mutex_unlock(&epoll_lock);
	return n ? READY_IN : 0;
}

/* Until the list has something: 0, or 1 when the time is over, or -EINTR. */
static i32 list_wait(struct epoll *ep, u64 deadline)
{
	enum wait_result r = deadline ? WAIT_WOKEN : WAIT_TIMED_OUT;
	i32 answer = 0;

	scheduler_lock();
	while (list_empty(&ep->ready) && !answer) {
		if (r == WAIT_WOKEN || r == WAIT_INTERRUPTED)
			r = wait_for_signal(&ep->waiters, deadline);
		else
			answer = r == WAIT_SIGNAL ? -EINTR : 1;
	}
	scheduler_unlock();
	return answer;
}

/* One batch to the user, if there is anything: how many, or -EFAULT. */
static i32 batch_out(struct epoll *ep, u32 user, u32 most)
{
	struct epoll_event found[BATCH];
	u32 n;

	if (list_empty(&ep->ready))
		return 0;
	mutex_lock(&epoll_lock);
	n = harvest(ep, found, min(most, BATCH));
	mutex_unlock(&epoll_lock);
	if (user_write(user, found, n * sizeof(found[0])) < 0)
		return -EFAULT;
	return (i32)n;
}

static i32 wait_events(struct epoll *ep, u32 user, u32 most, u64 deadline)
{
	i32 n, over = 0;

	for (;;) {
		n = batch_out(ep, user, most);
		if (n || over == 1)
			return n;
		if (over < 0)
			return over;
		over = list_wait(ep, deadline);
	}
}

static i32 wait_user(u32 epoll, u32 user, i32 most, u64 deadline)
{
	struct file *f = file_get(epoll);
	i32 n = -EINVAL;

	if (!f)
		return -EBADF;
	if (f->kind == &epoll_kind && most > 0)
		n = wait_events(f->data, user, (u32)most, deadline);
	file_drop(f);
	return n;
}

i32 call_epoll_wait(u32 epoll, u32 user, u32 most, u32 ms);
i32 call_epoll_wait(u32 epoll, u32 user, u32 most, u32 ms)
{
	return wait_user(epoll, user, (i32)most, timeout_of_ms((i32)ms));
}

i32 call_epoll_pwait(u32 epoll, u32 user, u32 most, u32 ms, u32 mask, u32 size);
i32 call_epoll_pwait(u32 epoll, u32 user, u32 most, u32 ms, u32 mask, u32 size)
{
	i32 r = signal_borrow(mask, size);

	if (r < 0)
		return r;
	return signal_unborrow(
		wait_user(epoll, user, (i32)most, timeout_of_ms((i32)ms)));
}

i32 call_epoll_pwait2(u32 epoll, u32 user, u32 most, u32 time, u32 mask,
		      u32 size);
i32 call_epoll_pwait2(u32 epoll, u32 user, u32 most, u32 time, u32 mask,
		      u32 size)
{
	u64 deadline;
	i32 r = timeout_read(time, TIMEOUT_WIDE, &deadline);

	if (!r)
		r = signal_borrow(mask, size);
	if (r < 0)
		return r;
	return signal_unborrow(wait_user(epoll, user, (i32)most, deadline));
}
