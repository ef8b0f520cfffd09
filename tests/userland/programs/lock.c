/*
 * Locks on files: ranges by process (fcntl), by open file (OFD), and whole
 * files (flock); conflicts, splitting, waiting, deadlock, release.
 */
#include "check.h"

#include <fcntl.h>
#include <sys/file.h>

static struct flock range(int type, off_t start, off_t size)
{
	return (struct flock){ .l_type = (short)type,
			       .l_whence = SEEK_SET,
			       .l_start = start,
			       .l_len = size };
}

static int lock(int file, int type, off_t start, off_t size)
{
	struct flock wanted = range(type, start, size);

	return fcntl(file, F_SETLK, &wanted);
}

/* Who another process sees to hold this byte: type and range. */
static void lock_is(int file, off_t at, int type, off_t start, off_t size)
{
	pid_t holder = getpid(), child = child_make();
	struct flock seen = range(F_WRLCK, at, 1);

	if (child == 0) {
		DO(fcntl(file, F_GETLK, &seen));
		IS(seen.l_type, type);
		if (type != F_UNLCK) {
			IS(seen.l_start, start);
			IS(seen.l_len, size);
			IS(seen.l_pid, holder);
			IS(seen.l_whence, SEEK_SET);
		}
		child_end();
	}
	child_good(child);
}

TEST(conflicts)
{
	int file = file_make("f", "x", 1);
	pid_t child;

	DO(lock(file, F_RDLCK, 0, 10));
	DO(lock(file, F_WRLCK, 20, 10));
	child = child_make();
	if (child == 0) {
		DO(lock(file, F_RDLCK, 5, 10));
		ERROR(lock(file, F_WRLCK, 5, 1), EAGAIN);
		ERROR(lock(file, F_RDLCK, 25, 1), EAGAIN);
		ERROR(lock(file, F_RDLCK, 0, 0), EAGAIN);
		DO(lock(file, F_WRLCK, 30, 0));
		child_end();
	}
	child_good(child);
	DO(lock(file, F_WRLCK, 0, 0)); /* the child's ended with it */
}

TEST(splitting_and_joining)
{
	int file = file_make("f", "x", 1);

	DO(lock(file, F_WRLCK, 10, 30));
	lock_is(file, 20, F_WRLCK, 10, 30);
	DO(lock(file, F_UNLCK, 20, 10));
	lock_is(file, 15, F_WRLCK, 10, 10);
	lock_is(file, 25, F_UNLCK, 0, 0);
	lock_is(file, 35, F_WRLCK, 30, 10);
	DO(lock(file, F_WRLCK, 20, 10));
	lock_is(file, 25, F_WRLCK, 10, 30);
	DO(lock(file, F_RDLCK, 15, 5));
	lock_is(file, 15, F_RDLCK, 15, 5);
	lock_is(file, 14, F_WRLCK, 10, 5);
	DO(lock(file, F_WRLCK, 100, 0)); /* to the end, wherever that is */
	lock_is(file, 1ll << 40, F_WRLCK, 100, 0);
	DO(lock(file, F_UNLCK, 0, 0));
	lock_is(file, 15, F_UNLCK, 0, 0);
}

TEST(any_close_releases)
{
	int file = file_make("f", "x", 1);

	DO(lock(file, F_WRLCK, 0, 1));
	DO(close(open("f", O_RDONLY)));
	lock_is(file, 0, F_UNLCK, 0, 0);
}

TEST(children_do_not_inherit)
{
	int file = file_make("f", "x", 1);
	pid_t child;

	DO(lock(file, F_WRLCK, 0, 1));
	child = child_make();
	if (child == 0) {
		ERROR(lock(file, F_WRLCK, 0, 1), EAGAIN);
		DO(close(file)); /* releases nothing of the parent's */
		child_end();
	}
	child_good(child);
	lock_is(file, 0, F_WRLCK, 0, 1);
}

TEST(waiting)
{
	int file = file_make("f", "x", 1);
	struct flock whole = range(F_WRLCK, 0, 0);
	struct signpost held;
	long long begin;
	pid_t child;

	signpost_make(&held);
	child = child_make();
	if (child == 0) {
		DO(lock(file, F_WRLCK, 5, 1));
		signpost_tell(&held);
		clock_sleep(60);
		child_end();
	}
	signpost_wait(&held);
	begin = clock_now();
	DO(fcntl(file, F_SETLKW, &whole));
	CHECK(clock_now() - begin >= 30);
	child_good(child);
}

