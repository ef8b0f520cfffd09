/*
 * Images as Debian's e2fsprogs make and check them, for the tests of fs/ext2.
 */
#ifndef TESTS_HOST_EXT2_IMAGE_H
#define TESTS_HOST_EXT2_IMAGE_H

#include "ext2_domain.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file of its own for the image, and one for copies of it. */
static char image_path[64], copy_path[80];

static int command(const char *format, const char *a, const char *b)
{
	char line[400];
	int status;

	snprintf(line, sizeof line, format, a, b);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void image_remove(void)
{
	unlink(image_path);
	unlink(copy_path);
}

static void image_paths(void)
{
	const char *folder = getenv("TMPDIR");

	if (*image_path)
		return;
	snprintf(image_path, sizeof image_path, "%.30s/ext2.%d",
		 folder ? folder : "/tmp", getpid());
	snprintf(copy_path, sizeof copy_path, "%s.copy", image_path);
	atexit(image_remove);
	setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
}

/* Make a new one with these options of mke2fs, and load it. */
static void image_make(const char *options, u64 bytes)
{
	int file;

	image_paths();
	if (shim.image)
		munmap(shim.image, shim.bytes);
	file = open(image_path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	hold(file >= 0 && ftruncate(file, (off_t)bytes) == 0);
	hold(command("mke2fs -q -F %s %s >/dev/null 2>&1", options,
		     image_path) == 0);
	shim_load(
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
		bytes);
	hold(shim.image != MAP_FAILED);
	close(file);
}

/* e2fsck's exit status; where it finds something it is shown. */
static int image_check(const char *path, const char *how)
{
	int status;

	msync(shim.image, shim.bytes, MS_SYNC);
	status = command("e2fsck -f %s %s", how, path);
	return status;
}

/* Nothing is wrong with it as it is. */
static void image_is_clean(void)
{
	if (image_check(image_path, "-n >/dev/null 2>&1") == 0)
		return;
	image_check(image_path, "-n");
	hold(!"e2fsck is content");
}

#endif
