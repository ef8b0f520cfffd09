/*
 * What directories list, and what stat, statx and the times of files say.
 */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <time.h>

struct entry64 { /* what getdents64 gives */
	uint64_t inode;
	uint64_t position;
	uint16_t size;
	uint8_t type;
	char name[];
};

static void files_make(int count)
{
	char name[32];
	int at;

	for (at = 0; at < count; at++) {
		sprintf(name, "file-%03d", at);
		close(file_make(name, "", 0));
	}
}

/* Counts the names that readdir gives, each of which must be there once. */
static int list_count(DIR *list, int *seen, int room)
{
	struct dirent *entry;
	int count = 0, number;

	while ((entry = readdir(list))) {
		if (entry->d_name[0] == '.')
			continue;
		IS(sscanf(entry->d_name, "file-%d", &number), 1);
		CHECK(number < room);
		IS(seen[number], 0);
		seen[number] = 1;
		count++;
	}
	return count;
}

TEST(listing)
{
	static int seen[300];
	DIR *list;

	files_make(300);
	list = opendir(".");
	CHECK(list != NULL);
	IS(list_count(list, seen, 300), 300);
	memset(seen, 0, sizeof(seen));
	rewinddir(list);
	IS(list_count(list, seen, 300), 300);
	closedir(list);
}

TEST(types_and_dots)
{
	int dots = 0, types = 0;
	struct dirent *entry;
	struct stat about;
	DIR *list;

	close(file_make("file", "", 0));
	DO(mkdir("folder", 0755));
	DO(symlink("file", "link"));
	DO(mkfifo("fifo", 0644));
	list = opendir(".");
	while ((entry = readdir(list))) {
		DO(lstat(entry->d_name, &about));
		IS(entry->d_type, IFTODT(about.st_mode));
		if (strcmp(entry->d_name, "..") != 0)
			IS(entry->d_ino, about.st_ino);
		dots += entry->d_name[0] == '.';
		types |= 1 << entry->d_type;
	}
	IS(dots, 2);
	IS(types, 1 << DT_REG | 1 << DT_DIR | 1 << DT_LNK | 1 << DT_FIFO);
}

/* Removing what was listed, as rm -r does, misses nothing. */
TEST(removing_while_listing)
{
	struct dirent *entry;
	DIR *list;
	int left = 0;

	files_make(200);
	list = opendir(".");
	while ((entry = readdir(list)))
		if (entry->d_name[0] != '.')
			DO(unlink(entry->d_name));
	rewinddir(list);
	while ((entry = readdir(list)))
		left += entry->d_name[0] != '.';
	IS(left, 0);
}

TEST(places_in_a_list)
{
	char name[256];
	struct dirent *entry;
	long place;
	DIR *list;
	int at;

	files_make(50);
	list = opendir(".");
	for (at = 0; at < 20; at++)
		CHECK(readdir(list) != NULL);
	place = telldir(list);
	entry = readdir(list);
	strcpy(name, entry->d_name);
	while (readdir(list))
		;
	seekdir(list, place);
	entry = readdir(list);
	TEXT(entry->d_name, name);
}

TEST(records)
{
	char buffer[1024];
	struct entry64 *entry;
	int folder = open(".", O_RDONLY | O_DIRECTORY), count = 0;
	long got, at;

	files_make(60);
	ERROR(syscall(SYS_getdents64, folder, buffer, 10), EINVAL);
	while ((got = syscall(SYS_getdents64, folder, buffer, sizeof(buffer))) >
	       0)
		for (at = 0; at < got; at += entry->size) {
			entry = (void *)(buffer + at);
			IS(entry->size % 8, 0);
			CHECK(strlen(entry->name) < entry->size - 19u);
			count++;
		}
	IS(got, 0);
	IS(count, 62);
	ERROR(syscall(SYS_getdents64, file_make("f", "", 0), buffer, 1024),
	      ENOTDIR);
	IS(lseek(folder, 0, SEEK_SET), 0);
	ERROR(syscall(SYS_getdents64, folder, bad, 1024), EFAULT);
}

TEST(removed_folder_is_empty)
{
	char buffer[1024];
	int folder;

	DO(mkdir("d", 0755));
	folder = open("d", O_RDONLY | O_DIRECTORY);
	DO(rmdir("d"));
	CHECK(syscall(SYS_getdents64, folder, buffer, 1024) <= 0);
}

TEST(stat_fields)
{
	struct stat about;
	int file = file_make("f", "0123456789", 10);

	DO(fstat(file, &about));
	IS(about.st_size, 10);
	IS(about.st_nlink, 1);
	IS(about.st_uid, geteuid());
	CHECK(about.st_ino != 0);
	CHECK(about.st_blksize >= 512);
	CHECK(S_ISREG(about.st_mode));
	DO(stat("/dev/null", &about));
	CHECK(S_ISCHR(about.st_mode));
	IS(major(about.st_rdev), 1);
	IS(minor(about.st_rdev), 3);
	DO(stat("/", &about));
	CHECK(S_ISDIR(about.st_mode));
	CHECK(about.st_nlink >= 2);
}

