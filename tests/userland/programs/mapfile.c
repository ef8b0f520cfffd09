/*
 * Maps of files: private and shared, with read and write on the same file,
 * beyond its end, cut short, moved, and after the file is gone.
 */
#include "check.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define PAGE 4096u
#define RW   (PROT_READ | PROT_WRITE)

static sigjmp_buf back;
static int number_seen;

static void note(int number)
{
	number_seen = number;
	siglongjmp(back, 1);
}

/* The signal that reading a byte gives, or 0. */
static int touch(volatile char *place)
{
	signal(SIGSEGV, note);
	signal(SIGBUS, note);
	number_seen = 0;
	if (sigsetjmp(back, 1) == 0)
		*place;
	return number_seen;
}

static char *map_make(int file, size_t size, int rights, int kind, int page)
{
	char *map = mmap(NULL, size, rights, kind, file, page * (off_t)PAGE);

	CHECK(map != MAP_FAILED);
	return map;
}

/* A file of `pages` pages, page n filled with the letter 'a' + n. */
static int letters_make(const char *name, int pages)
{
	char page[PAGE];
	int file = file_make(name, "", 0), at;

	for (at = 0; at < pages; at++) {
		memset(page, 'a' + at, PAGE);
		IS(write(file, page, PAGE), PAGE);
	}
	return file;
}

TEST(reading)
{
	int file = letters_make("f", 4);
	char *map = map_make(file, 4 * PAGE, PROT_READ, MAP_PRIVATE, 0);
	char *third = map_make(file, PAGE, PROT_READ, MAP_SHARED, 2);

	IS(map[0], 'a');
	IS(map[3 * PAGE + 100], 'd');
	IS(third[5], 'c');
	DO(close(file)); /* maps stay */
	IS(map[PAGE], 'b');
}

TEST(last_page_ends_in_zeros)
{
	int file = file_make("f", "hello", 5);
	char *map = map_make(file, PAGE, RW, MAP_SHARED, 0);
	struct stat about;

	TEXT(map, "hello");
	IS(map[PAGE - 1], 0);
	map[100] = 'x'; /* behind the end: goes nowhere */
	map[1] = 'a';
	DO(msync(map, PAGE, MS_SYNC));
	DO(fstat(file, &about));
	IS(about.st_size, 5);
	{
		char text[8] = "";

		IS(pread(file, text, 8, 0), 5);
		TEXT(text, "hallo");
	}
}

TEST(private_writes_stay_private)
{
	int file = letters_make("f", 2);
	char *map = map_make(file, 2 * PAGE, RW, MAP_PRIVATE, 0);
	char *other = map_make(file, 2 * PAGE, PROT_READ, MAP_SHARED, 0);
	char byte;

	map[0] = 'x';
	IS(other[0], 'a');
	IS(pread(file, &byte, 1, 0), 1);
	IS(byte, 'a');
	IS(pwrite(file, "y", 1, 1), 1);
	IS(other[1], 'y');
	IS(map[1], 'a'); /* that page is a copy by now */
	DO(madvise(map, PAGE, MADV_DONTNEED));
	IS(map[0], 'a');
	IS(map[1], 'y');
}

TEST(shared_writes_reach_the_file)
{
	int file = letters_make("f", 2);
	char *one = map_make(file, 2 * PAGE, RW, MAP_SHARED, 0);
	char *two = map_make(file, PAGE, RW, MAP_SHARED, 1);
	char byte;
	pid_t child;

	one[PAGE] = 'X';
	IS(two[0], 'X');
	IS(pread(file, &byte, 1, PAGE), 1);
	IS(byte, 'X');
	IS(pwrite(file, "Y", 1, 7), 1);
	IS(one[7], 'Y');
	child = child_make();
	if (child == 0) {
		two[1] = 'Z';
		child_end();
	}
	child_good(child);
	IS(one[PAGE + 1], 'Z');
}

/* A child reads a page first, then the parent writes it, then again. */
TEST(shared_after_fork)
{
	int file = letters_make("f", 1);
	volatile char *map = map_make(file, PAGE, RW, MAP_SHARED, 0);
	struct signpost go, done;
	pid_t child;

	signpost_make(&go);
	signpost_make(&done);
	child = child_make();
	if (child == 0) {
		IS(map[0], 'a');
		signpost_tell(&done);
		signpost_wait(&go);
		IS(map[0], 'p');
		child_end();
	}
	signpost_wait(&done);
	map[0] = 'p';
	signpost_tell(&go);
	child_good(child);
}

