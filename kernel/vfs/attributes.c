/* Mode, owner and times of inodes, as programs change them. */
#include "kernel/vfs/attributes.h"

#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/vfs/change_work.h"
#include "kernel/vfs/file.h"

#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_EMPTY_PATH	    0x1000u
#define MODE_SETUID	    04000u
#define MODE_SETGID	    02000u
#define NO_ID		    0xFFFFFFFFu

/* What the file system keeps itself is changed there at once. */
static i32 change_asked(struct inode *i, u32 which, const struct wanted *w)
{
	struct filesystem_attributes a = {
		.mode = w->mode,
		.uid = w->uid,
		.gid = w->gid,
		.accessed = w->accessed.seconds,
		.accessed_ns = w->accessed.nanoseconds,
		.modified = w->modified.seconds,
		.modified_ns = w->modified.nanoseconds,
	};
	i32 r;

	mutex_lock(&i->mount->store->changing);
	r = store_change(i, which, &a);
	mutex_unlock(&i->mount->store->changing);
	return r < 0 ? r : inode_refresh(i);
}

i32 attributes_change(struct inode *i, u32 which, const struct wanted *w)
{
	if (i->flags & INODE_ASK)
		return change_asked(i, which, w);
	if (which & CHANGE_MODE)
		i->mode = w->mode;
	if (which & CHANGE_UID)
		i->uid = w->uid;
	if (which & CHANGE_GID)
		i->gid = w->gid;
	if (which & CHANGE_ACCESSED)
		i->accessed = w->accessed;
	if (which & CHANGE_MODIFIED)
		i->modified = w->modified;
	__atomic_fetch_or(&i->dirty, which, __ATOMIC_RELEASE);
	inode_touch(i, CHANGE_CHANGED);
	return 0;
}

i32 attributes_writable(const struct inode *i)
{
	return i->mount && (i->mount->flags & MOUNT_READ_ONLY) ? -EROFS : 0;
}

static int privileged(void)
{
	return process_current()->credentials.fsuid == 0;
}

static i32 mode_change(struct inode *i, u32 mode)
{
	struct wanted w = { .mode = (i->mode & MODE_KIND) | (mode & 07777) };
	i32 r = attributes_writable(i);

	if (r < 0)
		return r;
	if (is_kind(i, MODE_LINK))
		return -EOPNOTSUPP;
	if (!inode_owned(i))
		return -EPERM;
	if (!privileged() && !group_mine(i->gid))
		w.mode &= ~MODE_SETGID;
	mutex_lock(&i->lock);
	r = attributes_change(i, CHANGE_MODE, &w);
	mutex_unlock(&i->lock);
	return r;
}

/* May the current process give i away like that? */
static int may_own(const struct inode *i, u32 uid, u32 gid)
{
	if (privileged())
		return 1;
	if (uid != NO_ID && (uid != i->uid || !inode_owned(i)))
		return 0;
	if (gid == NO_ID)
		return 1;
	return inode_owned(i) && (gid == i->gid || group_mine(gid));
}

static i32 owner_change(struct inode *i, u32 uid, u32 gid)
{
	struct wanted w = { .mode = i->mode, .uid = uid, .gid = gid };
	u32 which = 0;
	i32 r = attributes_writable(i);

	if (r < 0)
		return r;
	if (!may_own(i, uid, gid))
		return -EPERM;
	if (uid != NO_ID)
		which |= CHANGE_UID;
	if (gid != NO_ID)
		which |= CHANGE_GID;
	if (!is_kind(i, MODE_FOLDER)) {
		w.mode &= ~MODE_SETUID;
		if (w.mode & 010)
			w.mode &= ~MODE_SETGID;
		if (w.mode != i->mode)
			which |= CHANGE_MODE;
	}
	mutex_lock(&i->lock);
	r = attributes_change(i, which, &w);
	mutex_unlock(&i->lock);
	return r;
}

/* ---- by path and by descriptor ---- */

static i32 at_flags(u32 flags, u32 *walk)
{
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	*walk = (flags & AT_SYMLINK_NOFOLLOW ? WALK_NO_FOLLOW : 0) |
		(flags & AT_EMPTY_PATH ? WALK_EMPTY : 0);
	return 0;
}

static i32 mode_at(i32 at, u32 path, u32 mode, u32 flags)
{
	struct walked w;
	u32 walk;
	i32 r = at_flags(flags, &walk);

	if (r == 0)
		r = walk_user(at, path, walk, &w);
	if (r < 0)
		return r;
	r = mode_change(place_inode(w.place), mode);
	walked_drop(&w);
	return r;
}

static i32 owner_at(i32 at, u32 path, u32 uid, u32 gid, u32 flags)
{
	struct walked w;
	u32 walk;
	i32 r = at_flags(flags, &walk);

	if (r == 0)
		r = walk_user(at, path, walk, &w);
	if (r < 0)
		return r;
	r = owner_change(place_inode(w.place), uid, gid);
	walked_drop(&w);
	return r;
}

i32 call_chmod(u32 path, u32 mode);
i32 call_chmod(u32 path, u32 mode)
{
	return mode_at(AT_FDCWD, path, mode, 0);
}

i32 call_fchmodat(u32 at, u32 path, u32 mode);
i32 call_fchmodat(u32 at, u32 path, u32 mode)
{
	return mode_at((i32)at, path, mode, 0);
}

i32 call_fchmodat2(u32 at, u32 path, u32 mode, u32 flags);
i32 call_fchmodat2(u32 at, u32 path, u32 mode, u32 flags)
{
	return mode_at((i32)at, path, mode, flags);
}

i32 call_fchmod(u32 descriptor, u32 mode);
i32 call_fchmod(u32 descriptor, u32 mode)
{
	struct file *f = file_get(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	r = mode_change(f->inode, mode);
	file_drop(f);
	return r;
}

i32 call_chown32(u32 path, u32 uid, u32 gid);
i32 call_chown32(u32 path, u32 uid, u32 gid)
{
	return owner_at(AT_FDCWD, path, uid, gid, 0);
}

i32 call_lchown32(u32 path, u32 uid, u32 gid);
i32 call_lchown32(u32 path, u32 uid, u32 gid)
{
	return owner_at(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

i32 call_fchownat(u32 at, u32 path, u32 uid, u32 gid, u32 flags);
i32 call_fchownat(u32 at, u32 path, u32 uid, u32 gid, u32 flags)
{
	return owner_at((i32)at, path, uid, gid, flags);
}

i32 call_fchown32(u32 descriptor, u32 uid, u32 gid);
i32 call_fchown32(u32 descriptor, u32 uid, u32 gid)
{
	struct file *f = file_get(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	r = owner_change(f->inode, uid, gid);
	file_drop(f);
	return r;
}

/* ---- the same with 16-bit ids ---- */

static u32 id32(u32 id)
{
	return (id & 0xFFFF) == 0xFFFF ? NO_ID : id & 0xFFFF;
}

i32 call_chown(u32 path, u32 uid, u32 gid);
i32 call_chown(u32 path, u32 uid, u32 gid)
{
	return call_chown32(path, id32(uid), id32(gid));
}

i32 call_lchown(u32 path, u32 uid, u32 gid);
i32 call_lchown(u32 path, u32 uid, u32 gid)
{
	return call_lchown32(path, id32(uid), id32(gid));
}

i32 call_fchown(u32 descriptor, u32 uid, u32 gid);
i32 call_fchown(u32 descriptor, u32 uid, u32 gid)
{
	return call_fchown32(descriptor, id32(uid), id32(gid));
}
