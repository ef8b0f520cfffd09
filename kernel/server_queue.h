/*
 * Messages for servers of the organization `queued`: as most microkernels have
 * it, a call wakes a thread of the server's and sleeps; the answer wakes it.
 */
#ifndef KERNEL_SERVER_QUEUE_H
#define KERNEL_SERVER_QUEUE_H

#include "kernel/domain.h"
#include "kernel/thread.h"

struct server;

/* What server_enter has of a call, as it lies on the stack. */
struct message_words {
	u32 entry, shape; /* window offset; enum relay_shape */
	u32 stack; /* top of the activation's */
	u32 words[5];
};

struct message {
	const struct message_words *words;
	struct generation *generation;
	const struct record *record; /* the sender's */
	struct door *door;
	struct thread *sender;
	struct wait_queue answered;
	struct list list; /* of the server's */
	i32 answer;
	u32 done;
};

/* One more thread for s. -E_MEMORY. */
i32 queue_worker(struct server *s);

/* No more messages come: its threads end, and the last of them frees s. False
 * if there is none. */
int queue_close(struct server *s);

#endif
