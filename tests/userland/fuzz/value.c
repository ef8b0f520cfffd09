/*
 * Arguments: descriptors of every kind that there is, addresses in and around
 * mappings of every kind, structures of small numbers and good pointers.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#define ARENA 0x10000u
#define FILES 40u

static char *arena; /* ARENA bytes between pages that are not there */
static uint32_t places[8]; /* first addresses of mappings of one page */
static uint32_t state;

void chance_start(uint32_t seed)
{
	state = seed * 2654435761u + 1;
}

uint32_t chance(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

uint32_t below(uint32_t bound)
{
	return chance() % bound;
}

#define PICK(list) list[below(sizeof(list) / sizeof(*list))]

static const char *const names[] = {
	"a", "b", "c", "d", "d/a", "d/b", "d/e/f", "link", "loop", ".", "..",
	"d/..", "fifo", "socket", "", "a/b", "big", "./d//e/", "/", "/tmp",
	"tmpfs", "proc",
};

/* Nothing that others need is changed through these: see call_allowed. */
static const char *const far_names[] = {
	"/proc/self/maps", "/proc/self/fd/3", "/proc/self/exe", "/dev/null",
	"/proc/self/status", "/dev/zero", "/dev/ptmx", "/dev/pts/0", "/proc",
	"/proc/1/stat", "/dev", "/bin/busybox", "/dev/urandom", "/proc/domains",
	"/proc/self/mem", "/proc/segments", "/proc/self/environ", "/dev/tty",
	"/proc/meminfo", "/proc/stat", "/dev/full", "/proc/self/cmdline",
};

static void place(uint32_t n, int protection, int flags, int file)
{
	char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return;
	munmap(p, 4096);
	munmap(p + 2 * 4096, 4096);
	mmap(p + 4096, 4096, protection, flags | MAP_FIXED, file, 0);
	places[n] = (uint32_t)(uintptr_t)p + 4096;
}

static void files_make(void)
{
	struct sockaddr_un at = { AF_UNIX, "socket" };
	int file = open("big", O_RDWR | O_CREAT, 0666), ends[2];
	sigset_t set;

	sigfillset(&set);
	ftruncate(file, 0x20000);
	mkdir("d", 0777);
	mkdir("d/e", 0777);
	symlink("d/a", "link");
	symlink("loop", "loop");
	mkfifo("fifo", 0666);
	open("fifo", O_RDWR | O_NONBLOCK);
	open(".", O_RDONLY | O_DIRECTORY);
	open("d/a", O_RDWR | O_CREAT, 0666);
	pipe2(ends, O_NONBLOCK);
	pipe2(ends, 0);
	write(ends[1], "some bytes", 10);
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends);
	socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends);
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends);
	file = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	bind(file, (struct sockaddr *)&at, sizeof(at));
	listen(file, 3);
	epoll_create1(0);
	eventfd(1, EFD_NONBLOCK);
	signalfd(-1, &set, SFD_NONBLOCK);
	timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	file = open("/dev/ptmx", O_RDWR | O_NONBLOCK | O_NOCTTY);
	ioctl(file, 0x40045431, &(int){ 0 }); /* TIOCSPTLCK */
	ioctl(file, 0x5441, O_RDWR | O_NOCTTY); /* TIOCGPTPEER */
	open("/dev/zero", O_RDWR);
	open("/proc/self/maps", O_RDONLY);
}

