/*
 * Mounts one bad image after the other: hostile DISK FIRST COUNT. The images
 * lie on DISK; each is put into the disk in memory, mounted, walked through,
 * read, written to, and unmounted. It only matters that the system goes on,
 * and that its memory is back at the end.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE	   (600 << 10)
#define DEPTH	   4
#define NAMES_MOST 300 /* a folder may lead to itself */

static char bytes[IMAGE];
static unsigned names;

static int image_place(int disk, int ram, unsigned number)
{
	off_t at = (off_t)number * IMAGE;
	ssize_t got = pread(disk, bytes, IMAGE, at);
	ssize_t put = pwrite(ram, bytes, IMAGE, 0);

	if (got == IMAGE && put == IMAGE)
		return 1;
	printf("image %u: %zd bytes read, %zd written: %m\n", number, got,
	       put);
	return 0;
}

static void file_try(const char *path)
{
	static char room[8192];
	int fd = open(path, O_RDWR | O_NONBLOCK);

	if (fd < 0)
		return;
	for (int i = 0; i < 4 && read(fd, room, sizeof room) > 0; i++)
		;
	if (lseek(fd, 20000, SEEK_SET) == 20000 && write(fd, "end", 3) == 3)
		fsync(fd);
	close(fd);
}

static void walk(const char *folder, unsigned depth)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d && depth < DEPTH && (e = readdir(d)) &&
	       names++ < NAMES_MOST) {
		char path[1200], target[300];
		struct stat s;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(path, sizeof path, "%s/%.255s", folder, e->d_name);
		if (lstat(path, &s) < 0)
			continue;
		if (S_ISDIR(s.st_mode))
			walk(path, depth + 1);
		else if (S_ISREG(s.st_mode))
			file_try(path);
		else if (readlink(path, target, sizeof target) < 0)
			continue;
	}
	if (d)
		closedir(d);
}

static void change(void)
{
	int fd = open("/image/new", O_RDWR | O_CREAT, 0644);

	if (fd >= 0) {
		if (write(fd, bytes, 30000) == 30000)
			fsync(fd);
		close(fd);
	}
	mkdir("/image/folder", 0755);
	rename("/image/new", "/image/folder/newer");
	link("/image/f", "/image/folder/f");
	truncate("/image/g", 100);
	unlink("/image/f");
	rmdir("/image/folder");
	unlink("/image/folder/newer");
}

/* KiB of memory that is free. */
static long memory_free(void)
{
	char line[100];
	long found = 0;
	FILE *f = fopen("/proc/meminfo", "r");

	while (f && fgets(line, sizeof line, f))
		sscanf(line, "MemFree: %ld", &found);
	if (f)
		fclose(f);
	return found;
}

int main(int count, char **list)
{
	unsigned first = count > 3 ? (unsigned)atoi(list[2]) : 0;
	unsigned most = count > 3 ? (unsigned)atoi(list[3]) : 0, mounted = 0;
	int disk = open(count > 1 ? list[1] : "", O_RDONLY);
	long before = 0;

	mkdir("/image", 0755);
	for (unsigned n = first; n < first + most; n++) {
		int ram = open("/dev/ram0", O_RDWR), there = 0;

		if (ram >= 0)
			there = image_place(disk, ram, n);
		close(ram);
		if (!there)
			return 1;
		if (mount("/dev/ram0", "/image", "ext2", 0, "") == 0) {
			mounted++;
			names = 0;
			walk("/image", 0);
			change();
			if (umount("/image") < 0)
				return printf("image %u: busy\n", n) > 0;
		}
		if (n % 50 == 0)
			fprintf(stderr, "image %u: free %ld KiB\n", n,
				memory_free());
		if (n == first + most / 5)
			before = memory_free();
	}
	printf("hostile: %u images, %u mounted, free %ld -> %ld KiB\n", most,
	       mounted, before, memory_free());
	return before - memory_free() > 512;
}
