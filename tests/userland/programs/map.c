/*
 * Memory without files: anonymous maps, fixed places, protection, unmapping
 * in the middle, moving, growing, giving pages back, stacks that grow.
 */
#include "check.h"

#include <setjmp.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define PAGE 4096u
#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static sigjmp_buf back;
static volatile siginfo_t seen;

static void note(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	seen.si_code = info->si_code;
	seen.si_addr = info->si_addr;
	siglongjmp(back, 1);
}

/* Whether a byte can be read, or written with what it holds. */
static int touch(volatile char *place, int write)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = note;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	if (sigsetjmp(back, 1))
		return 0;
	if (write)
		*place = *place;
	else
		*place;
	return 1;
}

static char *pages_make(size_t pages, int rights)
{
	char *map = mmap(NULL, pages * PAGE, rights, ANON, -1, 0);

	CHECK(map != MAP_FAILED);
	IS((uintptr_t)map % PAGE, 0);
	return map;
}

TEST(zeros)
{
	char *map = pages_make(64, RW);
	size_t at;

	for (at = 0; at < 64 * PAGE; at += 512)
		IS(map[at], 0);
}

TEST(unmapping)
{
	char *map = pages_make(5, RW);

	map[2 * PAGE] = 'x';
	DO(munmap(map + PAGE, PAGE));
	DO(munmap(map + 3 * PAGE, 1)); /* lengths are rounded up */
	IS(touch(map, 1), 1);
	IS(touch(map + PAGE, 0), 0);
	IS(seen.si_code, SEGV_MAPERR);
	CHECK(seen.si_addr == map + PAGE);
	IS(map[2 * PAGE], 'x');
	IS(touch(map + 3 * PAGE, 0), 0);
	IS(touch(map + 4 * PAGE, 1), 1);
	DO(munmap(map, 5 * PAGE)); /* holes do not matter */
	IS(touch(map + 4 * PAGE, 0), 0);
	ERROR(munmap(map + 1, PAGE), EINVAL);
	ERROR(munmap(map, 0), EINVAL);
	ERROR(munmap((void *)0xfffff000, 2 * PAGE), EINVAL);
}

TEST(protection)
{
	char *map = pages_make(4, RW);

	memset(map, 'a', 4 * PAGE);
	DO(mprotect(map + PAGE, 2 * PAGE, PROT_READ));
	IS(touch(map, 1), 1);
	IS(touch(map + PAGE, 0), 1);
	IS(touch(map + PAGE, 1), 0);
	IS(seen.si_code, SEGV_ACCERR);
	DO(mprotect(map + 2 * PAGE, PAGE, PROT_NONE));
	IS(touch(map + 2 * PAGE, 0), 0);
	IS(seen.si_code, SEGV_ACCERR);
	IS(touch(map + 3 * PAGE, 1), 1);
	DO(mprotect(map, 4 * PAGE, RW));
	IS(touch(map + 2 * PAGE, 1), 1);
	IS(map[2 * PAGE + 7], 'a'); /* contents stay */
	ERROR(mprotect(map + 1, PAGE, RW), EINVAL);
	ERROR(mprotect(map, PAGE, 0x1000), EINVAL);
	DO(munmap(map + PAGE, PAGE));
	ERROR(mprotect(map, 3 * PAGE, RW), ENOMEM);
	DO(mprotect(map, 0, RW));
}

/* Kernel writes obey the protection as well. */
TEST(protection_of_buffers)
{
	char *map = pages_make(2, RW);
	int file = file_make("bytes", "0123456789", 10);

	DO(mprotect(map + PAGE, PAGE, PROT_READ));
	ERROR(pread(file, map + PAGE, 4, 0), EFAULT);
	IS(pread(file, map, 4, 0), 4);
	DO(mprotect(map, PAGE, PROT_NONE));
	ERROR(write(file, map, 1), EFAULT);
}

