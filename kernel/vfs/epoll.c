/*
 * epoll's items: made, changed and taken out by epoll_ctl, and when a watched
 * file or the epoll itself ends.
 */
#include "kernel/vfs/epoll.h"

#include "kernel/heap.h"
#include "kernel/linux/call.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"

#define NESTED_MOST 5u

enum epoll_control { EPOLL_ADD = 1, EPOLL_DEL, EPOLL_MOD };

struct mutex epoll_lock = MUTEX(epoll_lock, "epoll");

static struct notifier *epoll_notifier(struct file *f)
{
	struct epoll *ep = f->data;

	return &ep->notifier;
}

/* Nothing touches the file after it is out of its list. */
static void item_end(struct epoll_item *item)
{
	watch_remove(&item->watch);
	scheduler_lock();
	list_remove(&item->ready);
	scheduler_unlock();
	list_remove(&item->of_epoll);
	list_remove(&item->of_file);
	heap_give(item);
}

void epoll_forget(struct file *f)
{
	mutex_lock(&epoll_lock);
	while (!list_empty(&f->epolls))
		item_end(LIST_OF(f->epolls.next, struct epoll_item, of_file));
	mutex_unlock(&epoll_lock);
}

static void epoll_ended(struct file *f)
{
	struct epoll *ep = f->data;

	mutex_lock(&epoll_lock);
	while (!list_empty(&ep->items))
		item_end(LIST_OF(ep->items.next, struct epoll_item, of_epoll));
	mutex_unlock(&epoll_lock);
	heap_give(ep);
}

const struct file_kind epoll_kind = {
	.name = "[eventpoll]",
	.ready = epoll_ready,
	.notifier = epoll_notifier,
	.ended = epoll_ended,
};

/* An item of f for a descriptor; NULL: none. */
static struct epoll_item *item_find(struct epoll *ep, struct file *f, u32 d)
{
	for (struct list *l = f->epolls.next; l != &f->epolls; l = l->next) {
		struct epoll_item *i = LIST_OF(l, struct epoll_item, of_file);

		if (i->epoll == ep && i->descriptor == d)
			return i;
	}
	return 0;
}

/* How deep epolls nest from f on downward; more than allowed if `top` is met
 * there, or the way is too long. */
static u32 depth_below(const struct file *f, const struct epoll *top, u32 level)
{
	const struct epoll *ep = f->data;
	u32 deepest = 1;

	if (f->kind != &epoll_kind)
		return 0;
	if (ep == top || level >= NESTED_MOST)
		return NESTED_MOST + 1;
	for (struct list *l = ep->items.next; l != &ep->items; l = l->next) {
		struct epoll_item *i = LIST_OF(l, struct epoll_item, of_epoll);

		deepest =
			max(deepest, 1 + depth_below(i->file, top, level + 1));
	}
	return deepest;
}

/* How many epolls watch f, and those, in a chain. */
static u32 height_above(const struct file *f, u32 level)
{
	u32 highest = 0;

	if (level >= NESTED_MOST)
		return 0;
	for (struct list *l = f->epolls.next; l != &f->epolls; l = l->next) {
		struct epoll_item *i = LIST_OF(l, struct epoll_item, of_file);
		const struct file *owner = i->epoll->file;

		highest = max(highest, 1 + height_above(owner, level + 1));
	}
	return highest;
}

/* Look at once: what is ready already is told without a change. */
static void item_look(struct epoll_item *item)
{
	u32 ready = file_ready(item->file);

	if (!(ready & (item->events | READY_ERROR | READY_HANGUP)))
		return;
	scheduler_lock();
	epoll_wake(&item->watch, ready);
	scheduler_unlock();
}

static i32 item_add(struct file *of, struct file *f, u32 d,
		    const struct epoll_event *e)
{
	struct epoll *ep = of->data;
	struct notifier *n = f->kind->notifier ? f->kind->notifier(f) : 0;
	struct epoll_item *item;

	if (!f->kind->ready)
		return -EPERM;
	if (item_find(ep, f, d))
		return -EEXIST;
	if (f->kind == &epoll_kind &&
	    depth_below(f, ep, 0) + 1 + height_above(of, 0) > NESTED_MOST)
		return -ELOOP;
	item = heap_take_now(sizeof(*item));
	if (!item)
		return -ENOMEM;
	item->watch.wake = epoll_wake;
	item->epoll = ep;
	item->file = f;
	item->descriptor = d;
	item->events = e->events;
	item->data = words_join(e->data[0], e->data[1]);
	list_init(&item->watch.list);
	list_init(&item->ready);
	list_add_last(&ep->items, &item->of_epoll);
	list_add_last(&f->epolls, &item->of_file);
	f->watched = 1;
	if (n)
		watch_add(n, &item->watch);
	item_look(item);
	return 0;
}

static i32 item_change(struct epoll *ep, struct file *f, u32 d,
		       const struct epoll_event *e)
{
	struct epoll_item *item = item_find(ep, f, d);

	if (!item)
		return -ENOENT;
	if (!e) {
		item_end(item);
		return 0;
	}
	if ((item->events | e->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	scheduler_lock();
	item->events = e->events;
	item->data = words_join(e->data[0], e->data[1]);
	scheduler_unlock();
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	item_look(item);
	return 0;
}

static i32 control(struct file *of, u32 command, struct file *f, u32 d,
		   const struct epoll_event *e)
{
	i32 r = -EINVAL;

	if (of->kind != &epoll_kind || of == f)
		return -EINVAL;
	mutex_lock(&epoll_lock);
	if (command == EPOLL_ADD)
		r = item_add(of, f, d, e);
	else if (command == EPOLL_MOD)
		r = item_change(of->data, f, d, e);
	else if (command == EPOLL_DEL)
		r = item_change(of->data, f, d, 0);
	mutex_unlock(&epoll_lock);
	return r;
}

i32 call_epoll_ctl(u32 epoll, u32 command, u32 descriptor, u32 user);
i32 call_epoll_ctl(u32 epoll, u32 command, u32 descriptor, u32 user)
{
	struct epoll_event e = { .events = 0 };
	struct file *of, *f;
	i32 r = -EBADF;

	if (command != EPOLL_DEL && user_read(&e, user, sizeof(e)) < 0)
		return -EFAULT;
	of = file_get(epoll);
	f = file_get(descriptor);
	if (of && f)
		r = control(of, command, f, descriptor, &e);
	if (f)
		file_drop(f);
	if (of)
		file_drop(of);
	return r;
}

i32 call_epoll_create1(u32 flags);
i32 call_epoll_create1(u32 flags)
{
	struct epoll *ep;
	struct file *f;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	ep = heap_take_now(sizeof(*ep));
	if (!ep)
		return -ENOMEM;
	f = file_make(&epoll_kind, 0, O_RDWR);
	if (!f) {
		heap_give(ep);
		return -ENOMEM;
	}
	list_init(&ep->items);
	list_init(&ep->ready);
	wait_queue_init(&ep->waiters);
	notifier_init(&ep->notifier);
	ep->file = f;
	f->data = ep;
	return files_install(f, flags);
}

i32 call_epoll_create(u32 size);
i32 call_epoll_create(u32 size)
{
	return (i32)size <= 0 ? -EINVAL : call_epoll_create1(0);
}