TEST(rights)
{
	int reader, writer;
	char *map;

	close(letters_make("f", 1));
	reader = open("f", O_RDONLY);
	writer = open("f", O_WRONLY);
	ERROR((long)mmap(NULL, PAGE, RW, MAP_SHARED, reader, 0), EACCES);
	ERROR((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0),
	      EACCES);
	map = map_make(reader, PAGE, RW, MAP_PRIVATE, 0);
	map[0] = 'x';
	map = map_make(reader, PAGE, PROT_READ, MAP_SHARED, 0);
	ERROR(mprotect(map, PAGE, RW), EACCES);
	ERROR((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, open("/", O_RDONLY),
			 0),
	      ENODEV);
	ERROR(syscall(SYS_mmap, bad), EFAULT);
}

TEST(beyond_the_end)
{
	int file = letters_make("f", 1);
	char *map = map_make(file, 3 * PAGE, RW, MAP_SHARED, 0);

	IS(touch(map), 0);
	IS(touch(map + PAGE), SIGBUS);
	DO(ftruncate(file, 2 * PAGE));
	IS(touch(map + PAGE), 0); /* it reaches there now */
	IS(map[PAGE], 0);
	IS(touch(map + 2 * PAGE), SIGBUS);
	IS(write(file, map + 2 * PAGE, 1), -1);
	IS(errno, EFAULT);
}

TEST(cut_short)
{
	int file = letters_make("f", 3);
	char *map = map_make(file, 3 * PAGE, RW, MAP_SHARED, 0);
	char *copy = map_make(file, 3 * PAGE, RW, MAP_PRIVATE, 0);

	IS(map[2 * PAGE], 'c');
	copy[2 * PAGE] = 'x';
	DO(ftruncate(file, PAGE + 10));
	IS(touch(map + 2 * PAGE), SIGBUS);
	IS(touch(copy + 2 * PAGE), SIGBUS); /* copies go too */
	IS(map[PAGE + 9], 'b');
	IS(map[PAGE + 10], 0);
	DO(ftruncate(file, 3 * PAGE));
	IS(map[PAGE + 100], 0);
	IS(map[2 * PAGE], 0);
}

TEST(after_the_name_is_gone)
{
	int file = letters_make("f", 2);
	char *map = map_make(file, 2 * PAGE, RW, MAP_SHARED, 0);

	DO(unlink("f"));
	DO(close(file));
	IS(map[PAGE], 'b');
	map[0] = 'x';
	file = letters_make("f", 1);
	IS(map[0], 'x'); /* another file of that name */
}

TEST(growing_a_map)
{
	int file = letters_make("f", 4);
	char *map = map_make(file, PAGE, RW, MAP_SHARED, 1);

	map = mremap(map, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
	CHECK(map != MAP_FAILED);
	IS(map[0], 'b');
	IS(map[2 * PAGE], 'd');
	map[2 * PAGE] = 'D';
	IS(pread(file, map, 1, 3 * PAGE), 1);
	IS(map[0], 'D');
}

TEST(sharing_without_a_file)
{
	char *map = mmap(NULL, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *again;

	CHECK(map != MAP_FAILED);
	map[PAGE] = 's';
	/* Length 0 of a shared map: the same pages once more. */
	again = mremap(map, 0, 2 * PAGE, MREMAP_MAYMOVE);
	CHECK(again != MAP_FAILED && again != map);
	IS(again[PAGE], 's');
	again[0] = 't';
	IS(map[0], 't');
}

TEST(nameless_file)
{
	int file = (int)syscall(SYS_memfd_create, "name", 0);
	char *map;

	if (file == -1 && errno == ENOSYS)
		test_skip("memfd_create");
	CHECK(file >= 0);
	DO(ftruncate(file, PAGE));
	map = map_make(file, PAGE, RW, MAP_SHARED, 0);
	strcpy(map, "memory");
	{
		char text[8];

		IS(pread(file, text, 7, 0), 7);
		TEXT(text, "memory");
	}
}

/* A file that copies itself through its own map. */
TEST(writing_from_its_own_map)
{
	int file = letters_make("f", 2);
	char *map = map_make(file, 2 * PAGE, RW, MAP_SHARED, 0);

	IS(pwrite(file, map, PAGE, PAGE), PAGE);
	IS(map[PAGE + 17], 'a');
	IS(pread(file, map + 10, 100, PAGE), 100);
}

TEST(null_and_zero_devices)
{
	int zero = open("/dev/zero", O_RDWR);
	char *map = map_make(zero, 2 * PAGE, RW, MAP_PRIVATE, 0);

	IS(map[PAGE], 0);
	map[PAGE] = 1;
	map = map_make(zero, PAGE, RW, MAP_PRIVATE, 0);
	IS(map[0], 0);
	ERROR((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE,
			 open("/dev/null", O_RDWR), 0),
	      ENODEV);
}

TEST(deny_write_means_nothing)
{
	int file = letters_make("f", 1);

	map_make(file, PAGE, PROT_READ, MAP_PRIVATE | MAP_DENYWRITE, 0);
	IS(pwrite(file, "x", 1, 0), 1);
}
