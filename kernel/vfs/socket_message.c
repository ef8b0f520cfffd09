/* Sending and receiving with names, control messages and options. */
#include "kernel/heap.h"
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/vfs/socket.h"

#define SPANS_MOST 1024u

/* struct msghdr of i386. */
struct header {
	u32 name, name_size, spans, span_count, control, control_size, flags;
};

/* One datagram to a name: name and bytes go as one buffer. */
static i32 send_to(struct file *f, struct transfer *t, u32 flags,
		   const struct sending *how, u32 user, u32 user_size)
{
	struct socket *s = socket_of(f);
	u32 head = sizeof(how->who);
	u8 *both;
	i32 r, n;

	if (s->kind != SOCK_DGRAM)
		return -EISCONN;
	if (t->left > 0x40000)
		return -EMSGSIZE;
	both = heap_take_now(head + SOCKET_NAME + 8 + t->left);
	if (!both)
		return -ENOBUFS;
	memory_copy(both, &how->who, head);
	n = r = socket_name_read(s, user, user_size, 0, both + head);
	u32 size = t->left;
	if (r >= 0)
		r = transfer_in(t, both + head + n, size);
	while (r >= 0) {
		u32 seen = s->news;

		rights_send(how->rights);
		r = SOCKET_ASK(down_socket_send_to(&sockets, s->number,
						   how->rights, (u32)n, both,
						   head + (u32)n + size));
		if (r != -E_AGAIN) {
			r = r < 0 ? socket_errno(r) : (i32)min((u32)r, size);
			break;
		}
		if (flags & MSG_DONTWAIT || f->flags & O_NONBLOCK) {
			r = -EAGAIN;
			break;
		}
		/* the receiver's news are not ours: look again soon */
		r = socket_wait(s, seen, tsc_now() + 2000000);
		if (r == -EAGAIN)
			r = 0;
	}
	heap_give(both);
	return r;
}

static i32 send_any(struct file *f, struct transfer *t, u32 flags,
		    const struct sending *how, u32 user, u32 user_size)
{
	i32 r = user && user_size ?
			send_to(f, t, flags, how, user, user_size) :
			socket_send(f, t, flags, how);

	if (r < 0)
		rights_drop(how->rights);
	return r;
}

i32 call_sendto(u32 d, u32 data, u32 size, u32 flags, u32 user, u32 user_size);
i32 call_sendto(u32 d, u32 data, u32 size, u32 flags, u32 user, u32 user_size)
{
	struct transfer t;
	i32 r;
	struct file *f = socket_get(d, &r);

	if (!f)
		return r;
	struct sending how = { socket_myself(), 0 };
	transfer_user(&t, data, size);
	r = send_any(f, &t, flags, &how, user, user_size);
	file_drop(f);
	return r;
}

static i32 header_read(struct header *h, u32 user, struct span **spans)
{
	u64 total = 0;
	i32 r = user_read(h, user, sizeof(*h));

	*spans = 0;
	if (r < 0)
		return r;
	if (h->span_count > SPANS_MOST)
		return -EMSGSIZE;
	*spans = heap_take_now(max(h->span_count, 1u) * sizeof(**spans));
	if (!*spans)
		return -ENOBUFS;
	r = user_read(*spans, h->spans, h->span_count * sizeof(**spans));
	for (u32 i = 0; r >= 0 && i < h->span_count; i++)
		total += (*spans)[i].size;
	if (r >= 0 && total > 0x7FFFFFFF)
		r = -EINVAL;
	if (r < 0)
		heap_give(*spans);
	return r;
}

i32 call_sendmsg(u32 d, u32 user, u32 flags);
i32 call_sendmsg(u32 d, u32 user, u32 flags)
{
	struct transfer t;
	struct header h;
	struct span *spans;
	struct sending how = { socket_myself(), 0 };
	i32 r;
	struct file *f = socket_get(d, &r);

	if (!f)
		return r;
	r = header_read(&h, user, &spans);
	if (r >= 0) {
		if (h.control && h.control_size)
			r = rights_take(h.control, h.control_size, &how);
		if (r >= 0) {
			transfer_spans(&t, spans, h.span_count);
			r = send_any(f, &t, flags, &how, h.name,
				     h.name_size);
		}
		heap_give(spans);
	}
	file_drop(f);
	return r;
}

