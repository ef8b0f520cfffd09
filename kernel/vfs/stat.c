/* What an inode is, in each of the forms that programs ask for. */
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/change_work.h"
#include "kernel/vfs/file.h"

#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_NO_AUTOMOUNT	    0x800u
#define AT_EMPTY_PATH	    0x1000u
#define AT_STATX_SYNC	    0x6000u
#define STATX_BASIC	    0x7FFu
#define STATX_MOUNT	    0x1000u
#define STATX_RESERVED	    0x80000000u

/* st_dev. */
static u32 device_of(const struct inode *i)
{
	return i->mount ? i->mount->number : MOUNT_NONE;
}

struct stat_oldest {
	u16 device, inode, mode, links, uid, gid, node, pad;
	u32 size, accessed, modified, changed;
};

struct stat_old {
	u32 device, inode;
	u16 mode, links, uid, gid;
	u32 node, size, block_size, blocks;
	struct instant accessed, modified, changed;
	u32 unused[2];
};

struct stat64 {
	u64 device;
	u32 pad1, inode_low, mode, links, uid, gid;
	u64 node;
	u32 pad2;
	u64 size;
	u32 block_size;
	u64 blocks;
	struct instant accessed, modified, changed;
	u64 inode;
} __attribute__((packed));

struct statx_time {
	u64 seconds;
	u32 nanoseconds, pad;
};

struct statx {
	u32 mask, block_size;
	u64 attributes;
	u32 links, uid, gid;
	u16 mode, pad;
	u64 inode, size, blocks, attributes_mask;
	struct statx_time accessed, born, changed, modified;
	u32 node_major, node_minor, major, minor;
	u64 mount;
	u32 spare[26];
} __attribute__((packed));

_Static_assert(sizeof(struct stat_oldest) == 32, "__old_kernel_stat");
_Static_assert(sizeof(struct stat_old) == 64, "stat");
_Static_assert(sizeof(struct stat64) == 96, "stat64");
_Static_assert(sizeof(struct statx) == 256, "statx");

static u16 id16(u32 id)
{
	return id > 0xFFFF ? 65534 : (u16)id;
}

typedef i32 put_stat(const struct inode *i, u32 user);

static i32 put_oldest(const struct inode *i, u32 user)
{
	struct stat_oldest s = {
		.device = (u16)device_of(i),
		.inode = (u16)i->number,
		.mode = (u16)i->mode,
		.links = (u16)i->links,
		.uid = id16(i->uid),
		.gid = id16(i->gid),
		.node = (u16)i->device,
		.size = (u32)i->size,
		.accessed = i->accessed.seconds,
		.modified = i->modified.seconds,
		.changed = i->changed.seconds,
	};

	return user_write(user, &s, sizeof(s));
}

static i32 put_old(const struct inode *i, u32 user)
{
	struct stat_old s = {
		.device = device_of(i),
		.inode = i->number,
		.mode = (u16)i->mode,
		.links = (u16)i->links,
		.uid = id16(i->uid),
		.gid = id16(i->gid),
		.node = i->device,
		.size = (u32)i->size,
		.block_size = PAGE,
		.blocks = i->blocks,
		.accessed = i->accessed,
		.modified = i->modified,
		.changed = i->changed,
	};

	if (i->size > 0x7FFFFFFF)
		return -EOVERFLOW;
	return user_write(user, &s, sizeof(s));
}

static i32 put_64(const struct inode *i, u32 user)
{
	struct stat64 s = {
		.device = device_of(i),
		.inode_low = i->number,
		.mode = i->mode,
		.links = i->links,
		.uid = i->uid,
		.gid = i->gid,
		.node = i->device,
		.size = i->size,
		.block_size = PAGE,
		.blocks = i->blocks,
		.accessed = i->accessed,
		.modified = i->modified,
		.changed = i->changed,
		.inode = i->number,
	};

	return user_write(user, &s, sizeof(s));
}

static struct statx_time statx_time(struct instant t)
{
	return (struct statx_time){ .seconds = t.seconds,
				    .nanoseconds = t.nanoseconds };
}