void values_make(void)
{
	struct rlimit most = { 48u << 20, 48u << 20 };
	int none = open("/dev/null", O_RDWR), file;

	for (int i = 0; i < 3; i++)
		dup2(none, i);
	setrlimit(RLIMIT_AS, &most);
	files_make();
	arena = mmap(NULL, ARENA + 2 * 4096, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	arena += 4096;
	mprotect(arena, ARENA, PROT_READ | PROT_WRITE);
	file = open("big", O_RDWR);
	place(0, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	place(1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	place(2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	place(3, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	place(4, PROT_READ | PROT_WRITE, MAP_SHARED, file);
	place(5, PROT_READ | PROT_WRITE, MAP_PRIVATE, file);
	place(6, PROT_READ | PROT_EXEC, MAP_SHARED, file);
	close(file);
	mkdir("gone", 0777);
}

static uint32_t number(void)
{
	static const uint32_t odd[] = {
		0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFF000, 0x1000, 0xFFF,
		0x1001, 0x10000, 0xBFFFFFFF, 0xC0000000, 0x100000, 0x40000000,
	};

	switch (below(8)) {
	case 0:
		return PICK(odd);
	case 1:
		return 1u << below(32);
	case 2:
		return 1u << below(32) | 1u << below(32);
	case 3:
		return chance();
	case 4:
		return below(4096);
	default:
		return below(12);
	}
}

uint32_t values_descriptor(void)
{
	return below(16) ? below(FILES) : number();
}

/* An address, mostly of the arena. */
uint32_t values_pointer(void)
{
	static const uint32_t wild[] = {
		0, 1, 0xFFF, 0xBFFFFFFC, 0xC0000000, 0xC0100000, 0xF0000000,
		0xFFFFFFFF, 0xFFFFF000, 0xBFFFF000, 0x8048000,
	};
	uint32_t base = (uint32_t)(uintptr_t)arena;

	switch (below(12)) {
	case 0:
		return PICK(wild);
	case 1:
		return chance();
	case 2:
		return base + ARENA - below(64); /* ends inside */
	case 3:
		return PICK(places) + 4096 - below(64);
	case 4:
	case 5:
		return PICK(places) + (below(2) ? 0 : below(4096));
	default:
		return base + below(ARENA / 256) * 256;
	}
}

void *values_room(void)
{
	return arena + below(ARENA / 2 / 256) * 256;
}

static uint32_t page_address(void)
{
	return below(4) ? values_pointer() & ~0xFFFu : values_pointer();
}

static uint32_t text(void)
{
	char *at = arena + ARENA / 2 + below(64) * 64;

	if (!below(24))
		return values_pointer();
	strcpy(at, below(6) ? PICK(names) : PICK(far_names));
	return (uint32_t)(uintptr_t)at;
}

uint32_t values_size(void)
{
	if (!below(12))
		return number();
	return below(3) ? below(64) : below(0x12000);
}

static uint32_t span(void)
{
	uint32_t *at = (uint32_t *)(arena + below(256) * 64);

	if (!below(12))
		return values_pointer();
	at[0] = 0;
	at[1] = below(20) ? below(3000000) : number();
	if (!below(3))
		memset(at, 0, 16);
	return (uint32_t)(uintptr_t)at;
}

/* argv or envp. */
static uint32_t vector(void)
{
	uint32_t *at = (uint32_t *)(arena + below(256) * 64), n = below(6);

	if (!below(12))
		return values_pointer();
	for (uint32_t i = 0; i < n; i++)
		at[i] = text();
	at[n] = 0;
	return (uint32_t)(uintptr_t)at;
}

static uint32_t value(char letter)
{
	switch (letter) {
	case 'f':
		return values_descriptor();
	case 'a':
		return below(3) ? (uint32_t)AT_FDCWD : values_descriptor();
	case 's':
		return text();
	case 'b':
	case 'B':
	case 'S':
	case 't':
	case 'W':
		return values_pointer();
	case 'p':
		return below(5) ? values_pointer() : page_address();
	case 'n':
		return values_size();
	case 'g':
		return below(12) ? below(66) : number();
	case 'o':
		return below(2) ? 0777 : chance() & 0177777;
	case 'O':
		return (chance() & chance() & chance() & 0x3FFFFF) | below(3);
	case 'M':
		return below(20) ? below(8) : number();
	case 'F':
		return (below(2) ? 0x22 : below(4)) |
		       (chance() & chance() & chance() & 0x7FFF0);
	case 'C':
		return (chance() & chance() & 0xFFFFFF00) | 17;
	case 'T':
		return span();
	case 'V':
		return vector();
	case 'x':
		return below(3) ? number() :
		       below(2) ? values_pointer() :
				  values_descriptor();
	default:
		return number();
	}
}

/* Structures: words that could be sizes, flags, descriptors, pointers. */
static void arena_stir(void)
{
	uint32_t *at = (uint32_t *)(arena + below(256) * 256);

	for (uint32_t i = 0; i < 24; i++) {
		uint32_t kind = below(8);

		at[i] = kind < 3   ? below(40) :
			kind < 5   ? values_pointer() :
			kind == 5  ? values_size() :
			kind == 6  ? number() :
				     0;
	}
}

void values_fill(const struct call *c, uint32_t words[WORDS])
{
	size_t letters = strlen(c->format);

	for (uint32_t i = 0; i < 3; i++)
		arena_stir();
	for (uint32_t i = 0; i < WORDS; i++) {
		char letter = i < letters ? c->format[i] : 'x';

		words[i] = below(40) ? value(letter) : number();
	}
	shape_fill(c, words);
}
