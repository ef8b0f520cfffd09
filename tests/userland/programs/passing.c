/*
 * What travels beside bytes through AF_UNIX sockets: descriptors, and who
 * sent them.
 */
#include "check.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

static int ends[2];

union control {
	struct cmsghdr head;
	char room[256];
};

/* Send one byte, or none, with `count` descriptors. */
static ssize_t files_send(int socket, const int *files, size_t count,
			  size_t bytes)
{
	union control control;
	struct iovec part = { (void *)"x", bytes };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen =
					  CMSG_SPACE(count * sizeof(int)) };

	memset(&control, 0, sizeof(control));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(&control.head), files, count * sizeof(int));
	return sendmsg(socket, &message, MSG_NOSIGNAL);
}

/* Receive; returns how many descriptors came, into `files`. */
static int files_take(int socket, int *files, size_t room, int flags, int *said)
{
	union control control;
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = room };
	size_t size;

	memset(&control, 0, sizeof(control));
	CHECK(recvmsg(socket, &message, flags) >= 0);
	if (said)
		*said = message.msg_flags;
	if (message.msg_controllen < sizeof(struct cmsghdr))
		return 0;
	IS(control.head.cmsg_level, SOL_SOCKET);
	IS(control.head.cmsg_type, SCM_RIGHTS);
	size = control.head.cmsg_len - CMSG_LEN(0);
	memcpy(files, CMSG_DATA(&control.head), size);
	return (int)(size / sizeof(int));
}

TEST(one_file)
{
	int file = file_make("f", "contents", 8), got[4] = { -1 };
	struct stat one, two;
	char text[16] = "";

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(files_send(ends[0], &file, 1, 1), 1);
	IS(lseek(file, 4, SEEK_SET), 4);
	IS(files_take(ends[1], got, 256, 0, NULL), 1);
	CHECK(got[0] != file);
	IS(fcntl(got[0], F_GETFD), 0);
	IS(read(got[0], text, 15), 4); /* the same open file */
	TEXT(text, "ents");
	DO(fstat(file, &one));
	DO(fstat(got[0], &two));
	IS(one.st_ino, two.st_ino);
}

TEST(to_another_process)
{
	int pipe_ends[2], got[2];
	pid_t child;
	char text[8] = "";

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	child = child_make();
	if (child == 0) {
		IS(files_take(ends[1], got, 256, 0, NULL), 1);
		IS(write(got[0], "hello", 5), 5);
		child_end();
	}
	DO(pipe(pipe_ends));
	IS(files_send(ends[0], &pipe_ends[1], 1, 1), 1);
	DO(close(pipe_ends[1]));
	IS(read(pipe_ends[0], text, 7), 5);
	TEXT(text, "hello");
	child_good(child);
	IS(read(pipe_ends[0], text, 7), 0);
}

TEST(several_files)
{
	int files[20], got[20] = { 0 }, at;
	struct stat about;

	for (at = 0; at < 20; at++)
		files[at] = open("/dev/null", O_RDWR);
	DO(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
	IS(files_send(ends[0], files, 20, 1), 1);
	IS(files_take(ends[1], got, 256, MSG_CMSG_CLOEXEC, NULL), 20);
	for (at = 0; at < 20; at++) {
		DO(fstat(got[at], &about));
		IS(fcntl(got[at], F_GETFD), FD_CLOEXEC);
	}
}

/* Those there is no room for are closed, and it is said. */
TEST(too_little_room)
{
	int files[3] = { 0, 1, 2 }, got[4], said;

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(files_send(ends[0], files, 3, 1), 1);
	IS(files_take(ends[1], got, CMSG_LEN(2 * sizeof(int)), 0, &said), 2);
	CHECK(said & MSG_CTRUNC);
	IS(files_send(ends[0], files, 3, 1), 1);
	IS(files_take(ends[1], got, 0, 0, &said), 0);
	CHECK(said & MSG_CTRUNC);
}

/* A file whose only descriptor is under way lives, and dies with it. */
TEST(under_way)
{
	int pipe_ends[2], got[2];
	char byte;

	DO(pipe(pipe_ends));
	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(files_send(ends[0], &pipe_ends[1], 1, 1), 1);
	DO(close(pipe_ends[1]));
	DO(fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK));
	ERROR(read(pipe_ends[0], &byte, 1), EAGAIN);
	IS(files_take(ends[1], got, 256, 0, NULL), 1);
	DO(close(got[0]));
	IS(read(pipe_ends[0], &byte, 1), 0);
	DO(pipe(pipe_ends));
	IS(files_send(ends[0], &pipe_ends[1], 1, 1), 1);
	DO(close(pipe_ends[1]));
	DO(close(ends[0]));
	DO(close(ends[1])); /* never taken */
	IS(read(pipe_ends[0], &byte, 1), 0);
}

/* A socket that is sent through itself is nobody's in the end. */
TEST(through_itself)
{
	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	IS(files_send(ends[0], ends, 2, 1), 1);
	DO(close(ends[0]));
	DO(close(ends[1]));
}

TEST(refusals)
{
	int file = 99;

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	ERROR(files_send(ends[0], &file, 1, 1), EBADF);
	ERROR(sendmsg(ends[0], bad, 0), EFAULT);
}

TEST(credentials_of_a_pair)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	DO(getsockopt(ends[0], SOL_SOCKET, SO_PEERCRED, &peer, &size));
	IS(size, sizeof(peer));
	IS(peer.pid, getpid());
	IS(peer.uid, geteuid());
	IS(peer.gid, getegid());
}

static void creds_take(int socket, struct ucred *who)
{
	union control control;
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	memset(&control, 0, sizeof(control));
	IS(recvmsg(socket, &message, 0), 1);
	IS(control.head.cmsg_type, SCM_CREDENTIALS);
	IS(control.head.cmsg_len, CMSG_LEN(sizeof(*who)));
	memcpy(who, CMSG_DATA(&control.head), sizeof(*who));
}

TEST(credentials_of_a_message)
{
	struct ucred who;
	int on = 1;
	pid_t child;

	DO(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
	DO(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	child = child_make();
	if (child == 0) {
		IS(write(ends[0], "x", 1), 1);
		child_end();
	}
	creds_take(ends[1], &who);
	IS(who.pid, child);
	IS(who.uid, geteuid());
	child_good(child);
}

static ssize_t creds_send(int socket, struct ucred who)
{
	union control control;
	struct iovec part = { (void *)"x", 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = CMSG_SPACE(sizeof(who)) };

	memset(&control, 0, sizeof(control));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_CREDENTIALS;
	control.head.cmsg_len = CMSG_LEN(sizeof(who));
	memcpy(CMSG_DATA(&control.head), &who, sizeof(who));
	return sendmsg(socket, &message, 0);
}

TEST(credentials_are_not_forged)
{
	struct ucred who = { getpid(), 1000, 1000 };
	int on = 1;

	DO(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
	DO(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	IS(creds_send(ends[0], who), 1); /* root may */
	creds_take(ends[1], &who);
	IS(who.uid, 1000);
	DO(setresuid(1000, 1000, 1000));
	who.uid = 0;
	ERROR(creds_send(ends[0], who), EPERM);
}
