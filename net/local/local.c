/*
 * The `socket` gate for local sockets. Names are compared, never looked up: the core found out what file one means.
 */
#include "sockets.h"

enum receive_flag { KEEP = 1, RIGHTS_TAKEN = 4 };

i32 life_start(u32 generation)
{
	sockets_start(generation);
	return 0;
}

static bool good_kind(u32 kind)
{
	return kind == STREAM || kind == DATAGRAM || kind == RECORDS;
}

i32 socket_make(u32 kind, from struct socket_peer *owner)
{
	struct socket_peer who;
	struct socket *s;

	take(&who, owner, sizeof(who));
	if (!good_kind(kind))
		return -E_RANGE;
	s = socket_new(kind, &who);
	return s ? (i32)socket_number(s) : -E_MEMORY;
}

static void connect(struct socket *a, struct socket *b)
{
	a->peer = socket_number(b);
	b->peer = socket_number(a);
	a->peer_owner = b->owner;
	b->peer_owner = a->owner;
	a->state = b->state = CONNECTED;
}

i32 socket_pair(u32 kind, from struct socket_peer *owner)
{
	struct socket_peer who;
	struct socket *a, *b;

	take(&who, owner, sizeof(who));
	if (!good_kind(kind))
		return -E_RANGE;
	a = socket_new(kind, &who);
	b = a ? socket_new(kind, &who) : NULL;
	if (!b) {
		if (a)
			socket_free(a);
		return -E_MEMORY;
	}
	connect(a, b);
	return (i32)socket_number(a);
}

i32 socket_close(u32 number)
{
	struct socket *s = socket_at(number);

	if (!s)
		return -E_NAME;
	socket_free(s);
	return 0;
}

i32 socket_bind(u32 number, from u8 *name, u32 size)
{
	struct socket *s = socket_at(number);
	u8 wanted[NAME_MOST];

	if (!s)
		return -E_NAME;
	if (size <= KEY || size > NAME_MOST || s->name_size)
		return -E_RANGE;
	take(wanted, name, size);
	if (socket_named(wanted, size))
		return -E_EXISTS;
	memcpy(s->name, wanted, size);
	s->name_size = size;
	s->bound = 1;
	return 0;
}

i32 socket_listen(u32 number, u32 most)
{
	struct socket *s = socket_at(number);

	if (!s)
		return -E_NAME;
	if (s->kind == DATAGRAM)
		return -E_FORM;
	if (!s->name_size || (s->state != FRESH && s->state != LISTENING))
		return -E_RANGE;
	s->state = LISTENING;
	s->pending_most = min(most, 4096u) + 1;
	return 0;
}

static i32 connect_stream(struct socket *s, struct socket *listener)
{
	struct socket *other;

	if (listener->state != LISTENING)
		return -E_REFUSED;
	if (listener->pending_count >= listener->pending_most)
		return -E_AGAIN;
	other = socket_new(s->kind, &listener->owner);
	if (!other)
		return -E_MEMORY;
	memcpy(other->name, listener->name, listener->name_size);
	other->name_size = listener->name_size;
	connect(s, other);
	other->listener = socket_number(listener);
	if (listener->pending)
		socket_at(listener->pending_last)->pending_next =
			socket_number(other);
	else
		listener->pending = socket_number(other);
	listener->pending_last = socket_number(other);
	listener->pending_count++;
	notice_ready(socket_number(listener), READY_IN);
	return 0;
}

i32 socket_connect(u32 number, u32 process, u32 uid, u32 gid, from u8 *name,
		   u32 size)
{
	struct socket *s = socket_at(number), *other;
	u8 wanted[NAME_MOST];

	if (!s)
		return -E_NAME;
	if (size <= KEY || size > NAME_MOST)
		return -E_RANGE;
	take(wanted, name, size);
	if (s->kind != DATAGRAM && s->state != FRESH)
		return -E_BUSY;
	other = socket_named(wanted, size);
	if (!other)
		return -E_REFUSED;
	if (other->kind != s->kind)
		return -E_FORM;
	s->owner = (struct socket_peer){ process, uid, gid };
	if (s->kind != DATAGRAM)
		return connect_stream(s, other);
	s->peer = socket_number(other);
	s->peer_owner = other->owner;
	s->state = CONNECTED;
	return 0;
}

