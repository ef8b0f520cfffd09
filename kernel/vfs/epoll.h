/*
 * An epoll and what it watches, as its two sources share it: epoll.c keeps
 * the items, epoll_wait.c tells what is ready.
 */
#ifndef KERNEL_VFS_EPOLL_H
#define KERNEL_VFS_EPOLL_H

#include "kernel/vfs/file.h"

#define EPOLLEXCLUSIVE (1u << 28)
#define EPOLLWAKEUP    (1u << 29)
#define EPOLLONESHOT   (1u << 30)
#define EPOLLET	       (1u << 31)
#define EPOLL_HOW      (EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET)

struct epoll {
	struct file *file; /* that it is, not counted */
	struct list items; /* guarded by epoll_lock */

	/* guarded by the scheduler's lock */
	struct list ready; /* items that may have something */
	struct wait_queue waiters; /* threads in epoll_wait */
	struct notifier notifier; /* of the epoll as a file */
};

struct epoll_item {
	struct watch watch;
	struct epoll *epoll;
	struct file *file; /* not counted: the file's end takes it out */
	u32 descriptor;
	u32 events; /* wanted, and EPOLL_HOW; only that: disarmed */
	u64 data;
	struct list of_epoll, of_file;
	struct list ready; /* scheduler's lock */
};

/* struct epoll_event, as i386 has it. */
struct epoll_event {
	u32 events;
	u32 data[2];
};

/*
 * One lock for all epolls: their items, every file's list of them, and taking
 * what is ready. Who asks a nested epoll has it already.
 */
extern struct mutex epoll_lock;

/* Watch calls: put the item among the ready ones. Scheduler's lock held. */
void epoll_wake(struct watch *w, u32 events);

/* Is any item ready? Takes out those that are not. */
u32 epoll_ready(struct file *f);

#endif
