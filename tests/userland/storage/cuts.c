/*
 * Works through a script of file operations, one a line, on standard input:
 *
 *     mkdir|creat|unlink|rmdir|fsync|fdatasync PATH    rename|link PATH PATH
 *     write PATH OFFSET SIZE SEED    append PATH SIZE SEED
 *     write-sync|map-sync PATH OFFSET SIZE SEED: by O_DSYNC; by a mapping
 *     truncate PATH SIZE    sync
 *
 *     cuts run FOLDER [MARKS [SECTOR [NAME [DONE]]]]   paths are in FOLDER; the
 *          number of each line that was done, counted on from DONE, goes into
 *          a sector of the disk MARKS, where a log of the disk's writes shows
 *          it; those of syncs are printed, behind NAME
 *     cuts list FOLDER          what is there: kind, size, sum and path
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512

struct order {
	char word[16], a[256], b[256];
	unsigned numbers[3];
};

/* What a write with this seed has at this place of it; never 0. */
static unsigned char pattern(unsigned seed, unsigned at)
{
	return (unsigned char)(1 + (seed * 37 + at * 7 + (at >> 8) * 13) % 255);
}

static int put(const char *path, int flags, const unsigned *numbers)
{
	unsigned offset = numbers[0], size = numbers[1], seed = numbers[2];
	unsigned char *bytes = malloc(size + 1);
	int fd = open(path, O_WRONLY | flags), r = -1;

	for (unsigned i = 0; i < size; i++)
		bytes[i] = pattern(seed, i);
	if (fd >= 0 && lseek(fd, (off_t)offset, SEEK_SET) >= 0)
		r = write(fd, bytes, size) == (ssize_t)size ? 0 : -1;
	free(bytes);
	return fd >= 0 && close(fd) == 0 ? r : -1;
}

/* The same bytes, by a mapping of a file that is at least that long. */
static int put_mapped(const char *path, const unsigned *numbers)
{
	unsigned offset = numbers[0], size = numbers[1], seed = numbers[2];
	int fd = open(path, O_RDWR), r = -1;
	unsigned char *bytes = MAP_FAILED;

	if (fd >= 0)
		bytes = mmap(0, offset + size, PROT_READ | PROT_WRITE,
			     MAP_SHARED, fd, 0);
	if (bytes != MAP_FAILED) {
		for (unsigned i = 0; i < size; i++)
			bytes[offset + i] = pattern(seed, i);
		r = msync(bytes, offset + size, MS_SYNC);
		munmap(bytes, offset + size);
	}
	return fd >= 0 && close(fd) == 0 ? r : -1;
}

static int create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int file_sync(const char *path, int (*by)(int))
{
	int fd = open(path, O_RDONLY), r;

	if (fd < 0)
		return -1;
	r = by(fd);
	close(fd);
	return r;
}

static int sync_all(void)
{
	int fd = open(".", O_RDONLY), r = fd < 0 ? -1 : syncfs(fd);

	close(fd);
	return r;
}

static int order_do(const struct order *o)
{
	const unsigned *n = o->numbers;
	const char *w = o->word;

	if (!strcmp(w, "mkdir"))
		return mkdir(o->a, 0755);
	if (!strcmp(w, "creat"))
		return create(o->a);
	if (!strcmp(w, "unlink"))
		return unlink(o->a);
	if (!strcmp(w, "rmdir"))
		return rmdir(o->a);
	if (!strcmp(w, "rename"))
		return rename(o->a, o->b);
	if (!strcmp(w, "link"))
		return link(o->a, o->b);
	if (!strcmp(w, "truncate"))
		return truncate(o->a, (off_t)n[0]);
	if (!strcmp(w, "write"))
		return put(o->a, 0, n);
	if (!strcmp(w, "append"))
		return put(o->a, O_APPEND, (unsigned[]){ 0, n[0], n[1] });
	if (!strcmp(w, "write-sync"))
		return put(o->a, O_DSYNC, n);
	if (!strcmp(w, "map-sync"))
		return put_mapped(o->a, n);
	if (!strcmp(w, "fsync"))
		return file_sync(o->a, fsync);
	if (!strcmp(w, "fdatasync"))
		return file_sync(o->a, fdatasync);
	if (!strcmp(w, "sync"))
		return sync_all();
	errno = EINVAL;
	return -1;
}

