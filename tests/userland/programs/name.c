/*
 * Names: directories, hard and symbolic links, renaming, removing, paths and
 * how they are walked, the calls relative to a directory.
 */
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <utime.h>

static void empty(const char *name)
{
	close(file_make(name, "", 0));
}

static void text_make(const char *name, const char *text)
{
	close(file_make(name, text, strlen(text)));
}

static void text_is(const char *name, const char *must)
{
	char text[256];

	file_read(name, text, sizeof(text));
	TEXT(text, must);
}

static int links_of(const char *name)
{
	struct stat about;

	DO(lstat(name, &about));
	return (int)about.st_nlink;
}

TEST(directories)
{
	DO(mkdir("d", 0755));
	ERROR(mkdir("d", 0755), EEXIST);
	ERROR(mkdir("none/d", 0755), ENOENT);
	DO(mkdir("d/e/", 0755));
	ERROR(rmdir("d"), ENOTEMPTY);
	ERROR(rmdir("d/."), EINVAL);
	ERROR(rmdir("d/e/.."), ENOTEMPTY);
	ERROR(rmdir("none"), ENOENT);
	ERROR(rmdir("/"), EBUSY);
	empty("f");
	ERROR(rmdir("f"), ENOTDIR);
	ERROR(unlink("d"), EISDIR);
	ERROR(mkdir("f/d", 0755), ENOTDIR);
	DO(rmdir("d/e"));
	DO(rmdir("d"));
}

TEST(hard_links)
{
	struct stat one, two;

	text_make("f", "text");
	DO(link("f", "g"));
	DO(stat("f", &one));
	DO(stat("g", &two));
	IS(one.st_ino, two.st_ino);
	IS(one.st_nlink, 2);
	DO(unlink("f"));
	text_is("g", "text");
	IS(links_of("g"), 1);
	ERROR(link("g", "g"), EEXIST);
	ERROR(link("none", "h"), ENOENT);
	DO(mkdir("d", 0755));
	ERROR(link("d", "h"), EPERM);
	ERROR(link("g", "d"), EEXIST);
	DO(symlink("g", "s"));
	DO(link("s", "t")); /* the link itself */
	DO(lstat("t", &one));
	CHECK(S_ISLNK(one.st_mode));
	DO(linkat(AT_FDCWD, "s", AT_FDCWD, "u", AT_SYMLINK_FOLLOW));
	IS(links_of("g"), 2);
}

TEST(symbolic_links)
{
	char target[64];
	struct stat about;
	ssize_t size;

	text_make("f", "text");
	DO(symlink("f", "s"));
	DO(symlink("s", "t"));
	text_is("t", "text");
	size = readlink("t", target, sizeof(target));
	IS(size, 1);
	IS(target[0], 's');
	DO(lstat("s", &about));
	IS(about.st_mode, S_IFLNK | 0777);
	IS(about.st_size, 1);
	ERROR(readlink("f", target, 5), EINVAL);
	DO(symlink("a long target name", "cut"));
	IS(readlink("cut", target, 6), 6);
	IS(memcmp(target, "a long", 6), 0);
	ERROR(symlink("x", "s"), EEXIST);
	ERROR(symlink("", "e"), ENOENT);
	DO(unlink("t"));
	text_is("s", "text");
	DO(unlink("f"));
	ERROR(stat("s", &about), ENOENT);
	DO(lstat("s", &about));
}

TEST(link_loops)
{
	char name[32], target[32];
	struct stat about;
	int at;

	DO(symlink("b", "a"));
	DO(symlink("a", "b"));
	ERROR(stat("a", &about), ELOOP);
	ERROR(stat("a/x", &about), ELOOP);
	empty("l0");
	for (at = 1; at <= 41; at++) {
		sprintf(name, "l%d", at);
		sprintf(target, "l%d", at - 1);
		DO(symlink(target, name));
	}
	DO(stat("l40", &about)); /* forty are followed */
	ERROR(stat("l41", &about), ELOOP);
}

TEST(paths)
{
	char path[5000];
	struct stat about;

	DO(mkdir("d", 0755));
	DO(mkdir("d/e", 0755));
	text_make("d/f", "x");
	DO(stat("d//e/.././f", &about));
	DO(stat("./d/e/../../d/f", &about));
	DO(stat("/../../tmp", &about)); /* nothing is above the root */
	ERROR(stat("", &about), ENOENT);
	ERROR(stat("d/none/../f", &about), ENOENT);
	ERROR(stat("d/f/..", &about), ENOTDIR);
	DO(symlink("d/e", "se"));
	DO(stat("se/../f", &about)); /* .. of what the link names */
	DO(stat("se/", &about));
	memset(path, 'n', 300);
	path[255] = '\0';
	empty(path);
	DO(stat(path, &about));
	path[255] = 'n';
	path[256] = '\0';
	ERROR(stat(path, &about), ENAMETOOLONG);
	memset(path, '/', sizeof(path));
	path[4095] = '\0';
	DO(stat(path, &about));
	path[4095] = '/';
	path[4096] = '\0';
	ERROR(stat(path, &about), ENAMETOOLONG);
}

