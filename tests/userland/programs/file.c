/*
 * Reading and writing files: open's flags, positions, holes, truncation,
 * vectors, copying inside the kernel, descriptors.
 */
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>

static long long size_of(int file)
{
	struct stat about;

	DO(fstat(file, &about));
	return about.st_size;
}

TEST(open_flags)
{
	int file;

	ERROR(open("f", O_RDONLY), ENOENT);
	file = open("f", O_RDWR | O_CREAT | O_EXCL, 0640);
	CHECK(file >= 0);
	ERROR(open("f", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST);
	IS(write(file, "hello", 5), 5);
	CHECK(open("f", O_WRONLY | O_TRUNC) >= 0);
	IS(size_of(file), 0);
	ERROR(open(".", O_WRONLY), EISDIR);
	ERROR(open(".", O_RDONLY | O_CREAT, 0644), EISDIR);
	ERROR(open("f", O_RDONLY | O_DIRECTORY), ENOTDIR);
	ERROR(open("f/", O_RDONLY), ENOTDIR);
	ERROR(open("f/x", O_RDONLY), ENOTDIR);
	ERROR(open("no/x", O_RDWR | O_CREAT, 0644), ENOENT);
	DO(symlink("f", "link"));
	ERROR(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
	ERROR(open("link", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	DO(symlink("later", "dangling"));
	file = open("dangling", O_RDWR | O_CREAT, 0644);
	CHECK(file >= 0); /* makes what the link names */
	DO(access("later", F_OK));
}

TEST(modes_and_mask)
{
	struct stat about;

	umask(027);
	close(open("f", O_RDWR | O_CREAT, 0777));
	DO(stat("f", &about));
	IS(about.st_mode, S_IFREG | 0750);
	IS(umask(022), 027);
	DO(mkdir("d", 01777));
	DO(stat("d", &about));
	IS(about.st_mode, S_IFDIR | 01755);
	DO(mkfifo("p", 0666));
	DO(stat("p", &about));
	IS(about.st_mode, S_IFIFO | 0644);
}

TEST(access_modes)
{
	char byte = 'x';
	int reader, writer, path;

	close(file_make("f", "abc", 3));
	reader = open("f", O_RDONLY);
	writer = open("f", O_WRONLY);
	path = open("f", O_PATH);
	ERROR(write(reader, &byte, 1), EBADF);
	ERROR(read(writer, &byte, 1), EBADF);
	ERROR(ftruncate(reader, 0), EINVAL);
	IS(fcntl(reader, F_GETFL) & O_ACCMODE, O_RDONLY);
	IS(fcntl(writer, F_GETFL) & O_ACCMODE, O_WRONLY);
	ERROR(read(path, &byte, 1), EBADF);
	ERROR(ftruncate(path, 0), EBADF);
	CHECK(fcntl(path, F_GETFL) & O_PATH);
	IS(size_of(path), 3);
	ERROR(read(open(".", O_RDONLY), &byte, 1), EISDIR);
}

TEST(positions)
{
	int file = file_make("f", "0123456789", 10);
	char text[4];

	IS(lseek(file, 4, SEEK_SET), 4);
	IS(lseek(file, 2, SEEK_CUR), 6);
	IS(lseek(file, -1, SEEK_END), 9);
	IS(read(file, text, 4), 1);
	IS(read(file, text, 4), 0);
	IS(lseek(file, 100, SEEK_SET), 100);
	IS(read(file, text, 4), 0);
	ERROR(lseek(file, -1, SEEK_SET), EINVAL);
	ERROR(lseek(file, 0, 77), EINVAL);
	IS(pread(file, text, 4, 3), 4);
	IS(text[0], '3');
	IS(lseek(file, 0, SEEK_CUR), 100); /* as it was */
	ERROR(pread(file, text, 4, -1), EINVAL);
	IS(pwrite(file, "ab", 2, 0), 2);
	IS(lseek(file, 0, SEEK_CUR), 100);
	IS(lseek(file, 5ll << 30, SEEK_SET), 5ll << 30);
}

TEST(holes)
{
	int file = file_make("f", "x", 1);
	char text[16];
	int at;

	IS(pwrite(file, "end", 3, 100000), 3);
	IS(size_of(file), 100003);
	IS(pread(file, text, 16, 50000), 16);
	for (at = 0; at < 16; at++)
		IS(text[at], 0);
	IS(pread(file, text, 16, 99999), 4);
	IS(text[0], 0);
	IS(text[1], 'e');
	IS(pwrite(file, "far", 3, 3ll << 30), 3);
	IS(size_of(file), (3ll << 30) + 3);
	IS(pread(file, text, 16, 3ll << 30), 3);
}

TEST(truncation)
{
	int file = file_make("f", "0123456789", 10);
	char text[16] = "";

	DO(ftruncate(file, 4));
	DO(ftruncate(file, 8));
	IS(pread(file, text, 16, 0), 8);
	IS(memcmp(text, "0123\0\0\0\0", 8), 0);
	DO(truncate("f", 2));
	IS(size_of(file), 2);
	ERROR(ftruncate(file, -1), EINVAL);
	ERROR(truncate("none", 0), ENOENT);
	ERROR(truncate(".", 0), EISDIR);
	DO(ftruncate(file, 1 << 20));
	IS(pread(file, text, 16, (1 << 20) - 3), 3);
	DO(syscall(SYS_fallocate, file, 0, 0, 0, 2 << 20, 0));
	IS(size_of(file), 2 << 20);
}

TEST(appending)
{
	int one = open("f", O_WRONLY | O_CREAT | O_APPEND, 0644);
	int two = open("f", O_RDWR | O_APPEND);
	char text[16] = "";

	IS(write(one, "abc", 3), 3);
	IS(write(two, "def", 3), 3);
	IS(write(one, "ghi", 3), 3);
	IS(lseek(two, 0, SEEK_SET), 0);
	IS(write(two, "jkl", 3), 3);
	IS(pread(two, text, 15, 0), 12);
	TEXT(text, "abcdefghijkl");
	DO(fcntl(two, F_SETFL, 0)); /* and no longer */
	IS(lseek(two, 0, SEEK_SET), 0);
	IS(write(two, "X", 1), 1);
	IS(pread(two, text, 1, 0), 1);
	IS(text[0], 'X');
}

TEST(vectors)
{
	char one[3] = "", two[3] = "", three[5] = "";
	struct iovec parts[3] = { { one, 2 }, { two, 0 }, { three, 4 } };
	struct iovec out[2] = { { (void *)"head", 4 }, { (void *)"tail", 4 } };
	int file = file_make("f", "", 0);

	IS(writev(file, out, 2), 8);
	IS(lseek(file, 0, SEEK_SET), 0);
	IS(readv(file, parts, 3), 6);
	TEXT(one, "he");
	TEXT(three, "adta");
	IS(pwritev(file, out, 2, 2), 8);
	IS(preadv(file, parts, 3, 2), 6);
	TEXT(one, "he");
	ERROR(syscall(SYS_readv, file, parts, -1), EINVAL);
	ERROR(syscall(SYS_readv, file, parts, 1025), EINVAL);
	ERROR(writev(file, bad, 1), EFAULT);
	IS(writev(file, parts, 0), 0);
	parts[2].iov_len = 0x80000000u;
	ERROR(readv(file, parts, 3), EINVAL);
	/* What went before a bad part counts. */
	out[1].iov_base = bad;
	IS(pwritev(file, out, 2, 0), 4);
}

TEST(copying_inside)
{
	int from = file_make("from", "0123456789", 10), to, ends[2];
	off_t at = 3;
	char text[16] = "";

	to = open("to", O_RDWR | O_CREAT, 0644);
	IS(sendfile(to, from, &at, 4), 4);
	IS(at, 7);
	IS(lseek(from, 0, SEEK_CUR), 0);
	IS(sendfile(to, from, NULL, 100), 10);
	IS(lseek(from, 0, SEEK_CUR), 10);
	IS(pread(to, text, 16, 0), 14);
	TEXT(text, "34560123456789");
	DO(pipe(ends));
	at = 8;
	IS(sendfile(ends[1], from, &at, 100), 2);
	IS(read(ends[0], text, 16), 2);
	at = 0;
	{
		loff_t in = 0, out = 0;
		long got =
			syscall(SYS_copy_file_range, from, &in, to, &out, 5, 0);

		if (got != -1 || errno != ENOSYS)
			IS(got, 5);
	}
}

TEST(descriptors)
{
	int file = file_make("f", "abc", 3), copy, high;
	char byte;

	copy = dup(file);
	CHECK(copy > file);
	IS(read(copy, &byte, 1), 1);
	IS(read(file, &byte, 1), 1);
	IS(byte, 'b'); /* one position for both */
	IS(dup2(file, file), file);
	IS(dup2(file, 20), 20);
	IS(dup2(copy, 20), 20);
	ERROR(dup2(99, 21), EBADF);
	ERROR(dup2(file, -1), EBADF);
	ERROR(dup2(file, 1 << 28), EBADF);
	ERROR(dup3(file, file, 0), EINVAL);
	ERROR(dup3(file, 22, 1), EINVAL);
	IS(dup3(file, 22, O_CLOEXEC), 22);
	IS(fcntl(22, F_GETFD), FD_CLOEXEC);
	high = fcntl(file, F_DUPFD, 40);
	IS(high, 40);
	IS(fcntl(file, F_DUPFD_CLOEXEC, 40), 41);
	IS(fcntl(41, F_GETFD), FD_CLOEXEC);
	ERROR(fcntl(file, F_DUPFD, -1), EINVAL);
	DO(close(20));
	IS(open("f", O_RDONLY), copy + 1); /* always the lowest */
	ERROR(fcntl(file, 77777), EINVAL);
}

TEST(closing_many)
{
	int at;

	for (at = 0; at < 5; at++)
		CHECK(dup2(1, 30 + at * 2) >= 0);
	if (syscall(SYS_close_range, 31, 35, 0) == -1 && errno == ENOSYS)
		test_skip("close_range");
	IS(fcntl(30, F_GETFD), 0);
	ERROR(fcntl(32, F_GETFD), EBADF);
	ERROR(fcntl(34, F_GETFD), EBADF);
	IS(fcntl(36, F_GETFD), 0);
	DO(syscall(SYS_close_range, 36, ~0u, 4)); /* close on exec */
	IS(fcntl(38, F_GETFD), FD_CLOEXEC);
	ERROR(syscall(SYS_close_range, 5, 4, 0), EINVAL);
}

TEST(large_transfers)
{
	size_t size = 3 << 20, at;
	char *out = malloc(size), *in = malloc(size);
	int file = file_make("f", "", 0);

	for (at = 0; at < size; at++)
		out[at] = (char)(at * 7 + at / 4096);
	IS(write(file, out + 1, size - 1), size - 1);
	IS(pread(file, in, size, 0), size - 1);
	IS(memcmp(in, out + 1, size - 1), 0);
	IS(pread(file, in, size, 4095), size - 4096);
	IS(memcmp(in, out + 4096, size - 4096), 0);
}

/* A buffer that ends in the middle of the transfer. */
TEST(short_buffers)
{
	char *map = malloc(3 * 4096);
	int file = file_make("f", "", 0);

	map = (char *)(((uintptr_t)map + 4095) & ~4095ul);
	memset(map, 'x', 4096);
	DO(syscall(SYS_munmap, map + 4096, 4096));
	IS(write(file, map + 4000, 200), 96);
	ERROR(write(file, map + 4096, 1), EFAULT);
	IS(lseek(file, 0, SEEK_SET), 0);
	IS(read(file, map + 4090, 50), 6);
	IS(write(file, map + 4096, 0), 0);
}

TEST(synchronizing)
{
	int file = file_make("f", "x", 1);

	DO(fsync(file));
	DO(fdatasync(file));
	sync();
	ERROR(fsync(99), EBADF);
	IS(posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL), 0);
	DO(syscall(SYS_readahead, file, 0, 0, 4096));
}

TEST(file_system)
{
	struct statfs about;

	DO(statfs(".", &about));
	CHECK(about.f_bsize > 0 && about.f_blocks > 0);
	CHECK(about.f_namelen >= 255);
	DO(fstatfs(open(".", O_RDONLY), &about));
	ERROR(statfs("none", &about), ENOENT);
	ERROR(fstatfs(99, &about), EBADF);
}

TEST(unlinked_but_open)
{
	int file = file_make("f", "still here", 10);
	struct stat about;
	char text[16] = "";

	DO(unlink("f"));
	IS(pread(file, text, 15, 0), 10);
	TEXT(text, "still here");
	IS(write(file, "X", 1), 1);
	DO(fstat(file, &about));
	IS(about.st_nlink, 0);
}