static void order_read(struct order *o, const char *line)
{
	*o = (struct order){ { 0 }, { 0 }, { 0 }, { 0, 0, 0 } };
	sscanf(line, "%15s %255s", o->word, o->a);
	if (!strcmp(o->word, "rename") || !strcmp(o->word, "link"))
		sscanf(line, "%*s %*s %255s", o->b);
	else
		sscanf(line, "%*s %*s %u %u %u", o->numbers, o->numbers + 1,
		       o->numbers + 2);
}

static int fail(const char *what, unsigned number)
{
	printf("%s %u: %s\n", what, number, strerror(errno));
	return 1;
}

static int mark(int disk, unsigned at, unsigned number)
{
	char sector[SECTOR] = { 0 };

	if (disk < 0)
		return 0;
	snprintf(sector, sizeof sector, "mark %u\n", number);
	return pwrite(disk, sector, SECTOR, (off_t)at * SECTOR) == SECTOR ? 0 :
									    -1;
}

static int run(char **words)
{
	const char *folder = words[0], *marks = words[1], *name = words[3];
	unsigned number = (unsigned)atoi(words[4]);
	int disk = *marks ? open(marks, O_WRONLY) : -1;
	char line[600];
	struct order o;

	if ((*marks && disk < 0) || chdir(folder) < 0)
		return fail("start", 0);
	while (fgets(line, sizeof line, stdin)) {
		number++;
		order_read(&o, line);
		if (order_do(&o) < 0)
			return fail("line", number);
		if (mark(disk, (unsigned)atoi(words[2]), number) < 0)
			return fail("mark", number);
		if (strstr(o.word, "sync") &&
		    printf("%s%u\n", name, number) > 0)
			fflush(stdout);
	}
	return 0;
}

/* One line of it; what cannot be read has the sum "unreadable". */
static void tell(const char *path, const struct stat *s)
{
	static unsigned char bytes[4096];
	unsigned sum = 1, more = 0;
	int fd = -1;
	ssize_t n = 0;

	if (S_ISREG(s->st_mode)) {
		fd = open(path, O_RDONLY);
		while (fd >= 0 && (n = read(fd, bytes, sizeof bytes)) > 0)
			for (ssize_t i = 0; i < n; i++) { /* Adler-32 */
				sum = (sum + bytes[i]) % 65521;
				more = (more + sum) % 65521;
			}
		n = fd < 0 ? -1 : n;
		close(fd);
	}
	printf("%s %lld ", S_ISDIR(s->st_mode) ? "folder" : "file",
	       S_ISDIR(s->st_mode) ? 0LL : (long long)s->st_size);
	if (n < 0)
		printf("unreadable %s\n", path);
	else
		printf("%08x %s\n", more << 16 | sum, path);
}

static int list(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int r = d == NULL;

	if (!d)
		printf("unreadable %s\n", folder);
	while (d && (e = readdir(d))) {
		char path[1024];
		struct stat s;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		    !strcmp(e->d_name, "lost+found"))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		if (lstat(path, &s) < 0) {
			printf("unreadable %s\n", path);
			r = 1;
			continue;
		}
		tell(path, &s);
		if (S_ISDIR(s.st_mode))
			r |= list(path);
	}
	if (d)
		closedir(d);
	return r;
}

int main(int count, char **list_)
{
	char *words[] = { "", "", "0", "", "0" };

	for (int i = 2; i < count && i < 7; i++)
		words[i - 2] = list_[i];
	if (count > 2 && !strcmp(list_[1], "run"))
		return run(words);
	if (count > 2 && !strcmp(list_[1], "list"))
		return chdir(list_[2]) < 0 || list(".");
	fprintf(stderr, "usage: cuts run FOLDER [MARKS [SECTOR [NAME [DONE]]]]"
			" | cuts list FOLDER\n");
	return 2;
}
