/* The calls that make, link, unlink and rename. */
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/change_work.h"

#define AT_SYMLINK_FOLLOW 0x400u
#define AT_EMPTY_PATH	  0x1000u
#define AT_REMOVEDIR	  0x200u

static int is_dots(const char *name)
{
	return name[0] == '.' &&
	       (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

/* To the directory of a new name. */
static i32 walk_new(i32 at, u32 path, int folder, struct walked *w)
{
	struct place found;
	i32 r = walk_user(at, path, WALK_PARENT, w);

	if (r < 0)
		return r;
	if (!*w->last || is_dots(w->last))
		r = -EEXIST;
	else if (w->slashes && !folder) {
		r = walk_name(w->place, w->last, &found);
		if (r == 0) {
			r = place_inode(found) ? -EEXIST : -ENOENT;
			place_drop(found);
		}
	}
	if (r < 0)
		walked_drop(w);
	return r;
}

static i32 make_at(i32 at, u32 path, u32 mode, u32 device)
{
	struct walked w;
	i32 r = walk_new(at, path, (mode & MODE_KIND) == MODE_FOLDER, &w);

	if (r < 0)
		return r;
	r = change_make(w.place, w.last, mode, device, 0, 0);
	walked_drop(&w);
	return r;
}

i32 call_mkdirat(u32 at, u32 path, u32 mode);
i32 call_mkdirat(u32 at, u32 path, u32 mode)
{
	return make_at((i32)at, path, MODE_FOLDER | (mode & 01777), 0);
}

i32 call_mkdir(u32 path, u32 mode);
i32 call_mkdir(u32 path, u32 mode)
{
	return call_mkdirat((u32)AT_FDCWD, path, mode);
}

i32 call_mknodat(u32 at, u32 path, u32 mode, u32 device);
i32 call_mknodat(u32 at, u32 path, u32 mode, u32 device)
{
	u32 kind = mode & MODE_KIND;

	if (kind == 0)
		kind = MODE_FILE;
	if (kind == MODE_FOLDER)
		return -EPERM;
	if (kind != MODE_FILE && kind != MODE_CHARACTER && kind != MODE_BLOCK &&
	    kind != MODE_FIFO && kind != MODE_SOCKET)
		return -EINVAL;
	return make_at((i32)at, path, kind | (mode & 07777), device);
}

i32 call_mknod(u32 path, u32 mode, u32 device);
i32 call_mknod(u32 path, u32 mode, u32 device)
{
	return call_mknodat((u32)AT_FDCWD, path, mode, device);
}

/* ---- links ---- */

static i32 symlink_to(const char *target, i32 at, u32 path)
{
	struct walked w;
	i32 r = walk_new(at, path, 0, &w);

	if (r < 0)
		return r;
	r = change_make(w.place, w.last, MODE_LINK | 0777, 0, target, 0);
	walked_drop(&w);
	return r;
}

i32 call_symlinkat(u32 target, u32 at, u32 path);
i32 call_symlinkat(u32 target, u32 at, u32 path)
{
	char *text = path_text_take();
	i32 r;

	if (!text)
		return -ENOMEM;
	r = user_text(text, target, PATH_MOST);
	if (r == 0)
		r = -ENOENT;
	if (r > 0)
		r = symlink_to(text, (i32)at, path);
	path_text_give(text);
	return r;
}

i32 call_symlink(u32 target, u32 path);
i32 call_symlink(u32 target, u32 path)
{
	return call_symlinkat(target, (u32)AT_FDCWD, path);
}

i32 call_linkat(u32 at, u32 path, u32 to_at, u32 to_path, u32 flags);
i32 call_linkat(u32 at, u32 path, u32 to_at, u32 to_path, u32 flags)
{
	struct walked old, new;
	i32 r;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	r = walk_user((i32)at, path,
		      (flags & AT_SYMLINK_FOLLOW ? 0 : WALK_NO_FOLLOW) |
			      (flags & AT_EMPTY_PATH ? WALK_EMPTY : 0),
		      &old);
	if (r < 0)
		return r;
	r = walk_new((i32)to_at, to_path, 0, &new);
	if (r == 0) {
		r = change_link(old.place, new.place, new.last);
		walked_drop(&new);
	}
	walked_drop(&old);
	return r;
}

i32 call_link(u32 path, u32 to_path);
i32 call_link(u32 path, u32 to_path)
{
	return call_linkat((u32)AT_FDCWD, path, (u32)AT_FDCWD, to_path, 0);
}

i32 call_readlinkat(u32 at, u32 path, u32 user, u32 size);
i32 call_readlinkat(u32 at, u32 path, u32 user, u32 size)
{
	struct walked w;
	char *text;
	i32 r;

	if ((i32)size <= 0)
		return -EINVAL;
	r = walk_user((i32)at, path,
		      WALK_NO_FOLLOW | ((i32)at == AT_FDCWD ? 0 : WALK_EMPTY),
		      &w);
	if (r < 0)
		return r;
	text = path_text_take();
	if (!is_kind(place_inode(w.place), MODE_LINK))
		r = -EINVAL;
	else
		r = text ? link_target(place_inode(w.place), text) : -ENOMEM;
	if (r > (i32)size)
		r = (i32)size;
	if (r > 0 && user_write(user, text, (u32)r) < 0)
		r = -EFAULT;
	path_text_give(text);
	walked_drop(&w);
	return r;
}

i32 call_readlink(u32 path, u32 user, u32 size);
i32 call_readlink(u32 path, u32 user, u32 size)
{
	return call_readlinkat((u32)AT_FDCWD, path, user, size);
}

/* ---- unlink ---- */

static i32 unlink_named(const struct walked *w)
{
	struct place found;
	i32 r;

	if (!*w->last || is_dots(w->last))
		return -EISDIR;
	if (!w->slashes)
		return change_unlink(w->place, w->last, 0);
	r = walk_name(w->place, w->last, &found);
	if (r < 0)
		return r;
	r = !place_inode(found)			     ? -ENOENT :
	    is_kind(place_inode(found), MODE_FOLDER) ? -EISDIR :
						       -ENOTDIR;
	place_drop(found);
	return r;
}

static i32 rmdir_named(const struct walked *w)
{
	if (!*w->last)
		return -EBUSY;
	if (is_dots(w->last))
		return w->last[1] ? -ENOTEMPTY : -EINVAL;
	return change_unlink(w->place, w->last, 1);
}

i32 call_unlinkat(u32 at, u32 path, u32 flags);
i32 call_unlinkat(u32 at, u32 path, u32 flags)
{
	struct walked w;
	i32 r;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	r = walk_user((i32)at, path, WALK_PARENT, &w);
	if (r < 0)
		return r;
	r = flags & AT_REMOVEDIR ? rmdir_named(&w) : unlink_named(&w);
	walked_drop(&w);
	return r;
}

i32 call_unlink(u32 path);
i32 call_unlink(u32 path)
{
	return call_unlinkat((u32)AT_FDCWD, path, 0);
}

i32 call_rmdir(u32 path);
i32 call_rmdir(u32 path)
{
	return call_unlinkat((u32)AT_FDCWD, path, AT_REMOVEDIR);
}

/* ---- rename ---- */

/* A slash behind a name says that it is a directory's. */
static i32 slashes_agree(const struct walked *old, const struct walked *new)
{
	struct place found;
	i32 r;

	if (!old->slashes && !new->slashes)
		return 0;
	r = walk_name(old->place, old->last, &found);
	if (r < 0)
		return r;
	if (!place_inode(found))
		r = -ENOENT;
	else if (!is_kind(place_inode(found), MODE_FOLDER))
		r = -ENOTDIR;
	place_drop(found);
	return r;
}

i32 call_renameat2(u32 at, u32 path, u32 to_at, u32 to_path, u32 how);
i32 call_renameat2(u32 at, u32 path, u32 to_at, u32 to_path, u32 how)
{
	struct walked old, new;
	i32 r;

	if (how > 2)
		return -EINVAL;
	r = walk_user((i32)at, path, WALK_PARENT, &old);
	if (r < 0)
		return r;
	r = walk_user((i32)to_at, to_path, WALK_PARENT, &new);
	if (r < 0) {
		walked_drop(&old);
		return r;
	}
	if (!*old.last || is_dots(old.last))
		r = -EBUSY;
	else if (!*new.last || is_dots(new.last))
		r = how == 1 ? -EEXIST : -EBUSY;
	else
		r = slashes_agree(&old, &new);
	if (r == 0)
		r = change_rename(old.place, old.last, new.place, new.last,
				  how);
	walked_drop(&new);
	walked_drop(&old);
	return r;
}

i32 call_renameat(u32 at, u32 path, u32 to_at, u32 to_path);
i32 call_renameat(u32 at, u32 path, u32 to_at, u32 to_path)
{
	return call_renameat2(at, path, to_at, to_path, 0);
}

i32 call_rename(u32 path, u32 to_path);
i32 call_rename(u32 path, u32 to_path)
{
	return call_renameat2((u32)AT_FDCWD, path, (u32)AT_FDCWD, to_path, 0);
}
