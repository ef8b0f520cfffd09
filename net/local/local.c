/*
 * The `socket` gate for local sockets, but for what moves bytes: message.c.
 * Names are compared, never looked up: the core found out what file one means.
 */
#include "sockets.h"

i32 life_start(u32 generation)
{
	(void)generation;
	return sockets_start();
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
	return s ? commit((i32)socket_number(s)) : -E_MEMORY;
}

static void connect(struct socket *a, struct socket *b)
{
	a->peer = socket_number(b);
	b->peer = socket_number(a);
	a->peer_owner = b->owner;
	b->peer_owner = a->owner;
	a->state = b->state = CONNECTED;
	touch(a, sizeof(*a));
	touch(b, sizeof(*b));
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
	return commit((i32)socket_number(a));
}

i32 socket_close(u32 number)
{
	struct socket *s = socket_at(number);

	if (!s)
		return -E_NAME;
	socket_free(s);
	return commit(0);
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
	touch(s, sizeof(*s));
	return commit(0);
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
	touch(s, sizeof(*s));
	return commit(0);
}

static void pending_append(struct socket *listener, struct socket *s)
{
	struct socket *last = socket_at(listener->pending_last);
	u32 number = socket_number(s);

	if (listener->pending) {
		last->pending_next = number;
		touch(last, sizeof(*last));
	} else {
		listener->pending = number;
	}
	listener->pending_last = number;
	listener->pending_count++;
	s->listener = socket_number(listener);
	touch(listener, sizeof(*listener));
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
	pending_append(listener, other);
	notice_ready(socket_number(listener), READY_IN);
	return commit(0);
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
	touch(s, sizeof(*s));
	return commit(0);
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
	touch(s, sizeof(*s));
	touch(first, sizeof(*first));
	return commit((i32)socket_number(first));
}

i32 socket_shutdown(u32 number, u32 which)
{
	struct socket *s = socket_at(number);

	if (!s)
		return -E_NAME;
	if (s->state != CONNECTED && s->state != DISCONNECTED)
		return -E_KIND;
	s->shut |= which & 3;
	touch(s, sizeof(*s));
	notice_ready(number, READY_IN | READY_OUT);
	if (s->peer && s->kind != DATAGRAM) {
		struct socket *peer = socket_at(s->peer);

		if (which & 1) /* nobody reads what the peer writes */
			peer->shut |= 2;
		touch(peer, sizeof(*peer));
		notice_ready(s->peer, READY_IN | READY_OUT);
	}
	return commit(0);
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
		touch(s, sizeof(*s));
		return commit((i32)was);
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
	if (option != ROOM)
		return option == SEND_ROOM ? 0 : -E_RANGE;
	s->room = max(4096u, min(value, 425984u));
	touch(s, sizeof(*s));
	return commit(0);
}
