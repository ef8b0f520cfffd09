/* Sockets as files: reading, waiting, what their domain tells. */
#include "kernel/vfs/socket.h"

#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/vfs/notice.h"

struct import sockets;
static struct socket *by_number[SOCKETS];

static void socket_news(u32 number, u32 events)
{
	struct socket *s;

	scheduler_lock();
	s = by_number[number % SOCKETS];
	if (s) {
		s->news++;
		notifier_wake_locked(&s->notifier, events);
	}
	scheduler_unlock();
}

/* News may have been lost: who sleeps for one looks again. */
static void sockets_restarted(void)
{
	for (u32 i = 0; i < SOCKETS; i++)
		socket_news(i, READY_IN | READY_OUT | READY_HANGUP);
}

i32 sockets_ready(void);
i32 sockets_ready(void)
{
	static const struct listener listener = {
		.import = &sockets,
		.ready = socket_news,
		.lost = rights_lost,
		.restarted = sockets_restarted,
	};
	static u32 listening;
	i32 error;

	if (sockets.domain)
		return 0;
	error = import_bind(&sockets, "socket", "local");
	if (error < 0)
		return -EAFNOSUPPORT;
	if (!__atomic_exchange_n(&listening, 1, __ATOMIC_SEQ_CST))
		notice_listen(&listener);
	return 0;
}

i32 socket_errno(i32 answer)
{
	switch (answer) {
	case -E_GONE:
	case -E_DEVICE:
	case -E_NAME:
		return -ECONNRESET;
	case -E_KIND:
		return -ENOTCONN;
	case -E_FORM:
		return -EPROTOTYPE;
	case -E_EXISTS:
		return -EADDRINUSE;
	case -E_BUSY:
		return -EISCONN;
	case -E_BIG:
		return -EMSGSIZE;
	case -E_MEMORY:
		return -ENOBUFS;
	case -E_DENIED:
		return -EPERM;
	default:
		return errno_of(answer);
	}
}

struct file *socket_get(u32 descriptor, i32 *error)
{
	struct file *f = file_get(descriptor);

	*error = -EBADF;
	if (f && f->kind != &socket_kind) {
		file_drop(f);
		f = 0;
		*error = -ENOTSOCK;
	}
	return f;
}

u64 socket_deadline(u32 milliseconds)
{
	return milliseconds ? tsc_now() + milliseconds * 1000000ull :
			      WAIT_FOREVER;
}

i32 socket_wait(struct socket *s, u32 seen, u64 deadline)
{
	enum wait_result r = WAIT_WOKEN;

	scheduler_lock();
	while (s->news == seen && r == WAIT_WOKEN)
		r = wait_for_signal(&s->notifier.waiters, deadline);
	scheduler_unlock();
	return r == WAIT_TIMED_OUT ? -EAGAIN :
	       r == WAIT_WOKEN	   ? 0 :
				     -ERESTARTSYS;
}

i32 socket_move(struct transfer *t, u32 access, lent_call *call,
		const void *argument)
{
	const struct lent lent = {
		.to = &sockets,
		.error = socket_errno,
		.again = 1,
		.call = call,
		.argument = argument,
	};
	i32 r = lent_ask(&lent, t, access);

	if (r == -ECONNRESET)
		rights_sweep();
	return r;
}

struct receiving {
	u32 number, flags;
};

static i32 receive_ask(const void *argument, void *bytes, u32 size)
{
	const struct receiving *r = argument;

	return SOCKET_ONCE(down_socket_receive(&sockets, r->number, r->flags,
					       bytes, size));
}

static i32 receive_once(struct socket *s, struct transfer *t, u32 flags)
{
	struct receiving r = { s->number, flags };

	return socket_move(t, ACCESS_WRITE, receive_ask, &r);
}

/* What is there of a stream, span by span. */
static i32 receive_stream(struct socket *s, struct transfer *t, u32 flags)
{
	u32 done = t->done;
	i32 r;

	do
		r = receive_once(s, t, flags);
	while (r > 0 && t->left && !(flags & 1));
	return t->done > done ? (i32)(t->done - done) : r;
}

/* A record into several spans: through the core's memory. */
static i32 receive_scattered(struct socket *s, struct transfer *t, u32 flags)
{
	u32 size = t->left;
	struct transfer whole;
	u8 *bytes;
	i32 r;

	if (t->count <= 1)
		return receive_once(s, t, flags);
	if (s->kind == SOCK_STREAM)
		return receive_stream(s, t, flags);
	if (size > 262144)
		size = 262144;
	bytes = heap_take_now(size);
	if (!bytes)
		return -ENOBUFS;
	transfer_core(&whole, bytes, size);
	r = receive_once(s, &whole, flags);
	if (r > 0)
		r = transfer_out(t, bytes, (u32)r) < 0 ? -EFAULT : r;
	heap_give(bytes);
	return r;
}

