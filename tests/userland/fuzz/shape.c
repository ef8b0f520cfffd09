/*
 * Arguments that belong together: the structures that a call takes, filled so
 * that it gets further than its first check. One in a few words stays wild.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>

#define ADDRESS(p) ((uint32_t)(uintptr_t)(p))
#define PICK(list) list[below(sizeof(list) / sizeof(*list))]

static uint32_t vector(uint32_t *count)
{
	struct iovec *v = values_room();
	uint32_t n = below(7);

	for (uint32_t i = 0; i < n; i++) {
		v[i].iov_base = (void *)(uintptr_t)values_pointer();
		v[i].iov_len = values_size();
	}
	*count = n;
	return ADDRESS(v);
}

static uint32_t socket_name(uint32_t *size)
{
	struct sockaddr_un *a = values_room();

	a->sun_family = below(8) ? AF_UNIX : (sa_family_t)below(20);
	strcpy(a->sun_path, below(3) ? "socket" : "d/e/s");
	if (!below(3))
		a->sun_path[0] = 0; /* an abstract name */
	*size = below(8) ? 2 + below(20) : below(200);
	return ADDRESS(a);
}

/* With descriptors, or who sends. */
static uint32_t control(uint32_t *size)
{
	struct cmsghdr *c = values_room();
	uint32_t n = below(6), *words = (uint32_t *)CMSG_DATA(c);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = below(5) ? SCM_RIGHTS : (int)below(5);
	c->cmsg_len = below(8) ? CMSG_LEN(n * 4) : below(64);
	for (uint32_t i = 0; i < n; i++)
		words[i] = values_descriptor();
	*size = below(8) ? CMSG_SPACE(n * 4) : below(200);
	return ADDRESS(c);
}

static uint32_t message(void)
{
	uint32_t *m = values_room();

	m[0] = m[1] = m[4] = m[5] = m[6] = 0;
	if (below(2))
		m[0] = socket_name(&m[1]);
	m[2] = vector(&m[3]);
	if (below(2))
		m[4] = control(&m[5]);
	return ADDRESS(m);
}

static uint32_t polled(uint32_t *count)
{
	struct pollfd *p = values_room();
	uint32_t n = below(12);

	for (uint32_t i = 0; i < n; i++) {
		p[i].fd = (int)values_descriptor();
		p[i].events = (short)chance();
	}
	*count = n;
	return ADDRESS(p);
}

static uint32_t descriptor_set(void)
{
	uint32_t *set = values_room();

	set[0] = chance() & chance();
	set[1] = chance() & chance() & 0xFF;
	return below(3) ? ADDRESS(set) : 0;
}

/* The first of the two, or both, of an interval timer; short ones. */
static uint32_t interval(uint32_t words)
{
	uint32_t *at = values_room();

	memset(at, 0, 32);
	for (uint32_t i = 1; i < words; i += 2)
		at[i] = below(3) ? below(3000000) : 0;
	return ADDRESS(at);
}

static uint32_t action(void)
{
	uint32_t *a = values_room();

	a[0] = below(2); /* SIG_DFL, SIG_IGN */
	a[1] = chance() & 0xDC000007;
	a[2] = chance();
	a[3] = chance();
	return ADDRESS(a);
}

static uint32_t file_lock(void)
{
	struct flock *l = values_room();

	memset(l, 0, sizeof(*l));
	l->l_type = (short)below(3);
	l->l_start = below(100);
	l->l_len = below(100);
	return ADDRESS(l);
}

/* ---- the calls ---- */

static void shape_vector(uint32_t *w)
{
	w[1] = vector(&w[2]);
	w[3] = below(0x20000);
	w[4] = 0;
}

static void shape_message(uint32_t *w)
{
	w[1] = message();
	w[2] = chance() & chance() & chance() & 0x4040FFFF;
}

static void shape_name(uint32_t *w)
{
	w[1] = socket_name(&w[2]);
}

static void shape_send(uint32_t *w)
{
	w[1] = values_pointer();
	w[2] = values_size();
	w[3] = chance() & chance() & 0x4040;
	w[4] = 0;
	if (below(2))
		w[4] = socket_name(&w[5]);
}

static void shape_socket(uint32_t *w)
{
	static const uint32_t kinds[] = { SOCK_STREAM, SOCK_DGRAM,
					  SOCK_SEQPACKET };

	w[0] = AF_UNIX;
	w[1] = PICK(kinds) | (below(3) ? SOCK_NONBLOCK : 0) |
	       (below(4) ? 0 : SOCK_CLOEXEC);
	w[2] = 0;
	w[3] = values_pointer();
}

static void shape_option(uint32_t *w)
{
	uint32_t *value = values_room();

	*value = below(2) ? below(4096) : chance();
	w[1] = SOL_SOCKET;
	w[2] = below(50);
	w[3] = ADDRESS(value);
	w[4] = below(4) ? 4 : values_pointer();
}