TEST(fixed_places)
{
	char *map = pages_make(4, RW), *again;

	memset(map, 'a', 4 * PAGE);
	again = mmap(map + PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0);
	CHECK(again == map + PAGE);
	IS(map[0], 'a');
	IS(map[PAGE], 0); /* replaced */
	IS(map[2 * PAGE], 'a');
	ERROR((long)mmap(map + 5, PAGE, RW, ANON | MAP_FIXED, -1, 0), EINVAL);
	ERROR((long)mmap(map, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0),
	      EEXIST);
	again = mmap(map, PAGE, RW, ANON, -1, 0); /* only a wish */
	CHECK(again != MAP_FAILED && again != map);
	DO(munmap(map + 2 * PAGE, PAGE));
	again = mmap(map + 2 * PAGE, PAGE, RW, ANON, -1, 0);
	CHECK(again == map + 2 * PAGE);
}

TEST(refusals)
{
	ERROR((long)mmap(NULL, 0, RW, ANON, -1, 0), EINVAL);
	ERROR((long)mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0), EINVAL);
	ERROR((long)mmap(NULL, PAGE, RW, MAP_PRIVATE, -1, 0), EBADF);
	ERROR((long)mmap(NULL, 0xfffff000u, RW, ANON, -1, 0), ENOMEM);
	ERROR((long)mmap((void *)0xfffff000, PAGE, RW, ANON | MAP_FIXED, -1, 0),
	      ENOMEM);
}

TEST(many_maps)
{
	char *maps[200];
	size_t at;

	for (at = 0; at < 200; at++) {
		maps[at] = pages_make(1 + at % 3, at % 2 ? RW : PROT_READ);
		if (at % 2)
			maps[at][0] = (char)at;
	}
	for (at = 0; at < 200; at += 3)
		DO(munmap(maps[at], PAGE));
	for (at = 1; at < 200; at += 2)
		if (at % 3)
			IS(maps[at][0], (char)at);
}