TEST(statx_fields)
{
	struct statx about;
	int file = file_make("f", "0123456789", 10);

	DO(statx(file, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &about));
	IS(about.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	IS(about.stx_size, 10);
	IS(about.stx_mode, S_IFREG | 0644);
	IS(about.stx_nlink, 1);
	DO(statx(AT_FDCWD, "f", 0, STATX_SIZE, &about));
	IS(about.stx_size, 10);
	ERROR(statx(AT_FDCWD, "", 0, STATX_SIZE, &about), ENOENT);
	ERROR(statx(AT_FDCWD, "none", 0, STATX_SIZE, &about), ENOENT);
	ERROR(statx(99, "", AT_EMPTY_PATH, STATX_SIZE, &about), EBADF);
	ERROR(statx(AT_FDCWD, "f", 0x800000, STATX_SIZE, &about), EINVAL);
	ERROR(statx(AT_FDCWD, "f", 0, STATX_SIZE, bad), EFAULT);
}

/* The old calls still serve: stat64 and its kin, and their 96 bytes. */
TEST(stat64_layout)
{
	unsigned char raw[96 + 8];
	uint64_t size;
	uint32_t mode;

	close(file_make("f", "0123456789", 10));
	memset(raw, 0xEE, sizeof(raw));
	DO(syscall(SYS_stat64, "f", raw));
	memcpy(&mode, raw + 16, 4);
	memcpy(&size, raw + 44, 8);
	IS(mode, S_IFREG | 0644);
	IS(size, 10);
	IS(raw[96], 0xEE);
	DO(syscall(SYS_lstat64, "f", raw));
	DO(syscall(SYS_fstat64, 1, raw));
	DO(syscall(SYS_fstatat64, AT_FDCWD, "f", raw, 0));
	ERROR(syscall(SYS_stat64, "f", bad), EFAULT);
}

TEST(times_are_set)
{
	struct timespec times[2] = { { 1000000, 5 }, { 2000000, 6 } };
	struct stat about;

	close(file_make("f", "", 0));
	DO(utimensat(AT_FDCWD, "f", times, 0));
	DO(stat("f", &about));
	IS(about.st_atim.tv_sec, 1000000);
	IS(about.st_atim.tv_nsec, 5);
	IS(about.st_mtim.tv_sec, 2000000);
	IS(about.st_mtim.tv_nsec, 6);
	times[0].tv_nsec = UTIME_OMIT;
	times[1].tv_nsec = UTIME_NOW;
	DO(utimensat(AT_FDCWD, "f", times, 0));
	DO(stat("f", &about));
	IS(about.st_atim.tv_sec, 1000000);
	CHECK(about.st_mtim.tv_sec > 2000000);
	DO(symlink("f", "s"));
	times[0].tv_nsec = times[1].tv_nsec = 0;
	DO(utimensat(AT_FDCWD, "s", times, AT_SYMLINK_NOFOLLOW));
	DO(lstat("s", &about));
	IS(about.st_mtim.tv_sec, 2000000);
	DO(futimens(open("f", O_RDONLY), times));
	DO(stat("f", &about));
	IS(about.st_mtim.tv_sec, 2000000);
	times[1].tv_nsec = 1000000000;
	ERROR(utimensat(AT_FDCWD, "f", times, 0), EINVAL);
	ERROR(utimensat(AT_FDCWD, "none", NULL, 0), ENOENT);
}

static struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };

static int changed(const char *name)
{
	struct stat about;

	DO(stat(name, &about));
	return about.st_mtim.tv_sec != 1000;
}

static void age(const char *name)
{
	DO(utimensat(AT_FDCWD, name, old, 0));
}

TEST(times_change)
{
	int file;

	DO(mkdir("d", 0755));
	age("d");
	file = open("d/f", O_RDWR | O_CREAT, 0644);
	IS(changed("d"), 1);
	age("d");
	age("d/f");
	IS(write(file, "x", 1), 1);
	IS(changed("d/f"), 1);
	IS(changed("d"), 0);
	age("d/f");
	DO(ftruncate(file, 0));
	IS(changed("d/f"), 1);
	age("d/f");
	DO(chmod("d/f", 0600));
	IS(changed("d/f"), 0);
	age("d");
	DO(rename("d/f", "d/g"));
	IS(changed("d"), 1);
	age("d");
	DO(unlink("d/g"));
	IS(changed("d"), 1);
}

TEST(clock_and_file_times_agree)
{
	struct timespec before, after;
	struct stat about;

	DO(clock_gettime(CLOCK_REALTIME, &before));
	close(file_make("f", "x", 1));
	DO(clock_gettime(CLOCK_REALTIME, &after));
	DO(stat("f", &about));
	CHECK(about.st_mtim.tv_sec >= before.tv_sec - 1);
	CHECK(about.st_mtim.tv_sec <= after.tv_sec + 1);
}