i32 call_recvfrom(u32 d, u32 data, u32 size, u32 flags, u32 user, u32 room);
i32 call_recvfrom(u32 d, u32 data, u32 size, u32 flags, u32 user, u32 room)
{
	struct socket_message m = { .rights = 0 };
	struct transfer t;
	i32 r, name;
	struct file *f = socket_get(d, &r);

	if (!f)
		return r;
	transfer_user(&t, data, size);
	r = socket_receive(f, &t, flags, &m);
	if (r >= 0 && !(flags & MSG_PEEK))
		rights_drop(m.rights);
	if (r >= 0 && user) {
		name = m.name_size ? socket_name_write(m.name,
						       (i32)m.name_size, user,
						       room) :
				     user_write32(room, 0);
		if (name < 0)
			r = name;
	}
	if (r >= 0 && flags & MSG_TRUNC && socket_of(f)->kind != SOCK_STREAM)
		r = (i32)min(m.whole, 0x7FFFFFFFu);
	file_drop(f);
	return r;
}

/* What recvmsg writes back besides the bytes. */
static i32 header_write(struct file *f, u32 user, struct header *h,
			const struct socket_message *m, u32 flags, u32 got)
{
	u32 out = 0;
	i32 r = 0;

	if (socket_of(f)->kind != SOCK_STREAM && m->whole > got)
		out |= MSG_TRUNC;
	if (h->name && m->name_size)
		r = socket_name_write(m->name, (i32)m->name_size, h->name,
				      user + 4);
	else
		r = user_write32(user + 4, 0);
	if (r >= 0)
		r = rights_give(m, socket_of(f)->pass_credentials, h->control,
				h->control ? h->control_size : 0, flags, &out);
	if (r >= 0)
		r = user_write32(user + 20, (u32)r);
	if (r >= 0)
		r = user_write32(user + 24, out);
	return r;
}

i32 call_recvmsg(u32 d, u32 user, u32 flags);
i32 call_recvmsg(u32 d, u32 user, u32 flags)
{
	struct socket_message m = { .rights = 0 };
	struct transfer t;
	struct header h;
	struct span *spans;
	i32 r, error;
	struct file *f = socket_get(d, &r);

	if (!f)
		return r;
	r = header_read(&h, user, &spans);
	if (r >= 0) {
		transfer_spans(&t, spans, h.span_count);
		r = socket_receive(f, &t, flags, &m);
		if (flags & MSG_PEEK)
			m.rights = 0; /* they stay with the message */
		if (r >= 0) {
			error = header_write(f, user, &h, &m, flags, (u32)r);
			r = error < 0 ? error : r;
		}
		heap_give(spans);
	}
	file_drop(f);
	return r;
}

enum option_name {
	SO_DEBUG = 1, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE,
	SO_BROADCAST, SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_LINGER = 13,
	SO_PASSCRED = 16, SO_PEERCRED, SO_RCVLOWAT, SO_SNDLOWAT, SO_RCVTIMEO,
	SO_SNDTIMEO, SO_ACCEPTCONN = 30, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE,
	SO_PROTOCOL = 38, SO_DOMAIN,
};

/* struct timeval to milliseconds. */
static i32 timeout_set(u32 *ms, u32 user, u32 size)
{
	u32 pair[2];
	i32 r = size < sizeof(pair) ? -EINVAL :
				      user_read(pair, user, sizeof(pair));

	if (r < 0)
		return r;
	if (pair[1] > 999999)
		return -EDOM;
	*ms = min(pair[0], 4000000u) * 1000 + (pair[1] + 999) / 1000;
	return 0;
}

