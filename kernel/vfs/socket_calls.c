/*
 * The system calls of sockets, behind their own numbers and behind
 * socketcall(2), whose arguments lie in memory.
 */
#include "kernel/linux/errno.h"
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/tsc.h"
#include "kernel/vfs/socket.h"

#define KIND_MASK     0xFu
#define SOCK_NONBLOCK O_NONBLOCK
#define SOCK_CLOEXEC  O_CLOEXEC

i32 sockets_ready(void);

struct socket_peer socket_myself(void)
{
	const struct process *p = process_current();

	return (struct socket_peer){ p->pid, p->credentials.euid,
				     p->credentials.egid };
}

static i32 descriptor_for(struct file *f, u32 flags)
{
	i32 d = files_add(process_current()->files, f, 0,
			  flags & SOCK_CLOEXEC ? FILE_CLOSE_ON_EXEC : 0);

	if (d < 0)
		file_drop(f);
	return d;
}

static i32 family_check(u32 family, u32 type, u32 protocol)
{
	u32 kind = type & KIND_MASK;

	if (family != AF_LOCAL)
		return -EAFNOSUPPORT;
	if (type & ~(KIND_MASK | SOCK_NONBLOCK | SOCK_CLOEXEC))
		return -EINVAL;
	if (kind != SOCK_STREAM && kind != SOCK_DGRAM && kind != SOCK_SEQPACKET)
		return -ESOCKTNOSUPPORT;
	if (protocol > 1)
		return -EPROTONOSUPPORT;
	return sockets_ready();
}

i32 call_socket(u32 family, u32 type, u32 protocol);
i32 call_socket(u32 family, u32 type, u32 protocol)
{
	struct socket_peer me = socket_myself();
	struct file *f;
	i32 r = family_check(family, type, protocol);

	if (r < 0)
		return r;
	r = SOCKET_ASK(down_socket_make(&sockets, type & KIND_MASK, &me));
	if (r < 0)
		return socket_errno(r);
	f = socket_file((u32)r, type & KIND_MASK,
			O_RDWR | (type & SOCK_NONBLOCK));
	return f ? descriptor_for(f, type) : -ENOMEM;
}

i32 call_socketpair(u32 family, u32 type, u32 protocol, u32 user);
i32 call_socketpair(u32 family, u32 type, u32 protocol, u32 user)
{
	struct socket_peer me = socket_myself();
	u32 kind = type & KIND_MASK, flags = O_RDWR | (type & SOCK_NONBLOCK);
	i32 first, pair[2];
	i32 r = family == 2 || family == 10 ?
			-EOPNOTSUPP : /* nobody can be both ends */
			family_check(family, type, protocol);

	if (r < 0)
		return r;
	first = SOCKET_ASK(down_socket_pair(&sockets, kind, &me));
	if (first < 0)
		return socket_errno(first);
	r = SOCKET_ASK(down_socket_get(&sockets, (u32)first, OPTION_PEER));
	struct file *a = socket_file((u32)first, kind, flags);
	struct file *b = r < 0 ? 0 : socket_file((u32)r, kind, flags);
	if (!a || !b) {
		if (a)
			file_drop(a);
		if (b)
			file_drop(b);
		return r < 0 ? socket_errno(r) : -ENOMEM;
	}
	pair[0] = descriptor_for(a, type);
	if (pair[0] < 0) {
		file_drop(b);
		return pair[0];
	}
	pair[1] = descriptor_for(b, type);
	r = pair[1] < 0 ? pair[1] : user_write(user, pair, sizeof(pair));
	if (r < 0) {
		files_close(process_current()->files, (u32)pair[0]);
		if (pair[1] >= 0)
			files_close(process_current()->files, (u32)pair[1]);
	}
	return r;
}

i32 call_bind(u32 descriptor, u32 user, u32 size);
i32 call_bind(u32 descriptor, u32 user, u32 size)
{
	u8 name[SOCKET_NAME + 8];
	i32 r;
	struct file *f = socket_get(descriptor, &r);

	if (!f)
		return r;
	r = socket_of(f)->bound.entry ?
		    -EINVAL :
		    socket_name_read(socket_of(f), user, size, 1, name);
	if (r >= 0)
		r = socket_status(SOCKET_ASK(down_socket_bind(
			&sockets, socket_of(f)->number, name, (u32)r)));
	file_drop(f);
	return r;
}

i32 call_connect(u32 descriptor, u32 user, u32 size);
i32 call_connect(u32 descriptor, u32 user, u32 size)
{
	struct socket_peer me = socket_myself();
	u8 name[SOCKET_NAME + 8];
	i32 r, n;
	struct file *f = socket_get(descriptor, &r);

	if (!f)
		return r;
	struct socket *s = socket_of(f);
	n = socket_name_read(s, user, size, 0, name);
	for (r = n; n >= 0;) {
		u32 seen = s->news;

		r = SOCKET_ASK(down_socket_connect(&sockets, s->number,
						   me.process, me.uid, me.gid,
						   name, (u32)n));
		if (r != -E_AGAIN) {
			r = socket_status(r);
			break;
		}
		r = f->flags & O_NONBLOCK ?
			    -EAGAIN :
			    socket_wait(s, seen, tsc_now() + 10000000);
		if (r < 0 && r != -EAGAIN)
			break;
		if (f->flags & O_NONBLOCK)
			break;
	}
	file_drop(f);
	return r;
}

i32 call_listen(u32 descriptor, u32 most);
i32 call_listen(u32 descriptor, u32 most)
{
	i32 r;
	struct file *f = socket_get(descriptor, &r);

	if (!f)
		return r;
	r = SOCKET_ASK(
		down_socket_listen(&sockets, socket_of(f)->number, most));
	file_drop(f);
	return r == -E_FORM ? -EOPNOTSUPP : socket_status(r);
}