static i32 put_statx(const struct inode *i, u32 user)
{
	struct statx s = {
		.mask = STATX_BASIC | STATX_MOUNT,
		.block_size = PAGE,
		.links = i->links,
		.uid = i->uid,
		.gid = i->gid,
		.mode = (u16)i->mode,
		.inode = i->number,
		.size = i->size,
		.blocks = i->blocks,
		.accessed = statx_time(i->accessed),
		.changed = statx_time(i->changed),
		.modified = statx_time(i->modified),
		.node_major = i->device >> 8,
		.node_minor = i->device & 0xFF,
		.minor = device_of(i),
		.mount = device_of(i),
	};

	return user_write(user, &s, sizeof(s));
}

/* ---- by path and by descriptor ---- */

static i32 stat_inode(struct inode *i, u32 user, put_stat *put)
{
	i32 r = i->flags & INODE_ASK ? inode_refresh(i) : 0;

	inode_count_blocks(i);
	return r < 0 ? r : put(i, user);
}

static i32 stat_path(i32 at, u32 path, u32 walk, u32 user, put_stat *put)
{
	struct walked w;
	i32 r = walk_user(at, path, walk, &w);

	if (r < 0)
		return r;
	r = stat_inode(place_inode(w.place), user, put);
	walked_drop(&w);
	return r;
}

static i32 stat_file(u32 descriptor, u32 user, put_stat *put)
{
	struct file *f = file_get_any(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	r = stat_inode(f->inode, user, put);
	file_drop(f);
	return r;
}

static i32 stat_at(i32 at, u32 path, u32 flags, u32 user, put_stat *put)
{
	u8 first = 1;
	u32 walk = flags & AT_SYMLINK_NOFOLLOW ? WALK_NO_FOLLOW : 0;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH |
		      AT_STATX_SYNC))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH) {
		walk |= WALK_EMPTY;
		if (at != AT_FDCWD && user_read(&first, path, 1) == 0 && !first)
			return stat_file((u32)at, user, put);
	}
	return stat_path(at, path, walk, user, put);
}

i32 call_statx(u32 at, u32 path, u32 flags, u32 mask, u32 user);
i32 call_statx(u32 at, u32 path, u32 flags, u32 mask, u32 user)
{
	if ((mask & STATX_RESERVED) || (flags & AT_STATX_SYNC) == AT_STATX_SYNC)
		return -EINVAL;
	return stat_at((i32)at, path, flags, user, put_statx);
}

i32 call_fstatat64(u32 at, u32 path, u32 user, u32 flags);
i32 call_fstatat64(u32 at, u32 path, u32 user, u32 flags)
{
	return stat_at((i32)at, path, flags, user, put_64);
}

i32 call_stat64(u32 path, u32 user);
i32 call_stat64(u32 path, u32 user)
{
	return stat_path(AT_FDCWD, path, 0, user, put_64);
}

i32 call_lstat64(u32 path, u32 user);
i32 call_lstat64(u32 path, u32 user)
{
	return stat_path(AT_FDCWD, path, WALK_NO_FOLLOW, user, put_64);
}

i32 call_fstat64(u32 descriptor, u32 user);
i32 call_fstat64(u32 descriptor, u32 user)
{
	return stat_file(descriptor, user, put_64);
}

i32 call_stat(u32 path, u32 user);
i32 call_stat(u32 path, u32 user)
{
	return stat_path(AT_FDCWD, path, 0, user, put_old);
}

i32 call_lstat(u32 path, u32 user);
i32 call_lstat(u32 path, u32 user)
{
	return stat_path(AT_FDCWD, path, WALK_NO_FOLLOW, user, put_old);
}

i32 call_fstat(u32 descriptor, u32 user);
i32 call_fstat(u32 descriptor, u32 user)
{
	return stat_file(descriptor, user, put_old);
}

i32 call_oldstat(u32 path, u32 user);
i32 call_oldstat(u32 path, u32 user)
{
	return stat_path(AT_FDCWD, path, 0, user, put_oldest);
}

i32 call_oldlstat(u32 path, u32 user);
i32 call_oldlstat(u32 path, u32 user)
{
	return stat_path(AT_FDCWD, path, WALK_NO_FOLLOW, user, put_oldest);
}

i32 call_oldfstat(u32 descriptor, u32 user);
i32 call_oldfstat(u32 descriptor, u32 user)
{
	return stat_file(descriptor, user, put_oldest);
}