TEST(deadlock_is_refused)
{
	int file = file_make("f", "x", 1);
	struct flock first = range(F_WRLCK, 0, 1),
		     second = range(F_WRLCK, 1, 1);
	struct signpost held;
	pid_t child, parent = getpid();

	signpost_make(&held);
	DO(lock(file, F_WRLCK, 0, 1));
	child = child_make();
	if (child == 0) {
		DO(lock(file, F_WRLCK, 1, 1));
		signpost_tell(&held);
		process_state_wait(parent, 'S');
		ERROR(fcntl(file, F_SETLKW, &first), EDEADLK);
		child_end();
	}
	signpost_wait(&held);
	DO(fcntl(file, F_SETLKW, &second));
	child_good(child);
}

TEST(refusals)
{
	int file, reader;
	struct flock odd = range(F_WRLCK, -1, 1);

	file = file_make("f", "x", 1);
	reader = open("f", O_RDONLY);
	ERROR(lock(reader, F_WRLCK, 0, 1), EBADF);
	DO(lock(reader, F_RDLCK, 0, 1));
	ERROR(fcntl(file, F_SETLK, &odd), EINVAL);
	odd = range(77, 0, 1);
	ERROR(fcntl(file, F_SETLK, &odd), EINVAL);
	odd = range(F_WRLCK, 0, 1);
	odd.l_whence = 9;
	ERROR(fcntl(file, F_SETLK, &odd), EINVAL);
	ERROR(fcntl(99, F_SETLK, &odd), EBADF);
	ERROR(fcntl(file, F_SETLK, bad), EFAULT);
	ERROR(fcntl(file, F_GETLK, bad), EFAULT);
}

TEST(relative_ranges)
{
	int file = file_make("f", "0123456789", 10);
	struct flock wanted = range(F_WRLCK, -4, 2);

	wanted.l_whence = SEEK_END;
	DO(fcntl(file, F_SETLK, &wanted));
	lock_is(file, 6, F_WRLCK, 6, 2);
	DO(lock(file, F_UNLCK, 0, 0));
	IS(lseek(file, 5, SEEK_SET), 5);
	wanted = range(F_WRLCK, 1, -3);
	wanted.l_whence = SEEK_CUR;
	DO(fcntl(file, F_SETLK, &wanted));
	lock_is(file, 4, F_WRLCK, 3, 3);
}

/* sqlite's places, at 1 GiB, by the number that it uses. */
TEST(far_ranges)
{
	int file = file_make("f", "x", 1);

	DO(lock(file, F_RDLCK, 0x40000002, 510));
	DO(lock(file, F_WRLCK, 0x40000000, 1));
	lock_is(file, 0x40000100, F_RDLCK, 0x40000002, 510);
	lock_is(file, 0x40000000, F_WRLCK, 0x40000000, 1);
	lock_is(file, 0x40000001, F_UNLCK, 0, 0);
}

TEST(open_file_locks)
{
	struct flock whole = range(F_WRLCK, 0, 0);
	int one = file_make("f", "x", 1), two = open("f", O_RDWR);
	pid_t child;

	if (fcntl(one, F_OFD_SETLK, &whole) == -1 && errno == EINVAL)
		test_skip("F_OFD_SETLK");
	ERROR(fcntl(two, F_OFD_SETLK, &whole), EAGAIN);
	child = child_make();
	if (child == 0) { /* the same open file: its own lock */
		DO(fcntl(one, F_OFD_SETLK, &whole));
		child_end();
	}
	child_good(child);
	DO(close(one));
	DO(fcntl(two, F_OFD_SETLK, &whole));
}

TEST(whole_files)
{
	int one = file_make("f", "x", 1), two = open("f", O_RDWR), copy;

	DO(flock(one, LOCK_SH));
	DO(flock(two, LOCK_SH | LOCK_NB));
	ERROR(flock(two, LOCK_EX | LOCK_NB), EAGAIN);
	DO(flock(one, LOCK_UN));
	DO(flock(two, LOCK_EX | LOCK_NB));
	ERROR(flock(one, LOCK_SH | LOCK_NB), EAGAIN);
	copy = dup(two);
	DO(close(two));
	ERROR(flock(one, LOCK_SH | LOCK_NB), EAGAIN); /* still open */
	DO(close(copy));
	DO(flock(one, LOCK_EX | LOCK_NB));
	ERROR(flock(one, 0), EINVAL);
	ERROR(flock(99, LOCK_SH), EBADF);
	DO(lock(one, F_WRLCK, 0, 0)); /* the two kinds do not meet */
}

TEST(whole_file_of_a_child)
{
	int one = file_make("f", "x", 1), two = open("f", O_RDWR);
	pid_t child;

	DO(flock(one, LOCK_EX));
	child = child_make();
	if (child == 0) {
		DO(flock(one, LOCK_EX | LOCK_NB));
		ERROR(flock(two, LOCK_EX | LOCK_NB), EAGAIN);
		DO(flock(one, LOCK_UN)); /* for the parent as well */
		child_end();
	}
	child_good(child);
	DO(flock(two, LOCK_EX | LOCK_NB));
}