TEST(growing)
{
	char *map = pages_make(16, RW), *moved;

	memset(map, 'x', 16 * PAGE);
	DO(munmap(map + 4 * PAGE, 12 * PAGE));
	moved = mremap(map, 4 * PAGE, 8 * PAGE, 0); /* there is room */
	CHECK(moved == map);
	IS(map[4 * PAGE - 1], 'x');
	IS(map[4 * PAGE], 0);
	moved = mremap(map, 8 * PAGE, 2 * PAGE, 0);
	CHECK(moved == map);
	IS(touch(map + 2 * PAGE, 0), 0);
	CHECK(mmap(map + 2 * PAGE, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0) !=
	      MAP_FAILED);
	ERROR((long)mremap(map, 2 * PAGE, 5 * PAGE, 0), ENOMEM);
	moved = mremap(map, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
	CHECK(moved != MAP_FAILED && moved != map);
	IS(moved[2 * PAGE - 1], 'x');
	IS(moved[2 * PAGE], 0);
	IS(touch(map, 0), 0);
}

TEST(moving_to_a_place)
{
	char *map = pages_make(2, RW), *place = pages_make(4, RW), *moved;

	memset(map, 'm', 2 * PAGE);
	memset(place, 'p', 4 * PAGE);
	moved = mremap(map, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		       place + PAGE);
	CHECK(moved == place + PAGE);
	IS(place[0], 'p');
	IS(place[PAGE], 'm');
	IS(place[3 * PAGE], 'p');
	IS(touch(map, 0), 0);
	ERROR((long)mremap(place, PAGE, 0, 0), EINVAL);
	ERROR((long)mremap(place + 1, PAGE, PAGE, 0), EINVAL);
	ERROR((long)mremap(place, PAGE, PAGE, MREMAP_FIXED, map), EINVAL);
	ERROR((long)mremap(place, 2 * PAGE, 2 * PAGE,
			   MREMAP_MAYMOVE | MREMAP_FIXED, place + PAGE),
	      EINVAL);
	ERROR((long)mremap(map, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
}

TEST(giving_back)
{
	char *map = pages_make(4, RW);

	memset(map, 'x', 4 * PAGE);
	DO(madvise(map + PAGE, 2 * PAGE, MADV_DONTNEED));
	IS(map[0], 'x');
	IS(map[PAGE], 0);
	IS(map[2 * PAGE + 9], 0);
	IS(map[3 * PAGE], 'x');
	DO(madvise(map, 4 * PAGE, MADV_FREE)); /* zeros or not, as it likes */
	map[0] = 'y';
	IS(map[0], 'y');
	DO(madvise(map, PAGE, MADV_WILLNEED));
	ERROR(madvise(map, PAGE, 12345), EINVAL);
	ERROR(madvise(map + 1, PAGE, MADV_DONTNEED), EINVAL);
	DO(munmap(map + PAGE, PAGE));
	ERROR(madvise(map, 3 * PAGE, MADV_DONTNEED), ENOMEM);
	IS(map[2 * PAGE], 0);
}

__attribute__((noinline)) static int deep(int levels)
{
	volatile char room[PAGE];

	room[0] = (char)levels;
	return levels ? deep(levels - 1) + room[0] - room[0] : 7;
}

TEST(stack_grows)
{
	IS(deep(500), 7); /* 2 MiB */
}

TEST(stack_limit_holds)
{
	struct rlimit limit = { 256 * 1024, 256 * 1024 };
	pid_t child = child_make();

	if (child == 0) {
		DO(setrlimit(RLIMIT_STACK, &limit));
		_exit(deep(500));
	}
	IS(child_status(child) & 0x7f, SIGSEGV);
}

/* A map that grows down, like a stack. */
TEST(growing_down)
{
	char *map = pages_make(64, RW), *low;

	DO(munmap(map, 64 * PAGE));
	low = mmap(map + 60 * PAGE, PAGE, RW, ANON | MAP_FIXED | MAP_GROWSDOWN,
		   -1, 0);
	CHECK(low == map + 60 * PAGE);
	IS(touch(low - 1, 1), 1);
	IS(touch(low - PAGE - 1, 1), 1);
}

/* Large maps cost nothing until they are touched. */
TEST(sparse_use)
{
	size_t size = 256u << 20;
	char *map = mmap(NULL, size, RW, ANON | MAP_NORESERVE, -1, 0);
	size_t at;

	CHECK(map != MAP_FAILED);
	for (at = 0; at < size; at += 16u << 20)
		map[at] = 1;
	DO(munmap(map, size));
}

TEST(address_space_limit)
{
	struct rlimit limit = { 64 << 20, 64 << 20 };

	DO(setrlimit(RLIMIT_AS, &limit));
	ERROR((long)mmap(NULL, 128 << 20, RW, ANON, -1, 0), ENOMEM);
	CHECK(mmap(NULL, 16 << 20, RW, ANON, -1, 0) != MAP_FAILED);
}

TEST(residence)
{
	unsigned char there[4];
	char *map = pages_make(4, RW);

	map[PAGE] = 1;
	DO(mincore(map, 4 * PAGE, there));
	IS(there[1] & 1, 1);
	IS(there[3] & 1, 0);
	ERROR(mincore(map + 1, PAGE, there), EINVAL);
	DO(munmap(map + PAGE, PAGE));
	ERROR(mincore(map, 4 * PAGE, there), ENOMEM);
	DO(mlock(map, PAGE));
	DO(munlock(map, PAGE));
	DO(msync(map, PAGE, MS_SYNC));
	ERROR(msync(map, 2 * PAGE, MS_SYNC), ENOMEM);
}

/* Code can be made and run. */
TEST(made_code)
{
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	char *map = pages_make(1, RW);

	memcpy(map, code, sizeof(code));
	DO(mprotect(map, PAGE, PROT_READ | PROT_EXEC));
	IS(((int (*)(void))(uintptr_t)map)(), 42);
}
