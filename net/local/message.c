/* The `socket` gate for local sockets: what is sent and received. */
#include "sockets.h"

enum receive_flag { KEEP = 1, RIGHTS_TAKEN = 4 };

/* Send to a socket; the receiver is told. */
static i32 deliver(const struct sending *how, struct socket *to, from u8 *data,
		   u32 size)
{
	i32 n;

	if (to->shut & 1)
		return -E_CLOSED;
	n = queue_put(to, how, data, size);
	if (n < 0)
		return n;
	notice_ready(socket_number(to), READY_IN);
	return commit(n);
}

i32 socket_send(u32 number, u32 rights, u32 process, u32 uid, u32 gid,
		from u8 *data, u32 size)
{
	struct socket *s = socket_at(number), *to;
	struct sending how = { s, { process, uid, gid }, rights };

	if (!s)
		return -E_NAME;
	if (s->shut & 2 || s->state == DISCONNECTED)
		return s->reset ? -E_DEVICE : -E_CLOSED;
	to = socket_at(s->peer);
	if (!to)
		return s->state == CONNECTED ? -E_REFUSED : -E_KIND;
	return deliver(&how, to, data, size);
}

i32 socket_send_to(u32 number, u32 rights, u32 name_size, from u8 *bytes,
		   u32 size)
{
	struct socket *s = socket_at(number), *to;
	struct sending how = { .source = s, .rights = rights };
	u8 name[NAME_MOST];
	u32 head = sizeof(how.who) + name_size;

	if (!s)
		return -E_NAME;
	if (name_size <= KEY || name_size > NAME_MOST || size < head)
		return -E_RANGE;
	take(&how.who, bytes, sizeof(how.who));
	take(name, bytes + sizeof(how.who), name_size);
	to = socket_named(name, name_size);
	if (!to)
		return -E_REFUSED;
	if (to->kind != s->kind || s->kind != DATAGRAM)
		return -E_FORM;
	if (to->peer && to->peer != number)
		return -E_DENIED;
	return deliver(&how, to, bytes + head, size - head);
}

i32 nothing_there(const struct socket *s)
{
	if (s->reset)
		return -E_DEVICE;
	if (s->shut & 1 || s->state == DISCONNECTED)
		return 0;
	if (s->kind != DATAGRAM && s->state != CONNECTED)
		return s->kind == STREAM ? -E_RANGE : -E_KIND;
	if (s->kind != DATAGRAM && (!s->peer || socket_at(s->peer)->shut & 2))
		return 0;
	return -E_AGAIN;
}

/* Returns 1 with a message, 0 at the end. */
i32 socket_peek(u32 number, into struct socket_message *next)
{
	struct socket *s = socket_at(number), *source;
	struct chunk *c = s ? s->queue.first : NULL;
	struct socket_message m;

	if (!s)
		return -E_NAME;
	if (!c)
		return nothing_there(s);
	memset(&m, 0, sizeof(m));
	m.flags = c->rights ? 4 : 0;
	m.whole = s->kind == STREAM ? s->queue.bytes : c->whole;
	m.rights = c->rights;
	m.process = c->sender.process;
	m.uid = c->sender.uid;
	m.gid = c->sender.gid;
	source = socket_at(c->source);
	if (s->kind == DATAGRAM && source && source->use == c->source_use) {
		m.name_size = source->name_size;
		memcpy(m.name, source->name, source->name_size);
	}
	give(next, &m, sizeof(m));
	return 1;
}

i32 socket_receive(u32 number, u32 flags, into u8 *data, u32 room)
{
	struct socket *s = socket_at(number);
	u32 n;

	if (!s)
		return -E_NAME;
	if (!s->queue.first)
		return nothing_there(s);
	if (s->queue.first->rights && !(flags & RIGHTS_TAKEN))
		return -E_BUSY;
	n = queue_get(s, data, room, flags & KEEP);
	if (flags & KEEP)
		return (i32)n;
	if (s->peer)
		notice_ready(s->peer, READY_OUT);
	return commit((i32)n);
}
