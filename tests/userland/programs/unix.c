/*
 * AF_UNIX sockets: pairs, streams, datagrams, packets, names, options, ends,
 * all by the C library's socketcall.
 */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static int ends[2];
static char text[256];

static socklen_t name_make(struct sockaddr_un *name, const char *path)
{
	memset(name, 0, sizeof(*name));
	name->sun_family = AF_UNIX;
	strcpy(name->sun_path, path);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			   strlen(path) + 1);
}

static int bound(int kind, const char *path)
{
	struct sockaddr_un name;
	socklen_t size = name_make(&name, path);
	int file = socket(AF_UNIX, kind, 0);

	CHECK(file >= 0);
	DO(bind(file, (void *)&name, size));
	return file;
}

static int reach(int file, const char *path)
{
	struct sockaddr_un name;
	socklen_t size = name_make(&name, path);

	return connect(file, (void *)&name, size);
}

TEST(pair)
{
	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(write(ends[0], "ping", 4), 4);
	IS(read(ends[1], text, 100), 4);
	IS(send(ends[1], "pong!", 5, 0), 5);
	IS(recv(ends[0], text, 2, 0), 2);
	IS(recv(ends[0], text, 100, 0), 3); /* a stream has no seams */
	IS(memcmp(text, "ng!", 3), 0);
	IS(write(ends[0], "ab", 2), 2);
	IS(write(ends[0], "cd", 2), 2);
	IS(read(ends[1], text, 100), 4);
}

