/*
 * What waits for one unit: transfers in order of sectors, and how the next
 * request is made of them. Pure bookkeeping: no locks, no drivers.
 */
#ifndef KERNEL_DISK_QUEUE_H
#define KERNEL_DISK_QUEUE_H

#include "kernel/disk/disk.h"

/* What one request may be. */
struct limits {
	u32 most; /* sectors */
	u32 pieces; /* runs of memory; 0: they do not count */
	u32 align; /* sectors */
};

struct queue {
	struct list sorted; /* reads and writes */
	struct list flushes;
	struct list *next; /* of `sorted`: the elevator goes on here */
	u32 at; /* sector behind what was taken last */
};

/* A request in the making: whole transfers, or a part of a single one. */
struct batch {
	struct list ios;
	u32 how, sector, count;
	struct io_piece *pieces; /* room for limits.pieces; unused if 0 */
	u32 piece_count;
};

/* On the unit: the first sector of it that was not moved yet; how many. */
u32 io_at(const struct io *io);
u32 io_left(const struct io *io);

void queue_init(struct queue *q);
int queue_empty(const struct queue *q);

/* Add a transfer that has io_left sectors to go, or a flush. */
void queue_add(struct queue *q, struct io *io);

/*
 * Take what the next request is made of: all flushes, or transfers next to
 * each other, going up through the disk and beginning anew at its end. 1; 0 if
 * there is nothing; -1 if `b` has one that cannot be made into a request, for
 * its memory is in pieces that do not fit the limits.
 */
i32 queue_take(struct queue *q, const struct limits *limits, struct batch *b);

/* Take everything. */
void queue_take_all(struct queue *q, struct list *ios);

/*
 * A request of these transfers moved `count` sectors, or (count 0) failed.
 * What has come to its end goes to `ended` with its result; the rest back into
 * the queue: what is not moved yet, and after a failure of several, each one
 * to be tried alone.
 */
void queue_moved(struct queue *q, struct list *ios, u32 count,
		 struct list *ended);

/* The memory at byte `at` of these transfers' request: its physical address,
 * and (*size at most) how many bytes lie there together; 0: past the end. */
u32 batch_memory(const struct list *ios, u32 at, u32 *size);

#endif
