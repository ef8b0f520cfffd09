/*
 * Servers: domains in ring 3 with page tables of their own, which others reach
 * by synchronous messages (organization `ipc`). A call loads the server's page
 * directory and goes on there, in the same thread; it comes back by SYSENTER.
 *
 *   0            the window's pages, as far as they are mapped there
 *   7F000000     where calls enter and leave (struct server_call)
 *   80000000     buffers: 16 MiB for each activation, half of it for each kind
 */
#ifndef KERNEL_SERVER_H
#define KERNEL_SERVER_H

#include "kernel/domain.h"
#include "kernel/thread.h"
#include "seg/descriptor.h"

struct cpu;
struct thread;

#define SERVER_CODE    0x7F000000u
#define SERVER_LANDING SERVER_CODE /* EIP of a call; ESP leads to its entry */
#define SERVER_LENDS   0x80000000u
#define SERVER_ROOM    0x800000u /* bytes for one buffer */
#define SERVER_CALLS   255u /* functions that one can import */
#define SERVER_STACKS  64u /* activations at once */

/*
 * A call's number is its place in the table, and this: what a register holds
 * by chance, at a SYSENTER that is no call, is no such number. Else such an
 * accident were an answer, or a call.
 */
#define SERVER_NUMBER 0x9E375A00u

/* Places: then its imports, in the order of its slots. */
enum server_call_number {
	SERVER_CALL_NONE,
	SERVER_CALL_RETURN,
	SERVER_CALL_REVIVE,
	SERVER_CALL_IMPORTS,
};

/* Where SYSENTER with its number in EDI goes on, and with what in EDI. */
struct server_call {
	void (*entry)(void);
	const void *argument;
};

/* What one activation has been lent. */
struct server_lend {
	u32 linear, size; /* whose bytes: those of who called */
	u32 copied, lent_on;
	struct physical frame; /* for copies; kept for the next, and: */
	struct descriptor place; /* its first byte, as the server sees it */
};

struct server {
	u32 directory; /* physical, for CR3 */
	u32 calls; /* entries in use of: */
	struct server_call call[SERVER_CALLS];
	struct server_lend lent[SERVER_STACKS][2];
	/* `queued`; guarded by the scheduler's lock */
	struct list messages;
	struct wait_queue work; /* threads of its own, and who of them waits */
	u32 workers, idle, closing;
};

static inline struct server *server_of(const struct generation *g)
{
	return (struct server *)g->door->tables;
}

/* The entry for a page of its own half, its table made; NULL: no memory. */
u32 *server_entry(struct server *s, u32 address);

/*
 * The lends of the call on top of this thread's linkage become the server's
 * (`shape`: enum relay_shape), or an error; and when it is over, they are its
 * no more, and what it filled is where it should be.
 */
i32 server_lend(u32 shape);
void server_settle(void);

/*
 * The server on top of t's linkage lends on what it was lent: of a copy, what
 * it has filled so far goes to where it belongs, and after that call what is
 * there into the copy.
 */
void server_lends_on(struct thread *t);
void server_lends_back(struct thread *t);

/* g is dead: nothing of its half can be reached at level 3. World stopped. */
void server_close(struct generation *g);

/* Page tables for g, its first pages in them; and away with them. */
i32 server_make(struct generation *g);
void server_free(struct generation *g);

/* Begin its table of calls anew, and add one: the far address to call, or
 * -E_BIG. */
void server_calls_clear(struct generation *g);
i32 server_call_add(struct generation *g, struct server_call call,
		    struct far_slot *out);

/* A page fault of g's: was it one of the window's that it had not met yet? */
int server_page(struct generation *g, u32 address);

/* The server that is on top of t's linkage, or NULL. */
struct generation *server_running(const struct thread *t);

/*
 * CR3 and the buffers' segments for what is on top of t's linkage. Interrupts
 * off, or on a CPU that t does not leave meanwhile.
 */
void server_load(struct cpu *cpu, struct thread *t);

#endif