static i32 option_set(struct socket *s, u32 name, u32 user, u32 size)
{
	u32 value;
	i32 r;

	if (name == SO_RCVTIMEO)
		return timeout_set(&s->receive_timeout, user, size);
	if (name == SO_SNDTIMEO)
		return timeout_set(&s->send_timeout, user, size);
	r = size < 4 ? -EINVAL : user_read32(&value, user);
	if (r < 0)
		return r;
	switch (name) {
	case SO_PASSCRED:
		s->pass_credentials = value != 0;
		return 0;
	case SO_SNDBUF:
	case SO_SNDBUFFORCE:
		return 0; /* the receiver's room is what counts */
	case SO_RCVBUF:
	case SO_RCVBUFFORCE:
		return socket_status(SOCKET_ASK(
			down_socket_set(&sockets, s->number, 6, 2 * value)));
	case SO_DEBUG:
	case SO_REUSEADDR:
	case SO_DONTROUTE:
	case SO_BROADCAST:
	case SO_KEEPALIVE:
	case SO_LINGER:
	case SO_RCVLOWAT:
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

i32 call_setsockopt(u32 d, u32 level, u32 name, u32 user, u32 size);
i32 call_setsockopt(u32 d, u32 level, u32 name, u32 user, u32 size)
{
	i32 r;
	struct file *f = socket_get(d, &r);

	if (!f)
		return r;
	r = level == 1 ? option_set(socket_of(f), name, user, size) :
			 -EOPNOTSUPP;
	file_drop(f);
	return r;
}

/* One word that an option answers, or -errno. */
static i32 option_word(struct socket *s, u32 name)
{
	switch (name) {
	case SO_TYPE:
		return s->kind;
	case SO_ERROR:
		return SOCKET_ASK(down_socket_get(&sockets, s->number, 2)) ?
			       ECONNRESET :
			       0;
	case SO_ACCEPTCONN:
		return SOCKET_ASK(down_socket_get(&sockets, s->number, 4)) > 0;
	case SO_SNDBUF:
	case SO_RCVBUF:
		return socket_errno(
			SOCKET_ASK(down_socket_get(&sockets, s->number, 6)));
	case SO_PASSCRED:
		return s->pass_credentials;
	case SO_DOMAIN:
		return (i32)AF_LOCAL;
	case SO_RCVLOWAT:
	case SO_SNDLOWAT:
		return 1;
	case SO_DEBUG:
	case SO_REUSEADDR:
	case SO_DONTROUTE:
	case SO_BROADCAST:
	case SO_KEEPALIVE:
	case SO_PROTOCOL:
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static i32 option_write(const void *value, u32 size, u32 user, u32 user_size)
{
	u32 room;
	i32 r = user_read32(&room, user_size);

	if (r < 0)
		return r;
	if ((i32)room < 0)
		return -EINVAL;
	r = user_write(user, value, min(room, size));
	return r < 0 ? r : user_write32(user_size, min(room, size));
}

static i32 option_get(struct socket *s, u32 name, u32 user, u32 user_size)
{
	struct socket_peer peer = { 0, ~0u, ~0u };
	u32 pair[2];
	i32 r;

	if (name == SO_PEERCRED) {
		r = SOCKET_ASK(down_socket_peer(&sockets, s->number, &peer));
		if (r < 0)
			peer = (struct socket_peer){ 0, ~0u, ~0u };
		return option_write(&peer, sizeof(peer), user, user_size);
	}
	if (name == SO_RCVTIMEO || name == SO_SNDTIMEO) {
		u32 ms = name == SO_RCVTIMEO ? s->receive_timeout :
					       s->send_timeout;

		pair[0] = ms / 1000;
		pair[1] = ms % 1000 * 1000;
		return option_write(pair, sizeof(pair), user, user_size);
	}
	pair[0] = pair[1] = 0;
	if (name == SO_LINGER)
		return option_write(pair, sizeof(pair), user, user_size);
	r = option_word(s, name);
	return r < 0 ? r : option_write(&r, sizeof(r), user, user_size);
}

i32 call_getsockopt(u32 d, u32 level, u32 name, u32 user, u32 user_size);
i32 call_getsockopt(u32 d, u32 level, u32 name, u32 user, u32 user_size)
{
	i32 r;
	struct file *f = socket_get(d, &r);

	if (!f)
		return r;
	r = level == 1 ? option_get(socket_of(f), name, user, user_size) :
			 -EOPNOTSUPP;
	file_drop(f);
	return r;
}
