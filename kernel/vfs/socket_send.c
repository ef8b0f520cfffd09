/*
 * Sending: a stream's bytes lend by lend, a record as one, with what files go
 * along.
 */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/process/process.h"
#include "kernel/vfs/socket.h"

struct send {
	const struct socket *socket;
	const struct sending *how;
};

static i32 send_ask(const void *argument, void *bytes, u32 size)
{
	const struct send *s = argument;
	const struct sending *how = s->how;

	rights_send(how->rights);
	return SOCKET_ONCE(down_socket_send(
		&sockets, s->socket->number, how->rights, how->who.process,
		how->who.uid, how->who.gid, bytes, size));
}

static i32 send_once(struct socket *s, struct transfer *t,
		     const struct sending *how)
{
	struct send send = { s, how };

	return socket_move(t, ACCESS_READ, send_ask, &send);
}

/*
 * Records go as one: several spans are gathered first, in the core's memory.
 */
static i32 send_gathered(struct socket *s, struct transfer *t, u32 flags,
			 const struct sending *how)
{
	u32 size = t->left;
	u8 *bytes;
	i32 r;

	if (t->count <= 1 || s->kind == SOCK_STREAM)
		return send_once(s, t, how);
	if (size > MOST)
		return -EMSGSIZE;
	bytes = heap_take_now(size + 1);
	if (!bytes)
		return -ENOBUFS;
	r = transfer_in(t, bytes, size);
	if (r >= 0) {
		struct transfer whole;

		transfer_core(&whole, bytes, size);
		for (;;) {
			u32 seen = s->news;

			r = send_once(s, &whole, how);
			if (r != -EAGAIN || flags & MSG_DONTWAIT)
				break;
			r = socket_wait(s, seen, WAIT_FOREVER);
			if (r < 0)
				break;
		}
	}
	heap_give(bytes);
	return r;
}

static i32 send_failed(i32 r, u32 flags)
{
	if (r == -EPIPE && !(flags & MSG_NOSIGNAL))
		signal_process(process_current(), SIGPIPE, 0);
	return r;
}

i32 socket_send(struct file *f, struct transfer *t, u32 flags,
		const struct sending *how)
{
	struct sending rest = *how;
	struct socket *s = socket_of(f);
	u64 deadline = socket_deadline(s->send_timeout);
	u32 done = t->done;
	i32 r;

	if (f->flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	do {
		u32 seen = s->news;

		r = send_gathered(s, t, flags, &rest);
		if (r >= 0)
			rest.rights = 0;
		else if (r == -EAGAIN && !(flags & MSG_DONTWAIT))
			r = socket_wait(s, seen, deadline);
	} while (r >= 0 && t->left);
	return t->done > done ? (i32)(t->done - done) : send_failed(r, flags);
}