TEST(renaming)
{
	text_make("a", "a");
	text_make("b", "b");
	DO(rename("a", "b"));
	ERROR(access("a", F_OK), ENOENT);
	text_is("b", "a");
	DO(rename("b", "b"));
	DO(link("b", "c"));
	DO(rename("b", "c")); /* the same file: both stay */
	DO(access("b", F_OK));
	DO(mkdir("d", 0755));
	DO(mkdir("e", 0755));
	DO(rename("b", "d/b"));
	ERROR(rename("c", "d"), EISDIR);
	ERROR(rename("d", "c"), ENOTDIR);
	ERROR(rename("e", "d"), ENOTEMPTY);
	DO(rename("d", "e"));
	text_is("e/b", "a");
	ERROR(rename("e", "e/inside"), EINVAL);
	ERROR(rename("none", "x"), ENOENT);
	ERROR(rename("c", "none/x"), ENOENT);
	CHECK(rename("e/.", "x") == -1 && (errno == EBUSY || errno == EINVAL));
	DO(symlink("c", "s"));
	DO(rename("s", "t"));
	IS(readlink("t", (char[4]){ 0 }, 4), 1);
}

TEST(renaming_directories)
{
	struct stat one, two;

	DO(mkdir("a", 0755));
	DO(mkdir("a/b", 0755));
	DO(mkdir("c", 0755));
	IS(links_of("a"), 3);
	DO(rename("a/b", "c/b"));
	IS(links_of("a"), 2);
	IS(links_of("c"), 3);
	DO(stat("c", &one));
	DO(stat("c/b/..", &two));
	IS(one.st_ino, two.st_ino);
}

TEST(renaming_with_flags)
{
	text_make("a", "a");
	text_make("b", "b");
	if (renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE) == -1 &&
	    errno == EINVAL)
		test_skip("renameat2's flags");
	IS(errno, EEXIST);
	DO(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE));
	text_is("a", "b");
	text_is("b", "a");
	ERROR(renameat2(AT_FDCWD, "a", AT_FDCWD, "none", RENAME_EXCHANGE),
	      ENOENT);
	ERROR(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", 77 << 8), EINVAL);
}

TEST(relative_calls)
{
	struct stat about;
	int folder, file;

	DO(mkdir("d", 0755));
	folder = open("d", O_RDONLY | O_DIRECTORY);
	file = openat(folder, "f", O_RDWR | O_CREAT, 0644);
	CHECK(file >= 0);
	DO(access("d/f", F_OK));
	DO(mkdirat(folder, "e", 0755));
	DO(symlinkat("f", folder, "s"));
	DO(fstatat(folder, "s", &about, AT_SYMLINK_NOFOLLOW));
	CHECK(S_ISLNK(about.st_mode));
	DO(linkat(folder, "f", AT_FDCWD, "g", 0));
	DO(renameat(folder, "f", AT_FDCWD, "h"));
	DO(fchmodat(folder, "e", 0700, 0));
	DO(faccessat(folder, "e", R_OK, 0));
	DO(unlinkat(folder, "e", AT_REMOVEDIR));
	DO(unlinkat(folder, "s", 0));
	ERROR(unlinkat(folder, "s", 77), EINVAL);
	ERROR(openat(file, "x", O_RDONLY), ENOTDIR);
	ERROR(openat(99, "x", O_RDONLY), EBADF);
	IS(openat(99, "/", O_RDONLY), file + 1);
	DO(fstatat(file, "", &about, AT_EMPTY_PATH));
	CHECK(S_ISREG(about.st_mode));
	IS(about.st_nlink, 2);
}

TEST(working_directory)
{
	char before[256], now[300], wanted[300];
	int folder;

	CHECK(getcwd(before, sizeof(before)) != NULL);
	DO(mkdir("d", 0755));
	DO(symlink("d", "s"));
	DO(chdir("s"));
	CHECK(getcwd(now, sizeof(now)) != NULL);
	snprintf(wanted, sizeof(wanted), "%s/d", before);
	TEXT(now, wanted);
	DO(rename("../d", "../e"));
	CHECK(getcwd(now, sizeof(now)) != NULL);
	snprintf(wanted, sizeof(wanted), "%s/e", before);
	TEXT(now, wanted);
	ERROR(syscall(SYS_getcwd, now, 3), ERANGE);
	folder = open(".", O_RDONLY);
	DO(rmdir("../e"));
	ERROR(syscall(SYS_getcwd, now, sizeof(now)), ENOENT);
	ERROR(open("f", O_RDWR | O_CREAT, 0644), ENOENT);
	DO(chdir(".."));
	CHECK(getcwd(now, sizeof(now)) != NULL);
	TEXT(now, before);
	DO(fchdir(folder));
	DO(chdir(before));
	empty("f");
	ERROR(chdir("f"), ENOTDIR);
	ERROR(fchdir(open("f", O_RDONLY)), ENOTDIR);
}

TEST(special_nodes)
{
	struct stat about;

	DO(mknod("n", S_IFCHR | 0666, 0x103)); /* null */
	DO(stat("n", &about));
	CHECK(S_ISCHR(about.st_mode));
	IS(about.st_rdev, 0x103);
	DO(mknod("f", S_IFREG | 0644, 0));
	DO(mknod("s", S_IFSOCK | 0644, 0));
	ERROR(open("s", O_RDWR), ENXIO);
	ERROR(mknod("f", S_IFREG | 0644, 0), EEXIST);
	DO(mknod("x", S_IFCHR | 0666, 0x3c00));
	ERROR(open("x", O_RDWR), ENXIO);
}

TEST(removing_what_is_in_use)
{
	int folder;

	DO(mkdir("d", 0755));
	folder = open("d", O_RDONLY);
	DO(rmdir("d"));
	ERROR(openat(folder, "f", O_RDWR | O_CREAT, 0644), ENOENT);
	IS(openat(folder, ".", O_RDONLY), folder + 1);
}
