/*
 * What is found is compared with the model: the first difference is printed
 * exactly, and ends the process.
 */
#include "exercise.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define STEP 65536u
#define GAP  (1u << 20) /* longer holes are looked at where they begin and end \
			 */

void differs(const char *format, ...)
{
	va_list list;

	printf("process %u, operation %u (%s): ", process, count->done, doing);
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	printf("\n");
	fflush(stdout);
	_exit(1);
}

/* No room is no answer while there is much of it. */
static void room_check(const char *call)
{
	struct statvfs s;

	full = 100 + below(100);
	count->refused++;
	if (statvfs(options.folder, &s) < 0)
		differs("statvfs: %s", strerror(errno));
	if (s.f_bfree > s.f_blocks / 3 && s.f_ffree > s.f_files / 3)
		differs("%s: no room, but %llu of %llu blocks and %llu of %llu "
			"inodes are free",
			call, (unsigned long long)s.f_bfree,
			(unsigned long long)s.f_blocks,
			(unsigned long long)s.f_ffree,
			(unsigned long long)s.f_files);
}

int result_check(long result, int error, int room, const char *call,
		 const char *path)
{
	int found = result < 0 ? errno : 0;

	if (found == ENOSPC && room) {
		room_check(call);
		return 0;
	}
	if (found != error)
		differs("%s %s: %s, must be: %s", call, path, strerror(found),
			strerror(error));
	return found == 0;
}

static uint32_t node_links(const struct node *n)
{
	return n->kind == FOLDER ? 2 + folder_folders(n) : n->names;
}

static uint64_t number_expected(struct node *n, uint64_t found)
{
	if (!n->number)
		n->number = found;
	return n->number;
}

static void field_check(const char *path, const char *field, uint64_t found,
			uint64_t wanted)
{
	if (found != wanted)
		differs("%s: %s is %llu, must be %llu", path, field,
			(unsigned long long)found, (unsigned long long)wanted);
}

void node_check(const struct node *n, int fd, const char *path)
{
	static const uint32_t types[] = { S_IFREG, S_IFDIR, S_IFLNK };
	struct stat s;

	if ((fd >= 0 ? fstat(fd, &s) : lstat(path, &s)) < 0)
		differs("stat %s: %s", path, strerror(errno));
	field_check(path, "type", s.st_mode & S_IFMT, types[n->kind]);
	field_check(path, "mode", s.st_mode & 07777, n->mode);
	field_check(path, "inode", s.st_ino,
		    number_expected((struct node *)n, s.st_ino));
	field_check(path, "user", s.st_uid, n->uid);
	field_check(path, "group", s.st_gid, n->gid);
	if (!n->shared)
		field_check(path, "links", s.st_nlink, node_links(n));
	if (n->kind == REGULAR)
		field_check(path, "size", (uint64_t)s.st_size, n->size);
	if (n->kind == LINK)
		field_check(path, "size", (uint64_t)s.st_size,
			    strlen(n->target));
	if (n->modified)
		field_check(path, "time", (uint64_t)s.st_mtime,
			    (uint64_t)n->modified);
	count->checks++;
}

void bytes_check(const struct node *n, uint32_t at, const uint8_t *found,
		 uint32_t length, const char *path)
{
	static uint8_t wanted[BUFFER];
	uint32_t i = 0, end;

	contents_fill(n, at, wanted, length);
	if (memcmp(found, wanted, length) == 0)
		return;
	while (found[i] == wanted[i])
		i++;
	for (end = length; found[end - 1] == wanted[end - 1];)
		end--;
	differs("%s: byte %u of %u is %02x, must be %02x; wrong ones from "
		"there to %u, looked at %u to %u",
		path, at + i, n->size, found[i], wanted[i], at + end - 1, at,
		at + length - 1);
}

/* How many bytes from `at` on are in a hole. */
static uint32_t hole_at(const struct node *n, uint32_t at)
{
	for (uint32_t i = 0; i < n->count; i++)
		if (n->piece[i].end > at)
			return n->piece[i].start > at ? n->piece[i].start - at :
							0;
	return n->size - at;
}

void contents_check(const struct node *n, int fd, const char *path)
{
	static uint8_t found[STEP];
	uint32_t at = 0, length, hole;

	while (at < n->size) {
		length = n->size - at < STEP ? n->size - at : STEP;
		hole = hole_at(n, at);
		if (pread(fd, found, length, at) != (long)length)
			differs("%s: %u bytes at %u of %u cannot be read: %s",
				path, length, at, n->size, strerror(errno));
		bytes_check(n, at, found, length, path);
		at += hole > GAP ? hole - 4096 : length;
	}
	if (pread(fd, found, 1, n->size) != 0)
		differs("%s: there is something behind its end, %u", path,
			n->size);
	count->checks++;
}

static void target_check(const struct name *name, const char *path)
{
	char target[PATH_ROOM];
	long length = readlink(path, target, sizeof(target) - 1);

	if (length < 0)
		differs("readlink %s: %s", path, strerror(errno));
	target[length] = 0;
	if (strcmp(target, name->node->target) != 0)
		differs("%s leads to %s, must be %s", path, target,
			name->node->target);
}

void name_check(const struct name *name)
{
	static char path[PATH_ROOM];
	int fd;

	name_path(name->folder, name->text, path);
	node_check(name->node, -1, path);
	if (name->node->kind == LINK)
		target_check(name, path);
	if (name->node->kind != REGULAR)
		return;
	fd = open(path, O_RDONLY);
	if (fd < 0)
		differs("open %s: %s", path, strerror(errno));
	contents_check(name->node, fd, path);
	close(fd);
}

/* One name that a folder gives: whether it is one of ours. */
static uint32_t entry_check(const struct node *folder, const struct dirent *e,
			    const char *path)
{
	static const uint8_t types[] = { DT_REG, DT_DIR, DT_LNK };
	struct name *name;
	char prefix[16];

	if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
		return 0;
	sprintf(prefix, "p%u-", process);
	if (folder->shared && strncmp(e->d_name, prefix, strlen(prefix)) != 0)
		return 0;
	name = name_find(folder, e->d_name);
	if (!name)
		differs("%s has the name %s, must not", path, e->d_name);
	if (e->d_type != DT_UNKNOWN)
		field_check(path, e->d_name, e->d_type,
			    types[name->node->kind]);
	field_check(path, e->d_name, e->d_ino,
		    number_expected(name->node, e->d_ino));
	return 1;
}

void folder_check(const struct node *folder)
{
	static char path[PATH_ROOM];
	uint32_t found = 0, wanted = 0;
	struct dirent *e;
	DIR *d;

	folder_path(folder, path);
	d = opendir(path);
	if (!d)
		differs("opendir %s: %s", path, strerror(errno));
	while (errno = 0, (e = readdir(d)) != NULL)
		found += entry_check(folder, e, path);
	if (errno)
		differs("readdir %s: %s", path, strerror(errno));
	closedir(d);
	for (uint32_t i = 0; i < name_count; i++)
		wanted += names[i]->folder == folder;
	if (found != wanted)
		differs("%s gives %u names, must be %u", path, found, wanted);
	count->checks++;
}

void all_check(void)
{
	folder_check(&own);
	folder_check(&common);
	for (uint32_t i = 0; i < name_count; i++) {
		name_check(names[i]);
		if (names[i]->node->kind == FOLDER)
			folder_check(names[i]->node);
	}
	for (uint32_t i = 0; i < held_count; i++) {
		node_check(held[i].node, held[i].fd, "an open file");
		contents_check(held[i].node, held[i].fd, "an open file");
	}
	slots_check();
}