/* The next connection's number; waits for one. */
static i32 accept_next(struct file *f)
{
	struct socket *s = socket_of(f);
	u64 deadline = socket_deadline(s->receive_timeout);

	for (;;) {
		u32 seen = s->news;
		i32 r = SOCKET_ASK(down_socket_accept(&sockets, s->number));

		if (r != -E_AGAIN)
			return socket_errno(r);
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		r = socket_wait(s, seen, deadline);
		if (r < 0)
			return r;
	}
}

static i32 name_tell(u32 number, u32 whose, u32 user, u32 user_size)
{
	u8 name[SOCKET_NAME + 8] = { 0 };
	i32 n = SOCKET_ASK(down_socket_name(&sockets, number, whose, name,
					    SOCKET_NAME));

	return n < 0 ? socket_errno(n) :
		       socket_name_write(name, n, user, user_size);
}

i32 call_accept4(u32 descriptor, u32 user, u32 user_size, u32 flags);
i32 call_accept4(u32 descriptor, u32 user, u32 user_size, u32 flags)
{
	i32 r;
	struct file *f = socket_get(descriptor, &r), *accepted;

	if (!f)
		return r;
	u32 kind = socket_of(f)->kind;
	r = flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC) ? -EINVAL : accept_next(f);
	file_drop(f);
	if (r < 0)
		return r;
	u32 number = (u32)r;
	accepted = socket_file(number, kind, O_RDWR | (flags & SOCK_NONBLOCK));
	if (!accepted)
		return -ENOMEM;
	r = user ? name_tell(number, 1, user, user_size) : 0;
	if (r < 0 && r != -ENOTCONN) {
		file_drop(accepted);
		return r;
	}
	return descriptor_for(accepted, flags);
}

i32 call_getsockname(u32 descriptor, u32 user, u32 user_size);
i32 call_getsockname(u32 descriptor, u32 user, u32 user_size)
{
	i32 r;
	struct file *f = socket_get(descriptor, &r);

	if (!f)
		return r;
	r = name_tell(socket_of(f)->number, 0, user, user_size);
	file_drop(f);
	return r;
}

i32 call_getpeername(u32 descriptor, u32 user, u32 user_size);
i32 call_getpeername(u32 descriptor, u32 user, u32 user_size)
{
	i32 r;
	struct file *f = socket_get(descriptor, &r);

	if (!f)
		return r;
	r = name_tell(socket_of(f)->number, 1, user, user_size);
	file_drop(f);
	return r;
}

i32 call_shutdown(u32 descriptor, u32 how);
i32 call_shutdown(u32 descriptor, u32 how)
{
	i32 r;
	struct file *f = socket_get(descriptor, &r);

	if (!f)
		return r;
	r = how > 2 ? -EINVAL :
		      socket_status(SOCKET_ASK(down_socket_shutdown(
			      &sockets, socket_of(f)->number, how + 1)));
	file_drop(f);
	return r;
}

/* socketcall(2): what its first argument asks for, and how many words. */
i32 call_sendto(u32 d, u32 data, u32 size, u32 flags, u32 user, u32 user_size);
i32 call_recvfrom(u32 d, u32 data, u32 size, u32 flags, u32 user, u32 room);
i32 call_sendmsg(u32 d, u32 user, u32 flags);
i32 call_recvmsg(u32 d, u32 user, u32 flags);
i32 call_setsockopt(u32 d, u32 level, u32 name, u32 user, u32 size);
i32 call_getsockopt(u32 d, u32 level, u32 name, u32 user, u32 user_size);

static i32 socketcall(u32 call, const u32 *a)
{
	switch (call) {
	case 1:
		return call_socket(a[0], a[1], a[2]);
	case 2:
		return call_bind(a[0], a[1], a[2]);
	case 3:
		return call_connect(a[0], a[1], a[2]);
	case 4:
		return call_listen(a[0], a[1]);
	case 5:
		return call_accept4(a[0], a[1], a[2], 0);
	case 6:
		return call_getsockname(a[0], a[1], a[2]);
	case 7:
		return call_getpeername(a[0], a[1], a[2]);
	case 8:
		return call_socketpair(a[0], a[1], a[2], a[3]);
	case 9:
		return call_sendto(a[0], a[1], a[2], a[3], 0, 0);
	case 10:
		return call_recvfrom(a[0], a[1], a[2], a[3], 0, 0);
	case 11:
		return call_sendto(a[0], a[1], a[2], a[3], a[4], a[5]);
	case 12:
		return call_recvfrom(a[0], a[1], a[2], a[3], a[4], a[5]);
	case 13:
		return call_shutdown(a[0], a[1]);
	case 14:
		return call_setsockopt(a[0], a[1], a[2], a[3], a[4]);
	case 15:
		return call_getsockopt(a[0], a[1], a[2], a[3], a[4]);
	case 16:
		return call_sendmsg(a[0], a[1], a[2]);
	case 17:
		return call_recvmsg(a[0], a[1], a[2]);
	case 18:
		return call_accept4(a[0], a[1], a[2], a[3]);
	default:
		return -EINVAL;
	}
}

i32 call_socketcall(u32 call, u32 user);
i32 call_socketcall(u32 call, u32 user)
{
	static const u8 words[] = { 0, 3, 3, 3, 2, 3, 3, 3, 4, 4,
				    4, 6, 6, 2, 5, 5, 3, 3, 4 };
	u32 a[6] = { 0 };
	i32 r;

	if (!call || call >= sizeof(words))
		return -EINVAL;
	r = user_read(a, user, 4u * words[call]);
	return r < 0 ? r : socketcall(call, a);
}