i32 socket_accept(u32 number)
{
	struct socket *s = socket_at(number), *first;

	if (!s)
		return -E_NAME;
	if (s->state != LISTENING)
		return -E_RANGE;
	if (!s->pending)
		return -E_AGAIN;
	first = socket_at(s->pending);
	s->pending = first->pending_next;
	s->pending_count--;
	first->pending_next = 0;
	first->listener = 0;
	return (i32)socket_number(first);
}

/* Send to a socket; the receiver is told. */
static i32 deliver(const struct sending *how, struct socket *to, from u8 *data,
		   u32 size)
{
	i32 n;

	if (to->shut & 1)
		return -E_CLOSED;
	n = queue_put(to, how, data, size);
	if (n >= 0)
		notice_ready(socket_number(to), READY_IN);
	return n;
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

/* 0: nothing will come any more. */
static i32 nothing_there(const struct socket *s)
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
	if (!(flags & KEEP) && s->peer)
		notice_ready(s->peer, READY_OUT);
	return (i32)n;
}

i32 socket_shutdown(u32 number, u32 which)
{
	struct socket *s = socket_at(number);

	if (!s)
		return -E_NAME;
	if (s->state != CONNECTED && s->state != DISCONNECTED)
		return -E_KIND;
	s->shut |= which & 3;
	notice_ready(number, READY_IN | READY_OUT);
	if (s->peer && s->kind != DATAGRAM) {
		if (which & 1) /* nobody reads what the peer writes */
			socket_at(s->peer)->shut |= 2;
		notice_ready(s->peer, READY_IN | READY_OUT);
	}
	return 0;
}

i32 socket_name(u32 number, u32 whose, into u8 *name, u32 room)
{
	struct socket *s = socket_at(number);

	if (s && whose)
		s = socket_at(s->peer);
	if (!s)
		return whose ? -E_KIND : -E_NAME;
	if (s->name_size)
		give(name, s->name, min(room, s->name_size));
	return (i32)s->name_size;
}

i32 socket_peer(u32 number, into struct socket_peer *found)
{
	struct socket *s = socket_at(number);

	if (!s)
		return -E_NAME;
	if (s->state == LISTENING)
		give(found, &s->owner, sizeof(s->owner));
	else if (s->state == CONNECTED || s->state == DISCONNECTED)
		give(found, &s->peer_owner, sizeof(s->peer_owner));
	else
		return -E_KIND;
	return 0;
}

static bool can_send(const struct socket *s)
{
	struct socket *to = socket_at(s->peer);

	return !to || (to->queue.bytes < to->room / 2 &&
		       to->queue.chunks < to->room / 2048);
}

i32 socket_ready(u32 number)
{
	struct socket *s = socket_at(number);
	i32 bits = 0;

	if (!s)
		return READY_HANGUP | READY_IN;
	if (s->state == LISTENING)
		return s->pending ? READY_IN : 0;
	if (s->queue.first || nothing_there(s) == 0 || s->reset)
		bits |= READY_IN;
	if (nothing_there(s) == 0)
		bits |= READY_READ_HANGUP;
	if (s->state == DISCONNECTED || s->shut == 3 ||
	    (s->kind != DATAGRAM && s->state == FRESH))
		bits |= READY_HANGUP;
	if (can_send(s))
		bits |= READY_OUT;
	return bits;
}

enum option { BYTES = 1, ERROR, KIND, IS_LISTENING, SEND_ROOM, ROOM, PEER };

i32 socket_get(u32 number, u32 option)
{
	struct socket *s = socket_at(number);
	u32 was;

	if (!s)
		return -E_NAME;
	switch (option) {
	case BYTES:
		return (i32)(s->kind == STREAM || !s->queue.first ?
				     s->queue.bytes :
				     s->queue.first->whole);
	case ERROR:
		was = s->reset;
		s->reset = 0;
		return (i32)was;
	case KIND:
		return s->kind;
	case IS_LISTENING:
		return s->state == LISTENING;
	case SEND_ROOM:
	case ROOM:
		return (i32)s->room;
	case PEER:
		return (i32)s->peer;
	default:
		return -E_RANGE;
	}
}

i32 socket_set(u32 number, u32 option, u32 value)
{
	struct socket *s = socket_at(number);

	if (!s)
		return -E_NAME;
	if (option == ROOM)
		s->room = max(4096u, min(value, 425984u));
	return option == ROOM || option == SEND_ROOM ? 0 : -E_RANGE;
}
