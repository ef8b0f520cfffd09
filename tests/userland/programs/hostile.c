/*
 * Every call that takes a pointer gets bad ones: the answer is EFAULT, never
 * a fault of the kernel, and never a success.
 */
#include "check.h"
#include "attempts.h"

#include <grp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

static uint32_t values[WORDS_END - P];
static uint32_t good[1024];
static char *pages; /* nothing, readable, nothing */

static void value_set(int word, const void *pointer)
{
	values[word - P] = (uint32_t)(uintptr_t)pointer;
}

static void descriptor_set(int word, int file)
{
	CHECK(file >= 0);
	values[word - P] = (uint32_t)file;
}

static void setup(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int ends[2], set = epoll_create1(0);

	descriptor_set(FILE_, file_make("f", "0123456789", 10));
	descriptor_set(FOLDER, open(".", O_RDONLY | O_DIRECTORY));
	DO(pipe(ends));
	IS(write(ends[1], "0123456789", 10), 10);
	descriptor_set(PIPE, ends[0]);
	descriptor_set(INTO, ends[1]);
	DO(epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event));
	DO(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	descriptor_set(SOCKET, ends[0]);
	descriptor_set(SET, epoll_create1(0));
	descriptor_set(WAKEFUL, set);
	DO(symlink("f", "link"));
	DO(setgroups(3, (gid_t[3]){ 1, 2, 3 }));
	value_set(GOOD, good);
	value_set(NAME, "f");
	value_set(LINK, "link");
	pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(pages != MAP_FAILED);
	memset(pages, 'x', 3 * 4096);
	DO(mprotect(pages, 4096, PROT_NONE));
	DO(mprotect(pages + 4096, 4096, PROT_READ));
	DO(munmap(pages + 8192, 4096));
	value_set(MAPPED, pages + 4096);
}

/* The attempt's name and the pointer, where it was not refused. */
static void attempt_make(const struct attempt *attempt, const void *pointer)
{
	uint32_t words[6];
	long result;
	size_t at;

	for (at = 0; at < 1024; at++)
		good[at] = 4;
	value_set(P, pointer);
	for (at = 0; at < 6; at++) {
		words[at] = attempt->words[at];
		if (words[at] >= P && words[at] < WORDS_END)
			words[at] = values[words[at] - P];
	}
	errno = 0;
	result = syscall(attempt->number, words[0], words[1], words[2],
			 words[3], words[4], words[5]);
	if (result == -1 && (errno == EFAULT || errno == ENOSYS))
		return;
	printf("FAIL %s(%p): result %ld, errno %d\n", attempt->name, pointer,
	       result, errno);
	fflush(stdout);
	_exit(99);
}

static void all_with(const void *pointer, int writes_only)
{
	size_t at;

	for (at = 0; at < sizeof(attempts) / sizeof(attempts[0]); at++)
		if (attempts[at].writes || !writes_only)
			attempt_make(&attempts[at], pointer);
}

TEST(low_address)
{
	setup();
	all_with(bad, 0);
}

TEST(kernel_addresses)
{
	setup();
	all_with((void *)0xffff0000, 0);
}

TEST(end_of_the_address_space)
{
	setup();
	all_with((void *)0xfffffff8, 0);
}

TEST(page_without_rights)
{
	setup();
	all_with(pages, 0);
}

TEST(unmapped_page)
{
	setup();
	all_with(pages + 8192, 0);
}

TEST(readable_page)
{
	setup();
	DO(mprotect(pages + 4096, 4096, PROT_READ | PROT_WRITE));
	memset(pages + 4096, 0, 4096);
	DO(mprotect(pages + 4096, 4096, PROT_READ));
	all_with(pages + 4096, 1);
}

/* A name that runs into nothing before it ends. */
TEST(names_without_an_end)
{
	char *name;

	setup();
	name = pages + 8192 - 5;
	ERROR(open(name, O_RDONLY), EFAULT);
	ERROR(unlink(name), EFAULT);
	ERROR(mkdir(name, 0755), EFAULT);
	ERROR(chdir(name), EFAULT);
	ERROR(rename(name, "g"), EFAULT);
	ERROR(execv(name, (char *[]){ NULL }), EFAULT);
}

/* A structure of which only the first bytes are there. */
TEST(structures_cut_off)
{
	char *end;

	setup();
	DO(mprotect(pages + 4096, 4096, PROT_READ | PROT_WRITE));
	end = pages + 8192;
	memset(end - 64, 0, 64);
	ERROR(syscall(SYS_uname, end - 20), EFAULT);
	ERROR(syscall(SYS_stat64, "f", end - 90), EFAULT);
	ERROR(syscall(SYS_sysinfo, end - 60), EFAULT);
	ERROR(syscall(SYS_nanosleep, end - 4, NULL), EFAULT);
	ERROR(syscall(SYS_rt_sigaction, SIGUSR1, end - 8, NULL, 8), EFAULT);
	ERROR(syscall(SYS_poll, end - 4, 1, 0), EFAULT);
	ERROR(syscall(SYS_clock_gettime, 1, end - 6), EFAULT);
	ERROR(syscall(SYS_pipe, end - 4), EFAULT);
}

/* Lengths whose end lies past all addresses. */
TEST(lengths_that_wrap)
{
	setup();
	ERROR(write(1, (void *)0x1000, 0xfffff000u), EFAULT);
	ERROR(syscall(SYS_mincore, 0x1000, 0xfffff000u, good), ENOMEM);
	ERROR(mprotect((void *)0xfffff000, 0x2000, PROT_READ), ENOMEM);
	ERROR(munmap((void *)0x1000, 0xfffff000u), EINVAL);
	IS(syscall(SYS_mremap, pages, 4096, 0xfffff000u, 1, 0), -1);
	ERROR(syscall(SYS_mmap2, 0, 0xffffffffu, 3, 0x22, -1, 0), ENOMEM);
}

/* All registers full of rubbish, for every number: anything but a crash. */
TEST(rubbish_everywhere)
{
	static const uint32_t rubbish[] = { 8, 0xc0000000, 0xffffffff,
					    0x7fffffff, 0x80000000 };
	/* What ends, forks, waits for ever, kills or turns off. */
	static const int left_out[] = { 1,   2,	  29,  36,  37,	 72,  88,
					111, 119, 120, 142, 173, 179, 190,
					238, 252, 270, 435, 0 };
	int number, at, skip;
	size_t kind;

	for (kind = 0; kind < sizeof(rubbish) / sizeof(rubbish[0]); kind++)
		for (number = 0; number < 460; number++) {
			uint32_t r = rubbish[kind];

			for (at = 0, skip = 0; left_out[at]; at++)
				skip |= left_out[at] == number;
			if (skip)
				continue;
			syscall(number, r, r, r, r, r, r);
			DO(access("/", F_OK));
		}
}