static void shape_socketcall(uint32_t *w)
{
	static void (*const of[])(uint32_t *) = {
		shape_socket, shape_name, shape_name, shape_send,
		shape_message, shape_option,
	};
	static const uint8_t shape[] = { 0, 0, 1, 2, 1, 1, 1, 1, 0, 3, 3,
					 3, 3, 1, 5, 5, 4, 4, 1 };
	uint32_t *inner = values_room();

	w[0] = 1 + below(18);
	inner[0] = values_descriptor();
	of[shape[w[0]]](inner);
	w[1] = ADDRESS(inner);
}

static void shape_poll(uint32_t *w)
{
	w[0] = polled(&w[1]);
	w[2] = below(2) ? below(4) : interval(2);
}

static void shape_select(uint32_t *w)
{
	w[0] = below(44);
	for (uint32_t i = 1; i < 4; i++)
		w[i] = descriptor_set();
	w[4] = interval(2);
	w[5] = 0;
}

static void shape_watch(uint32_t *w)
{
	struct epoll_event *e = values_room();

	e->events = chance() & (chance() | 0xFF);
	e->data.u64 = chance();
	w[1] = 1 + below(3);
	w[2] = values_descriptor();
	w[3] = ADDRESS(e);
}

static void shape_timer(uint32_t *w)
{
	w[0] = below(2) ? below(4) : w[0];
	w[1] = below(2);
	w[2] = interval(4);
}

static void shape_action(uint32_t *w)
{
	w[1] = below(4) ? action() : 0;
	w[3] = 8;
}

static void shape_mask(uint32_t *w)
{
	w[0] = below(3);
	w[3] = 8;
}

static void shape_control(uint32_t *w)
{
	static const uint32_t lock[] = { F_GETLK, F_SETLK, F_SETLKW, 12, 13,
					 14, 36, 37, 38 };

	w[1] = below(2) ? below(17) : PICK(lock);
	w[2] = w[1] > 4 ? file_lock() : below(3) ? below(0x8000) : chance();
}

static void shape_device(uint32_t *w)
{
	static const uint32_t kinds[] = { 0x5400, 0x5400, 0x80045400,
					  0x40045400, 0x80045430 };

	w[1] = PICK(kinds) | below(0x60);
	w[2] = below(3) ? values_pointer() : below(3);
}

static void shape_futex(uint32_t *w)
{
	uint32_t *word = values_room();

	*word &= 3;
	w[0] = ADDRESS(word);
	w[1] = below(14) | (below(2) ? 0x80 : 0);
	w[2] = *word;
	w[3] = below(2) ? interval(2) : below(8);
	w[4] = below(2) ? ADDRESS(word) + 4 : values_pointer() & ~3u;
	w[5] = below(3) ? 0xFFFFFFFF : *word;
}

static void shape_map(uint32_t *w)
{
	if (!below(3))
		w[0] = 0;
	else
		w[0] &= ~0xFFFu;
	w[1] = 4096 * (1 + below(16));
	w[2] &= 7;
	w[3] = 1 + below(2);
	w[3] |= below(2) ? MAP_ANONYMOUS : 0;
	w[3] |= below(4) ? 0 : MAP_FIXED;
	w[5] = below(40);
}

static void shape_move(uint32_t *w)
{
	w[0] &= ~0xFFFu;
	w[1] = 4096 * below(6);
	w[2] = 4096 * below(20);
	w[3] = below(4);
	w[4] &= ~0xFFFu;
}

static const struct {
	const char *names;
	void (*shape)(uint32_t words[WORDS]);
} shapes[] = {
	{ " readv writev preadv pwritev preadv2 pwritev2 ", shape_vector },
	{ " sendmsg recvmsg ", shape_message },
	{ " bind connect accept4 getsockname getpeername ", shape_name },
	{ " sendto recvfrom ", shape_send },
	{ " socket socketpair ", shape_socket },
	{ " getsockopt setsockopt ", shape_option },
	{ " socketcall ", shape_socketcall },
	{ " poll ppoll ppoll_time64 ", shape_poll },
	{ " _newselect pselect6 pselect6_time64 ", shape_select },
	{ " epoll_ctl ", shape_watch },
	{ " timer_settime timer_settime64 timerfd_settime setitimer "
	  "timerfd_settime64 ", shape_timer },
	{ " rt_sigaction sigaction ", shape_action },
	{ " rt_sigprocmask sigprocmask ", shape_mask },
	{ " fcntl fcntl64 ", shape_control },
	{ " ioctl ", shape_device },
	{ " futex futex_time64 ", shape_futex },
	{ " mmap2 ", shape_map },
	{ " mremap ", shape_move },
};

void shape_fill(const struct call *c, uint32_t words[WORDS])
{
	static uint8_t known[512]; /* by number: index + 1; 255: none */
	char name[40] = " ";

	if (!known[c->number]) {
		strcat(strncat(name, c->name, 30), " ");
		known[c->number] = 255;
		for (uint32_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
			if (strstr(shapes[i].names, name))
				known[c->number] = (uint8_t)(i + 1);
	}
	if (known[c->number] != 255 && below(6))
		shapes[known[c->number] - 1].shape(words);
	if (!below(16))
		words[below(WORDS)] = values_pointer();
}