TEST(flags_of_a_pair)
{
	DO(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		      ends));
	IS(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
	ERROR(read(ends[0], text, 1), EAGAIN);
	DO(fcntl(ends[0], F_SETFL, 0));
	ERROR(recv(ends[0], text, 1, MSG_DONTWAIT), EAGAIN);
	ERROR(lseek(ends[0], 0, SEEK_SET), ESPIPE);
	IS(socketpair(AF_INET, SOCK_STREAM, 0, ends), -1);
	ERROR(socket(77, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK(socket(AF_UNIX, 77, 0) == -1);
}

TEST(ends)
{
	struct pollfd end;

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(write(ends[0], "last", 4), 4);
	DO(close(ends[0]));
	end = (struct pollfd){ ends[1], POLLIN | POLLOUT, 0 };
	IS(poll(&end, 1, 0), 1);
	IS(end.revents, POLLIN | POLLOUT | POLLHUP);
	IS(read(ends[1], text, 100), 4);
	IS(read(ends[1], text, 100), 0);
	signal(SIGPIPE, SIG_IGN);
	ERROR(write(ends[1], "x", 1), EPIPE);
	signal(SIGPIPE, SIG_DFL);
	ERROR(send(ends[1], "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(half_closed)
{
	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(write(ends[0], "last", 4), 4);
	DO(shutdown(ends[0], SHUT_WR));
	ERROR(send(ends[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	IS(read(ends[1], text, 100), 4);
	IS(read(ends[1], text, 100), 0);
	IS(write(ends[1], "back", 4), 4);
	IS(read(ends[0], text, 100), 4);
	DO(shutdown(ends[0], SHUT_RD));
	IS(read(ends[0], text, 100), 0);
	ERROR(shutdown(ends[0], 77), EINVAL);
}

TEST(looking_without_taking)
{
	int there;

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(write(ends[0], "peek", 4), 4);
	IS(recv(ends[1], text, 100, MSG_PEEK), 4);
	DO(ioctl(ends[1], FIONREAD, &there));
	IS(there, 4);
	IS(recv(ends[1], text, 100, 0), 4);
	IS(write(ends[0], "ab", 2), 2);
	if (child_make() == 0) {
		clock_sleep(20);
		IS(write(ends[0], "cd", 2), 2);
		_exit(0);
	}
	IS(recv(ends[1], text, 4, MSG_WAITALL), 4);
}

TEST(named_stream)
{
	struct sockaddr_un name;
	socklen_t size = sizeof(name);
	struct stat about;
	int server = bound(SOCK_STREAM, "name"), client, served;

	DO(lstat("name", &about));
	CHECK(S_ISSOCK(about.st_mode));
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	ERROR(reach(client, "name"), ECONNREFUSED); /* not listening */
	DO(listen(server, 5));
	DO(reach(client, "name")); /* before it is accepted */
	IS(write(client, "early", 5), 5);
	served = accept4(server, (void *)&name, &size, SOCK_CLOEXEC);
	CHECK(served >= 0);
	IS(size, 2); /* the client has no name */
	IS(fcntl(served, F_GETFD), FD_CLOEXEC);
	IS(read(served, text, 100), 5);
	size = sizeof(name);
	DO(getsockname(served, (void *)&name, &size));
	TEXT(name.sun_path, "name");
	IS(size, 7);
	size = sizeof(name);
	DO(getpeername(client, (void *)&name, &size));
	TEXT(name.sun_path, "name");
	ERROR(reach(client, "name"), EISCONN);
	DO(close(server));
	ERROR(reach(socket(AF_UNIX, SOCK_STREAM, 0), "name"), ECONNREFUSED);
	IS(write(served, "still", 5), 5);
}

TEST(name_refusals)
{
	struct sockaddr_un name;
	socklen_t size = name_make(&name, "taken");
	int file = socket(AF_UNIX, SOCK_STREAM, 0);

	close(file_make("taken", "", 0));
	ERROR(bind(file, (void *)&name, size), EADDRINUSE);
	ERROR(reach(file, "taken"), ECONNREFUSED);
	ERROR(reach(file, "none"), ENOENT);
	size = name_make(&name, "no/such/folder");
	ERROR(bind(file, (void *)&name, size), ENOENT);
	ERROR(bind(file, (void *)&name, 1), EINVAL);
	ERROR(bind(file, (void *)&name, 200), EINVAL);
	ERROR(bind(file, bad, 10), EFAULT);
	DO(bind(file, (void *)&name, name_make(&name, "mine")));
	ERROR(bind(file, (void *)&name, name_make(&name, "again")), EINVAL);
	ERROR(bind(file_make("f", "", 0), (void *)&name, 10), ENOTSOCK);
	ERROR(bind(99, (void *)&name, 10), EBADF);
	ERROR(getpeername(file, (void *)&name, &size), ENOTCONN);
	ERROR(accept(file, NULL, NULL), EINVAL);
	ERROR(recv(file, text, 1, 0), EINVAL);
	ERROR(send(file, text, 1, MSG_NOSIGNAL), ENOTCONN);
}

/* Names that begin with a NUL are no files, and go with the socket. */
TEST(abstract_names)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int server = socket(AF_UNIX, SOCK_STREAM, 0);
	int other = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t size = 2 + 11;

	sprintf(name.sun_path + 1, "abs%07d", (int)getpid());
	DO(bind(server, (void *)&name, size));
	ERROR(bind(other, (void *)&name, size), EADDRINUSE);
	DO(listen(server, 1));
	DO(connect(other, (void *)&name, size));
	ERROR(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&name, size - 1),
	      ECONNREFUSED);
	DO(close(server));
	DO(bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&name, size));
}

TEST(waiting_for_a_client)
{
	struct pollfd ready;
	int server = bound(SOCK_STREAM, "name"), at, client;
	pid_t child;

	DO(listen(server, 8));
	ready = (struct pollfd){ server, POLLIN, 0 };
	IS(poll(&ready, 1, 0), 0);
	child = child_make();
	if (child == 0) {
		for (at = 0; at < 5; at++) {
			client = socket(AF_UNIX, SOCK_STREAM, 0);
			DO(reach(client, "name"));
			IS(write(client, "hi", 2), 2);
			IS(read(client, text, 10), 2);
			DO(close(client));
		}
		child_end();
	}
	for (at = 0; at < 5; at++) {
		client = accept(server, NULL, NULL);
		CHECK(client >= 0);
		IS(read(client, text, 10), 2);
		IS(write(client, text, 2), 2);
		IS(read(client, text, 10), 0);
		DO(close(client));
	}
	child_good(child);
	DO(fcntl(server, F_SETFL, O_NONBLOCK));
	ERROR(accept(server, NULL, NULL), EAGAIN);
}

TEST(datagrams)
{
	struct sockaddr_un name;
	socklen_t size = name_make(&name, "one");
	int one = bound(SOCK_DGRAM, "one"), two = bound(SOCK_DGRAM, "two");

	IS(sendto(two, "first", 5, 0, (void *)&name, size), 5);
	IS(sendto(two, "second", 6, 0, (void *)&name, size), 6);
	IS(sendto(two, "", 0, 0, (void *)&name, size), 0);
	size = sizeof(name);
	IS(recvfrom(one, text, 3, 0, (void *)&name, &size), 3); /* rest lost */
	TEXT(name.sun_path, "two");
	IS(recv(one, text, 100, 0), 6);
	IS(recv(one, text, 100, 0), 0); /* an empty one, no end */
	ERROR(recv(one, text, 100, MSG_DONTWAIT), EAGAIN);
	ERROR(send(one, "x", 1, 0), ENOTCONN);
	DO(reach(two, "one"));
	IS(send(two, "by connection", 13, 0), 13);
	IS(recv(one, text, 5, MSG_TRUNC), 13); /* its true length */
	DO(close(one));
	ERROR(send(two, "x", 1, 0), ECONNREFUSED);
}

TEST(datagram_pair)
{
	DO(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
	IS(send(ends[0], "abc", 3, 0), 3);
	IS(send(ends[0], "de", 2, 0), 2);
	IS(recv(ends[1], text, 100, 0), 3);
	IS(recv(ends[1], text, 100, 0), 2);
}

TEST(packets)
{
	struct msghdr message = { 0 };
	struct iovec part = { text, 2 };

	DO(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	IS(send(ends[0], "abc", 3, 0), 3);
	IS(send(ends[0], "defg", 4, 0), 4);
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	IS(recvmsg(ends[1], &message, 0), 2);
	CHECK(message.msg_flags & MSG_TRUNC);
	IS(recv(ends[1], text, 100, 0), 4);
	DO(close(ends[0]));
	IS(recv(ends[1], text, 100, 0), 0);
}

TEST(options)
{
	int value = -1;
	socklen_t size = sizeof(value);
	int server = bound(SOCK_STREAM, "name");

	DO(getsockopt(server, SOL_SOCKET, SO_TYPE, &value, &size));
	IS(value, SOCK_STREAM);
	DO(getsockopt(server, SOL_SOCKET, SO_ACCEPTCONN, &value, &size));
	IS(value, 0);
	DO(listen(server, 1));
	DO(getsockopt(server, SOL_SOCKET, SO_ACCEPTCONN, &value, &size));
	IS(value, 1);
	DO(getsockopt(server, SOL_SOCKET, SO_ERROR, &value, &size));
	IS(value, 0);
	DO(getsockopt(server, SOL_SOCKET, SO_DOMAIN, &value, &size));
	IS(value, AF_UNIX);
	DO(getsockopt(server, SOL_SOCKET, SO_SNDBUF, &value, &size));
	CHECK(value > 1000);
	value = 1;
	DO(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &value, size));
	ERROR(getsockopt(server, SOL_SOCKET, 7777, &value, &size), ENOPROTOOPT);
	ERROR(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &value, 1), EINVAL);
	ERROR(getsockopt(1000, SOL_SOCKET, SO_TYPE, &value, &size), EBADF);
}

TEST(full_buffers)
{
	static char many[4096];
	struct pollfd end;
	long sum = 0, back = 0;
	ssize_t wrote;

	DO(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends));
	while ((wrote = write(ends[0], many, sizeof(many))) > 0)
		sum += wrote;
	IS(errno, EAGAIN);
	CHECK(sum >= 4096);
	end = (struct pollfd){ ends[0], POLLOUT, 0 };
	IS(poll(&end, 1, 0), 0);
	while ((wrote = read(ends[1], many, sizeof(many))) > 0)
		back += wrote;
	IS(back, sum);
	IS(poll(&end, 1, 0), 1);
}

TEST(scattered)
{
	struct iovec out[2] = { { (void *)"head", 4 }, { (void *)"tail", 4 } };
	struct iovec in[2] = { { text, 6 }, { text + 100, 10 } };
	struct msghdr message = { .msg_iov = out, .msg_iovlen = 2 };

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(sendmsg(ends[0], &message, 0), 8);
	message.msg_iov = in;
	IS(recvmsg(ends[1], &message, 0), 8);
	IS(memcmp(text, "headta", 6), 0);
	IS(memcmp(text + 100, "il", 2), 0);
	message.msg_iovlen = 100000;
	ERROR(sendmsg(ends[0], &message, 0), EMSGSIZE);
	ERROR(sendmsg(ends[0], bad, 0), EFAULT);
	ERROR(syscall(SYS_socketcall, 77, NULL), EINVAL);
	ERROR(syscall(SYS_socketcall, 1, bad), EFAULT);
}
