/*
 * Mounts one bad image after the other: hostile DISK LIST. The images lie on
 * DISK; each line of LIST says where ("BYTE SIZE TYPE"). Each is put into the
 * disk in memory, mounted, walked through, read, written to, and unmounted. It
 * only matters that the system goes on, and that its memory is back at the
 * end. `hostile DISK BYTE SIZE` puts one there, and does no more.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#define DEPTH	   4
#define NAMES_MOST 200 /* a folder may lead to itself */
#define PATH_MOST  1100
#define KEPT	   64 /* names that are changed afterwards */

static unsigned names;
static char kept[KEPT][PATH_MOST];

static int image_place(int disk, off_t at, size_t size)
{
	static char bytes[65536];
	int ram = open("/dev/ram0", O_WRONLY);

	for (size_t done = 0; done < size;) {
		size_t n = size - done < sizeof bytes ? size - done :
							sizeof bytes;
		ssize_t got = pread(disk, bytes, n, at + (off_t)done);
		ssize_t put = pwrite(ram, bytes, n, (off_t)done);

		if (got != (ssize_t)n || put != (ssize_t)n) {
			printf("%zd bytes read, %zd written: %m\n", got, put);
			return 0;
		}
		done += n;
	}
	return close(ram) == 0;
}

static void file_read(int fd)
{
	static char room[8192];
	struct stat s;
	char *map;

	for (int i = 0; i < 4 && read(fd, room, sizeof room) > 0; i++)
		;
	if (fstat(fd, &s) < 0 || s.st_size < 4096)
		return;
	pread(fd, room, sizeof room, s.st_size - 4096);
	/* what cannot be read ends a program; read() says so instead */
	if (pread(fd, room, 4096, 0) != 4096)
		return;
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return;
	room[0] = (char)(map[0] + map[4095]);
	munmap(map, 4096);
}

static void file_try(const char *path)
{
	int fd = open(path, O_RDWR | O_NONBLOCK);

	if (fd < 0)
		fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return;
	file_read(fd);
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
		char path[PATH_MOST], target[300];
		struct stat s;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (snprintf(path, sizeof path, "%s/%.255s", folder,
			     e->d_name) >= PATH_MOST)
			continue;
		strcpy(kept[names % KEPT], path);
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

static void file_make(void)
{
	static char bytes[30000];
	int fd = open("/image/new", O_RDWR | O_CREAT, 0644);

	if (fd < 0)
		return;
	if (write(fd, bytes, sizeof bytes) == sizeof bytes)
		fsync(fd);
	close(fd);
}

static void change_names(void)
{
	char other[PATH_MOST + 8];

	for (unsigned n = 0; n < KEPT; n++) {
		if (!*kept[n])
			continue;
		snprintf(other, sizeof other, "%.1090s.new", kept[n]);
		switch (n % 7) {
		case 0:
			rename(kept[n], kept[(n + 9) % KEPT]);
			break;
		case 1:
			unlink(kept[n]);
			break;
		case 2:
			rmdir(kept[n]);
			break;
		case 3:
			truncate(kept[n], 700);
			break;
		case 4:
			rename(kept[n], "/image/folder/moved");
			break;
		case 5:
			link(kept[n], other);
			break;
		default:
			chmod(kept[n], 0600);
			mkdir(other, 0700);
		}
	}
}

static void change(const char *type)
{
	struct statfs s;

	statfs("/image", &s);
	file_make();
	mkdir("/image/folder", 0755);
	rename("/image/new", "/image/folder/newer");
	change_names();
	mount("", "/image", type, MS_REMOUNT | MS_RDONLY, "");
	mount("", "/image", type, MS_REMOUNT, "");
	rmdir("/image/folder");
	unlink("/image/folder/newer");
	sync();
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

/* 1 if it could be mounted, -1 if it cannot be unmounted. */
static int image_try(const char *type)
{
	unsigned long how = strcmp(type, "iso9660") == 0 ? MS_RDONLY : 0;

	if (mount("/dev/ram0", "/image", type, how, "") < 0)
		return 0;
	names = 0;
	memset(kept, 0, sizeof kept);
	walk("/image", 0);
	change(type);
	return umount("/image") < 0 ? -1 : 1;
}

static int images_try(int disk, FILE *list)
{
	unsigned count = 0, mounted = 0, busy = 0;
	long at, size, before = 0, after;
	char type[20];

	while (fscanf(list, "%ld %ld %19s", &at, &size, type) == 3) {
		int there;

		if (!image_place(disk, at, (size_t)size))
			return 1;
		fprintf(stderr, "image %u (%s): free %ld KiB\n", count, type,
			memory_free());
		there = image_try(type);
		if (there < 0)
			printf("image %u (%s): busy\n", count, type);
		busy += there < 0;
		mounted += there > 0;
		if (++count == 10) /* what is kept for ever is there by now */
			before = memory_free();
	}
	after = memory_free();
	printf("hostile: %u images, %u mounted, free %ld -> %ld KiB\n", count,
	       mounted, before, after);
	return busy || before - after > 256;
}

int main(int count, char **list)
{
	int disk = open(count > 2 ? list[1] : "", O_RDONLY);
	FILE *lines;

	if (disk < 0)
		return 2;
	if (count == 4)
		return !image_place(disk, atol(list[2]), (size_t)atol(list[3]));
	lines = fopen(list[2], "r");
	mkdir("/image", 0755);
	return lines ? images_try(disk, lines) : 2;
}
