/* The table of local sockets: numbers, names, ends. */
#include "sockets.h"

#define ROOM 212992u /* bytes, as Linux' default */

#define MAGIC	  0x6B636F53u
#define LAYOUT	  1u /* of what is kept; another one starts empty */
#define USES	  (0x80000000u / SOCKETS) /* numbers are answers: positive */
#define PAGE	  4096u

struct table {
	u32 magic, layout;
	struct socket sockets[SOCKETS];
};

#define TABLE_SIZE ((sizeof(struct table) + PAGE - 1) & ~(PAGE - 1))

static struct table *table;
static struct socket *sockets; /* the table's */
static u32 next = 1;

static i32 table_make(void)
{
	i32 error = 0, have = memory_kept_size();

	if ((u32)have < TABLE_SIZE)
		error = memory_kept_grow(TABLE_SIZE - (u32)have);
	if (error < 0)
		return error;
	memset(table, 0, sizeof(*table));
	table->magic = MAGIC;
	table->layout = LAYOUT;
	touch(table, sizeof(*table));
	return commit(0);
}

i32 sockets_start(void)
{
	i32 at = memory_kept(), error = 0;

	if (at < 0)
		return at;
	table = (struct table *)at;
	sockets = table->sockets;
	if (table->magic != MAGIC || table->layout != LAYOUT)
		error = table_make();
	if (error < 0)
		return error;
	chunks_start((u8 *)table + TABLE_SIZE);
	return 0;
}

void sockets_each(void (*visit)(struct socket *))
{
	for (u32 i = 1; i < SOCKETS; i++)
		if (sockets[i].state != FREE)
			visit(&sockets[i]);
}

struct socket *socket_at(u32 number)
{
	struct socket *s = &sockets[number % SOCKETS];

	return s->state == FREE || socket_number(s) != number ? NULL : s;
}

u32 socket_number(const struct socket *s)
{
	return s->use % USES * SOCKETS + (u32)(s - sockets);
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
		touch(s, sizeof(*s));
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
		touch(other, sizeof(*other));
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
	touch(s, sizeof(*s));
}
