/* The table of local sockets: numbers, names, ends. */
#include "sockets.h"

#define ROOM 212992u /* bytes, as Linux' default */

#define EPOCHS (0x80000000u / SOCKETS) /* numbers are answers: positive */

static struct socket sockets[SOCKETS];
static u32 next = 1;
static u32 epoch;

void sockets_start(u32 generation)
{
	epoch = generation % EPOCHS;
}

struct socket *socket_at(u32 number)
{
	u32 slot = number % SOCKETS;

	if (!slot || number / SOCKETS != epoch || sockets[slot].state == FREE)
		return NULL;
	return &sockets[slot];
}

u32 socket_number(const struct socket *s)
{
	return epoch * SOCKETS + (u32)(s - sockets);
}

struct socket *socket_new(u32 kind, const struct socket_peer *owner)
{
	for (u32 tried = 1; tried < SOCKETS; tried++) {
		struct socket *s = &sockets[next];
		u32 use = s->use + 1;

		next = next + 1 < SOCKETS ? next + 1 : 1;
		if (s->state != FREE)
			continue;
		memset(s, 0, sizeof(*s));
		s->use = use;
		s->kind = (u8)kind;
		s->state = FRESH;
		s->owner = *owner;
		s->room = ROOM;
		return s;
	}
	return NULL;
}

static bool same_name(const struct socket *s, const u8 *name, u32 size)
{
	static const u8 none[KEY];

	if (memcmp(name, none, KEY))
		return !memcmp(s->name, name, KEY);
	return s->name_size == size && !memcmp(s->name, name, size);
}

struct socket *socket_named(const u8 *name, u32 size)
{
	for (u32 i = 1; i < SOCKETS; i++)
		if (sockets[i].state != FREE && sockets[i].bound &&
		    same_name(&sockets[i], name, size))
			return &sockets[i];
	return NULL;
}

/* Nobody is connected to s any more. */
static void disconnect_all(const struct socket *s)
{
	u32 number = socket_number(s);

	for (u32 i = 1; i < SOCKETS; i++) {
		struct socket *other = &sockets[i];

		if (other->state == FREE || other->peer != number)
			continue;
		other->peer = 0;
		if (other->kind != DATAGRAM) {
			other->state = DISCONNECTED;
			other->reset = s->queue.bytes != 0;
		}
		notice_ready(socket_number(other),
			     READY_IN | READY_OUT | READY_HANGUP);
	}
}

void socket_free(struct socket *s)
{
	while (s->pending) {
		struct socket *waiting = socket_at(s->pending);

		s->pending = waiting->pending_next;
		waiting->listener = 0;
		socket_free(waiting);
	}
	disconnect_all(s);
	queue_clear(&s->queue);
	s->state = FREE;
}