/* What comes next, with `m` filled: 1; 0 at the end; or -errno. Waits. */
static i32 receive_look(struct file *f, u32 flags, struct socket_message *m)
{
	struct socket *s = socket_of(f);
	u64 deadline = socket_deadline(s->receive_timeout);

	for (;;) {
		u32 seen = s->news;
		i32 r = SOCKET_ASK(
			down_socket_peek(&sockets, s->number, m));

		if (r >= 0)
			return r;
		if (r != -E_AGAIN)
			return socket_errno(r);
		if (flags & MSG_DONTWAIT || f->flags & O_NONBLOCK)
			return -EAGAIN;
		r = socket_wait(s, seen, deadline);
		if (r < 0)
			return r;
	}
}

/* The files that come along are ours before the bytes are, so that they do not
 * go if the domain does. -EAGAIN: somebody else is receiving just that. */
static i32 receive_what_comes(struct socket *s, struct transfer *t, u32 flags,
			      struct socket_message *m)
{
	u32 rights = flags & MSG_PEEK ? 0 : m->rights;
	i32 r = rights_claim(rights);

	if (r < 0)
		return r;
	if (!r && rights)
		m->rights = rights = 0;
	r = receive_scattered(s, t, flags & MSG_PEEK ? 1 | 4 : 4);
	if (r == -ECONNRESET)
		rights_drop(rights);
	else if (r < 0)
		rights_send(rights);
	return r;
}

/* Wait for what comes and take it, unless a signal is faster. */
static i32 receive_next(struct file *f, struct transfer *t, u32 flags,
			struct socket_message *m)
{
	for (;;) {
		i32 looked = receive_look(f, flags, m), r = looked;

		if (looked > 0)
			r = receive_what_comes(socket_of(f), t, flags, m);
		if (looked <= 0 || r < 0)
			m->rights = m->name_size = 0; /* not ours */
		if (looked <= 0 || r != -EAGAIN)
			return r;
		if (thread_current()->attention & ATTENTION_LEAVE)
			return -ERESTARTSYS;
		thread_yield();
	}
}

i32 socket_receive(struct file *f, struct transfer *t, u32 flags,
		   struct socket_message *m)
{
	struct socket *s = socket_of(f);
	u32 done = t->done;
	i32 r;

	do
		r = receive_next(f, t, flags, m);
	while (r > 0 && flags & MSG_WAITALL && s->kind == SOCK_STREAM &&
		 t->left && !m->rights && !(flags & MSG_PEEK));
	return t->done > done ? (i32)(t->done - done) : r;
}

/* read(2): the quick way, without looking first. */
static i32 socket_read(struct file *f, struct transfer *t, u64 *at)
{
	struct socket *s = socket_of(f);
	struct socket_message m = { .rights = 0 };
	u64 deadline = socket_deadline(s->receive_timeout);

	(void)at;
	for (;;) {
		u32 seen = s->news;
		i32 r = receive_scattered(s, t, 0);

		if (r == FILES_CAME) { /* they end here */
			r = socket_receive(f, t, 0, &m);
			if (r >= 0)
				rights_drop(m.rights);
			return r;
		}
		if (r != -EAGAIN)
			return r;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		r = socket_wait(s, seen, deadline);
		if (r < 0)
			return r;
	}
}

static i32 socket_write(struct file *f, struct transfer *t, u64 *at)
{
	struct sending how = { socket_myself(), 0 };

	(void)at;
	return socket_send(f, t, 0, &how);
}

static i32 socket_control(struct file *f, u32 request, u32 argument)
{
	i32 n;

	if (request != 0x541B) /* FIONREAD */
		return -ENOTTY;
	n = SOCKET_ASK(down_socket_get(&sockets, socket_of(f)->number, 1));
	return n < 0 ? socket_errno(n) : user_write32(argument, (u32)n);
}

static u32 socket_ready(struct file *f)
{
	i32 r = SOCKET_ASK(down_socket_ready(&sockets, socket_of(f)->number));

	return r < 0 ? READY_HANGUP | READY_IN | READY_ERROR :
		       (u32)r & READY_SAID;
}

static struct notifier *socket_notifier(struct file *f)
{
	return &socket_of(f)->notifier;
}

/* Files on their way to a socket that ends go with it. */
static void socket_ended(struct file *f)
{
	struct socket *s = socket_of(f);

	scheduler_lock();
	if (by_number[s->number % SOCKETS] == s)
		by_number[s->number % SOCKETS] = 0;
	scheduler_unlock();
	SOCKET_ASK(down_socket_close(&sockets, s->number));
	rights_sweep();
	place_drop(s->bound);
	heap_give(s);
}

const struct file_kind socket_kind = {
	.name = "socket",
	.read = socket_read,
	.write = socket_write,
	.control = socket_control,
	.ready = socket_ready,
	.notifier = socket_notifier,
	.ended = socket_ended,
};

struct file *socket_file(u32 number, u32 kind, u32 flags)
{
	struct socket *s = heap_take_now(sizeof(*s));
	struct inode *inode = s ? inode_anonymous(MODE_SOCKET | 0777) : 0;
	struct file *f = inode ? file_make(&socket_kind, inode, flags) : 0;

	if (!f) {
		if (inode)
			inode_drop(inode);
		heap_give(s);
		down_socket_close(&sockets, number);
		return 0;
	}
	notifier_init(&s->notifier);
	s->number = number;
	s->kind = (u8)kind;
	f->data = s;
	scheduler_lock();
	by_number[number % SOCKETS] = s;
	scheduler_unlock();
	return f;
}
