/* The calls that open files, and that ask whether one could. */
#include "kernel/process/process.h"
#include "kernel/vfs/change_work.h"
#include "kernel/vfs/file.h"

#define O_TMPFILE   020000000u
#define O_PATH_KEPT (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define TRIES	    3

static u32 walk_flags(u32 flags)
{
	u32 walk = 0;

	if ((flags & O_NOFOLLOW) ||
	    (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		walk |= WALK_NO_FOLLOW;
	if (flags & O_CREAT)
		walk |= WALK_CREATE;
	if (flags & O_DIRECTORY)
		walk |= WALK_FOLDER;
	return walk;
}

/* The place that a negative entry names becomes a regular file. */
static i32 create(struct walked *w, u32 mode)
{
	char name[NAME_MOST + 1];
	struct place folder, made;
	i32 r;

	if (w->slashes)
		return -EISDIR;
	folder = entry_where(w->place.entry, name);
	r = change_make(folder, name, MODE_FILE | (mode & 07777), 0, 0, &made);
	place_drop(folder);
	if (r < 0)
		return r;
	place_drop(w->place);
	w->place = made;
	return 0;
}

/* What is there already: may it be opened like that? */
static i32 permitted(struct inode *i, u32 flags)
{
	u32 access = (flags & O_ACCMODE) + 1, want = 0;

	if (is_kind(i, MODE_LINK))
		return -ELOOP;
	if (is_kind(i, MODE_FOLDER) &&
	    ((flags & O_CREAT) || (access & 2) || (flags & O_TRUNC)))
		return -EISDIR;
	if (i->mount &&
	    (is_kind(i, MODE_CHARACTER) || is_kind(i, MODE_BLOCK)) &&
	    (i->mount->flags & MOUNT_NO_DEVICES))
		return -EACCES;
	if ((access & 1) || access == 4)
		want |= PERMIT_READ;
	if ((access & 2) || access == 4 || (flags & O_TRUNC))
		want |= PERMIT_WRITE;
	if ((flags & O_NOATIME) && !inode_owned(i))
		return -EPERM;
	if (is_kind(i, MODE_FILE) && !(flags & O_LARGEFILE) &&
	    i->size > 0x7FFFFFFF)
		return -EOVERFLOW;
	return i->mount || want ? inode_permit(i, want) : 0;
}

/* Walk there, making the file if that is wanted. 0, 1: it was made. */
static i32 reach(i32 at, u32 path, u32 flags, u32 mode, struct walked *w)
{
	i32 r;

	for (u32 i = 0; i < TRIES; i++) {
		r = walk_user(at, path, walk_flags(flags), w);
		if (r < 0)
			return r;
		if (place_inode(w->place)) {
			r = (flags & O_CREAT) && (flags & O_EXCL) ?
				    -EEXIST :
			    (flags & O_PATH) ?
				    0 :
				    permitted(place_inode(w->place), flags);
		} else {
			r = create(w, mode);
			if (r == 0)
				return 1;
		}
		if (r == 0)
			return 0;
		walked_drop(w);
		if (r != -EEXIST || (flags & O_EXCL))
			break; /* else somebody made it meanwhile */
	}
	return r;
}

static i32 open_reached(const struct walked *w, u32 flags, int made)
{
	struct inode *i = place_inode(w->place);
	struct file *f;
	i32 r = file_open(&w->place, flags, &f);

	if (r < 0)
		return r;
	if ((flags & O_TRUNC) && !made && is_kind(i, MODE_FILE))
		r = i->text ? -ETXTBSY : change_truncate(i, 0);
	if (r == 0)
		r = files_add(process_current()->files, f, 0,
			      flags & O_CLOEXEC ? FILE_CLOSE_ON_EXEC : 0);
	if (r < 0)
		file_drop(f);
	return r;
}

static i32 open_at(i32 at, u32 path, u32 flags, u32 mode)
{
	struct walked w;
	i32 r;

	if (flags & O_PATH)
		flags &= O_PATH_KEPT;
	if (flags & O_TMPFILE)
		return -EOPNOTSUPP;
	if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL;
	r = reach(at, path, flags, mode, &w);
	if (r < 0)
		return r;
	r = open_reached(&w, flags, r);
	walked_drop(&w);
	return r;
}

i32 call_open(u32 path, u32 flags, u32 mode);
i32 call_open(u32 path, u32 flags, u32 mode)
{
	return open_at(AT_FDCWD, path, flags, mode);
}

i32 call_openat(u32 at, u32 path, u32 flags, u32 mode);
i32 call_openat(u32 at, u32 path, u32 flags, u32 mode)
{
	return open_at((i32)at, path, flags, mode);
}

i32 call_creat(u32 path, u32 mode);
i32 call_creat(u32 path, u32 mode)
{
	return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* ---- access ---- */

#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_EACCESS	    0x200u
#define AT_EMPTY_PATH	    0x1000u

static i32 access_at(i32 at, u32 path, u32 want, u32 flags)
{
	struct walked w;
	struct inode *i;
	i32 r;

	if ((want & ~7u) ||
	    (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EACCESS | AT_EMPTY_PATH)))
		return -EINVAL;
	r = walk_user(at, path,
		      (flags & AT_SYMLINK_NOFOLLOW ? WALK_NO_FOLLOW : 0) |
			      (flags & AT_EMPTY_PATH ? WALK_EMPTY : 0),
		      &w);
	if (r < 0)
		return r;
	i = place_inode(w.place);
	if (want)
		r = flags & AT_EACCESS ? inode_permit(i, want) :
					 inode_permit_real(i, want);
	if (r == 0 && (want & PERMIT_EXECUTE) && is_kind(i, MODE_FILE) &&
	    i->mount && (i->mount->flags & MOUNT_NO_EXECUTE))
		r = -EACCES;
	walked_drop(&w);
	return r;
}

i32 call_access(u32 path, u32 mode);
i32 call_access(u32 path, u32 mode)
{
	return access_at(AT_FDCWD, path, mode, 0);
}

i32 call_faccessat(u32 at, u32 path, u32 mode);
i32 call_faccessat(u32 at, u32 path, u32 mode)
{
	return access_at((i32)at, path, mode, 0);
}

i32 call_faccessat2(u32 at, u32 path, u32 mode, u32 flags);
i32 call_faccessat2(u32 at, u32 path, u32 mode, u32 flags)
{
	return access_at((i32)at, path, mode, flags);
}
