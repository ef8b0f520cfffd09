/*
 * Local sockets as their domain has them: who is connected to whom, names, and
 * what was sent to each and not yet received. All of it lies in kept memory:
 * whatever is changed is named by touch() and becomes what the next generation
 * finds when commit() says what the call answers, all of it together.
 */
#ifndef LOCAL_SOCKETS_H
#define LOCAL_SOCKETS_H

#include "local.h"

#define SOCKETS	  512u
#define NAME_MOST 116u
#define KEY	  8u /* bytes in front of a name: which file it is; 0: none */

enum kind { STREAM = 1, DATAGRAM = 2, RECORDS = 5 };

enum state { FREE, FRESH, LISTENING, CONNECTED, DISCONNECTED };

enum ready {
	READY_IN = 1, READY_OUT = 4, READY_ERROR = 8, READY_HANGUP = 16,
	READY_READ_HANGUP = 0x2000,
};

#define CHUNK_BYTES (4096u - 40u)

/* Bytes sent, a page at a time. Records and datagrams may have several. */
struct chunk {
	struct chunk *next;
	u16 begin, end; /* bytes not yet received */
	u16 first, last; /* of a record */
	u32 whole; /* bytes the record has; in its first chunk */
	u32 rights;
	struct socket_peer sender;
	u32 source; /* the sending socket's number, for its name */
	u32 source_use; /* and which use of that number */
	u8 bytes[CHUNK_BYTES];
};

struct queue {
	struct chunk *first, *last;
	u32 bytes, chunks;
};

struct socket {
	u8 kind, state;
	u8 shut; /* 1: reads no more, 2: writes no more */
	u8 reset; /* the peer closed with our bytes unread */
	u8 bound; /* found by its name; accepted ones only tell it */
	u8 zero[3];
	u32 use; /* counts uses of this slot: part of its number */
	u32 peer; /* number; 0: none */
	u32 room; /* bytes that may wait in `queue` */
	struct queue queue;
	struct socket_peer owner, peer_owner;
	u32 pending, pending_last, pending_next; /* of a listener: a list */
	u32 pending_count, pending_most;
	u32 listener; /* whose list this is in; 0: none */
	u32 name_size;
	u8 name[NAME_MOST];
};

/* By number (never 0); NULL if there is none. */
struct socket *socket_at(u32 number);
u32 socket_number(const struct socket *s);

/* Find the sockets that there are, or make the table. 0, -E_NAME, -E_MEMORY. */
i32 sockets_start(void);
void sockets_each(void (*visit)(struct socket *));

/* A fresh one; NULL when there are too many. */
struct socket *socket_new(u32 kind, const struct socket_peer *owner);
void socket_free(struct socket *s);

/* The one bound to that name; NULL: none. */
struct socket *socket_named(const u8 *name, u32 size);

/* What a call says that finds nothing to be received: 0 if nothing will come
 * any more. */
i32 nothing_there(const struct socket *s);

/* By whom and from where something is sent, and what goes along. */
struct sending {
	const struct socket *source;
	struct socket_peer who;
	u32 rights;
};

/* ---- keep.c ---- */

/* Name something in kept memory that changed, or is about to. */
void touch(const void *at, u32 size);

/* What was touched lasts, and so does the answer: a caller that finds this
 * domain dead from here on gets it all the same. Returns it. */
i32 commit(i32 answer);

/* ---- queue.c ---- */

/* Chunks that no queue has are free. `first`: the first chunk there may be. */
void chunks_start(void *first);

/* Append `size` lent bytes to a queue: bytes taken, for records all or
 * nothing; -E_AGAIN without room, -E_BIG if there never will be, -E_MEMORY. */
i32 queue_put(struct socket *to, const struct sending *how, from u8 *data,
	      u32 size);

/* Take bytes; `keep`: they stay. Whole records: what did not fit is gone. */
u32 queue_get(struct socket *s, into u8 *data, u32 room, bool keep);

/* Drop all; who sent files along is told. */
void queue_clear(struct queue *q);

#endif
