/*
 * Operations of the exerciser on names and on what inodes say: made, linked,
 * moved, removed, and the errors that each must give.
 */
#include "exercise.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

static char path[PATH_ROOM], other[PATH_ROOM];

/* A folder, and a name to make there: mostly new. Fills `path`; returns what
 * is there already, if anything. */
static struct name *place_pick(struct node **folder, char text[256])
{
	struct name *there = below(12) ? NULL : name_pick(ANY);

	if (there) {
		*folder = there->folder;
		strcpy(text, there->text);
	} else {
		*folder = folder_pick();
		name_invent(*folder, text);
	}
	name_path(*folder, text, path);
	return there;
}

static int crowded(void)
{
	return name_count > NAMES - 8 || full;
}

void make_file(void)
{
	struct node *folder;
	char text[256];
	uint32_t mode = below(01000);
	struct name *there;
	int fd;

	if (crowded())
		return;
	there = place_pick(&folder, text);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, mode);
	if (result_check(fd, there ? EEXIST : 0, 1, "open O_CREAT", path)) {
		name_add(folder, text, node_make(REGULAR, mode));
		close(fd);
	}
}

void make_folder(void)
{
	struct node *folder;
	char text[256];
	uint32_t mode = below(01000) | 0700;
	struct name *there;

	if (crowded())
		return;
	there = place_pick(&folder, text);
	if (result_check(mkdir(path, mode), there ? EEXIST : 0, 1, "mkdir",
			 path))
		name_add(folder, text, node_make(FOLDER, mode));
}

void make_link(void)
{
	uint32_t length = below(3) ? 1 + below(80) : 1 + below(1000);
	struct node *folder, *n;
	struct name *there;
	char text[256];

	if (crowded())
		return;
	there = place_pick(&folder, text);
	n = node_make(LINK, 0777);
	n->target = malloc(length + 1);
	for (uint32_t i = 0; i < length; i++)
		n->target[i] = (char)('a' + below(26));
	n->target[length] = 0;
	if (result_check(symlink(n->target, path), there ? EEXIST : 0, 1,
			 "symlink", path))
		name_add(folder, text, n);
	else
		node_give(n);
}

void make_name(void)
{
	struct name *old = name_pick(below(8) ? REGULAR : ANY), *there;
	struct node *folder;
	char text[256];

	if (!old || crowded())
		return;
	there = place_pick(&folder, text);
	name_path(old->folder, old->text, other);
	if (result_check(link(other, path),
			 there			   ? EEXIST :
			 old->node->kind == FOLDER ? EPERM :
						     0,
			 1, "link", path))
		name_add(folder, text, old->node);
}

void remove_name(void)
{
	struct name *name = name_pick(below(10) ? REGULAR : ANY);

	if (!name)
		return;
	name_path(name->folder, name->text, path);
	if (result_check(unlink(path), name->node->kind == FOLDER ? EISDIR : 0,
			 0, "unlink", path))
		name_drop(name);
}

void remove_folder(void)
{
	struct name *name = name_pick(below(10) ? FOLDER : ANY);
	int error = 0;

	if (!name)
		return;
	if (name->node->kind != FOLDER)
		error = ENOTDIR;
	else if (!folder_empty(name->node))
		error = ENOTEMPTY;
	name_path(name->folder, name->text, path);
	if (result_check(rmdir(path), error, 0, "rmdir", path))
		name_drop(name);
}

/* What moving a name onto another must answer. */
static int move_error(const struct name *old, const struct node *folder,
		      const struct name *there, int keep)
{
	const struct node *n = old->node;

	if (keep && there)
		return EEXIST;
	if (n->kind == FOLDER && folder_within(folder, n))
		return EINVAL;
	if (!there)
		return 0;
	if (there->node->kind == FOLDER && there != old &&
	    folder_within(old->folder, there->node))
		return ENOTEMPTY;
	if (there->node == n)
		return 0;
	if (n->kind == FOLDER && there->node->kind != FOLDER)
		return ENOTDIR;
	if (n->kind != FOLDER && there->node->kind == FOLDER)
		return EISDIR;
	return there->node->kind == FOLDER && !folder_empty(there->node) ?
		       ENOTEMPTY :
		       0;
}

static void move_model(struct name *old, struct node *folder, const char *text,
		       struct name *there)
{
	if (there && there->node == old->node)
		return;
	if (there)
		name_drop(there);
	name_add(folder, text, old->node);
	name_drop(old);
}

void move_name(void)
{
	struct name *old = name_pick(ANY), *there = NULL;
	int keep = below(8) == 0, error;
	struct node *folder;
	char text[256];
	long r;

	if (!old || name_count > NAMES - 4)
		return;
	if (below(3) == 0)
		there = name_pick(below(2) ? old->node->kind : ANY);
	folder = there ? there->folder : folder_pick();
	if (there)
		strcpy(text, there->text);
	else
		name_invent(folder, text);
	name_path(old->folder, old->text, other);
	name_path(folder, text, path);
	error = move_error(old, folder, there, keep);
	r = keep ? syscall(SYS_renameat2, AT_FDCWD, other, AT_FDCWD, path,
			   RENAME_NOREPLACE) :
		   rename(other, path);
	if (result_check(r, error, 1, other, path))
		move_model(old, folder, text, there);
}

void change_mode(void)
{
	struct name *name = name_pick(below(3) ? REGULAR : FOLDER);
	uint32_t mode = below(01000);

	if (!name)
		return;
	if (name->node->kind == FOLDER)
		mode |= 0700;
	name_path(name->folder, name->text, path);
	if (result_check(chmod(path, mode), 0, 0, "chmod", path))
		name->node->mode = mode;
}

void change_owner(void)
{
	struct name *name = name_pick(ANY);
	uint32_t uid = below(2) ? below(2000) : below(2000000000);
	uint32_t gid = below(2) ? below(2000) : below(2000000000);

	if (!name)
		return;
	name_path(name->folder, name->text, path);
	if (result_check(lchown(path, uid, gid), 0, 0, "lchown", path)) {
		name->node->uid = uid;
		name->node->gid = gid;
	}
}

void change_time(void)
{
	struct name *name = name_pick(REGULAR);
	struct timespec times[2];

	if (!name)
		return;
	times[0] = times[1] =
		(struct timespec){ .tv_sec = 1000000 + (int)below(2000000000) };
	name_path(name->folder, name->text, path);
	if (result_check(utimensat(AT_FDCWD, path, times, 0), 0, 0, "utimensat",
			 path))
		name->node->modified = times[0].tv_sec;
}

void check_name(void)
{
	struct name *name = name_pick(ANY);

	if (name)
		name_check(name);
}

void check_folder(void)
{
	folder_check(folder_pick());
}

/* What is not there: a name that no one has, and one inside a file. */
void check_absent(void)
{
	struct node *folder = folder_pick();
	struct name *file = name_pick(REGULAR);
	char text[256];
	struct stat s;

	name_invent(folder, text);
	name_path(folder, text, path);
	result_check(open(path, O_RDWR), ENOENT, 0, "open", path);
	result_check(unlink(path), ENOENT, 0, "unlink", path);
	if (!file)
		return;
	name_path(file->folder, file->text, path);
	strcat(path, "/x");
	result_check(lstat(path, &s), ENOTDIR, 0, "lstat", path);
}
