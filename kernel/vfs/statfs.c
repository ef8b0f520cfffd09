/* What a mounted file system has and has left. */
#include "kernel/memory.h"
#include "kernel/space/user.h"
#include "kernel/vfs/change_work.h"
#include "kernel/vfs/file.h"

#define STATFS_VALID	0x20u
#define STATFS_RELATIME 0x1000u
#define STATFS_FLAGS \
	(MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES | \
	 MOUNT_NO_EXECUTE | MOUNT_NO_ACCESSED)

struct statfs {
	u32 type, block_size, blocks, free, available, files, files_free;
	u32 id[2], name_most, fragment_size, flags, spare[4];
};

struct statfs64 {
	u32 type, block_size;
	u64 blocks, free, available, files, files_free;
	u32 id[2], name_most, fragment_size, flags, spare[4];
} __attribute__((packed));

_Static_assert(sizeof(struct statfs) == 64, "statfs");
_Static_assert(sizeof(struct statfs64) == 84, "statfs64");

/* Contents in memory may have half of it; all such file systems share that. */
static void space_in_memory(struct filesystem_space *s)
{
	s->block_size = PAGE;
	s->blocks = frame_total() / 2;
	s->free = s->blocks - min(cache_frames(), s->blocks);
	s->free = min(s->free, frame_free_count());
}

static i32 statfs_mount(struct mount *m, struct statfs64 *to)
{
	struct filesystem_space s = { .block_size = PAGE };
	i32 r = store_space(m, &s);
	u32 flags = m->flags & STATFS_FLAGS;

	if (r < 0)
		return r;
	if (m->in_memory)
		space_in_memory(&s);
	if (!(flags & MOUNT_NO_ACCESSED))
		flags |= STATFS_RELATIME;
	*to = (struct statfs64){
		.type = s.kind,
		.block_size = s.block_size,
		.blocks = s.blocks,
		.free = s.free,
		.available = s.free - min(s.free, s.kept),
		.files = s.files,
		.files_free = s.files_free,
		.id = { m->number, 0 },
		.name_most = NAME_MOST,
		.fragment_size = s.block_size,
		.flags = flags | STATFS_VALID,
	};
	return 0;
}

/* Pipes and the like: Linux' PIPEFS_MAGIC will do for all of them. */
static i32 statfs_inode(const struct inode *i, struct statfs64 *to)
{
	if (i->mount)
		return statfs_mount(i->mount, to);
	*to = (struct statfs64){
		.type = 0x50495045,
		.block_size = PAGE,
		.fragment_size = PAGE,
		.name_most = NAME_MOST,
		.flags = STATFS_VALID | STATFS_RELATIME,
	};
	return 0;
}

static i32 statfs_path(u32 path, struct statfs64 *to)
{
	struct walked w;
	i32 r = walk_user(AT_FDCWD, path, 0, &w);

	if (r < 0)
		return r;
	r = statfs_inode(place_inode(w.place), to);
	walked_drop(&w);
	return r;
}

static i32 statfs_file(u32 descriptor, struct statfs64 *to)
{
	struct file *f = file_get_any(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	r = statfs_inode(f->inode, to);
	file_drop(f);
	return r;
}

static i32 put_old(const struct statfs64 *s, u32 user)
{
	struct statfs old = {
		.type = s->type,
		.block_size = s->block_size,
		.blocks = (u32)s->blocks,
		.free = (u32)s->free,
		.available = (u32)s->available,
		.files = (u32)s->files,
		.files_free = (u32)s->files_free,
		.id = { s->id[0], s->id[1] },
		.name_most = s->name_most,
		.fragment_size = s->fragment_size,
		.flags = s->flags,
	};

	return user_write(user, &old, sizeof(old));
}

i32 call_statfs(u32 path, u32 user);
i32 call_statfs(u32 path, u32 user)
{
	struct statfs64 s;
	i32 r = statfs_path(path, &s);

	return r < 0 ? r : put_old(&s, user);
}

i32 call_fstatfs(u32 descriptor, u32 user);
i32 call_fstatfs(u32 descriptor, u32 user)
{
	struct statfs64 s;
	i32 r = statfs_file(descriptor, &s);

	return r < 0 ? r : put_old(&s, user);
}

/* Some libraries state the size with padding behind it. */
static int is_size(u32 size)
{
	return size == sizeof(struct statfs64) ||
	       size == sizeof(struct statfs64) + 4;
}

i32 call_statfs64(u32 path, u32 size, u32 user);
i32 call_statfs64(u32 path, u32 size, u32 user)
{
	struct statfs64 s;
	i32 r = is_size(size) ? statfs_path(path, &s) : -EINVAL;

	return r < 0 ? r : user_write(user, &s, sizeof(s));
}

i32 call_fstatfs64(u32 descriptor, u32 size, u32 user);
i32 call_fstatfs64(u32 descriptor, u32 size, u32 user)
{
	struct statfs64 s;
	i32 r = is_size(size) ? statfs_file(descriptor, &s) : -EINVAL;

	return r < 0 ? r : user_write(user, &s, sizeof(s));
}

struct ustat {
	u32 free, files_free;
	char names[12];
};

static struct mount *mount_numbered(u32 number)
{
	for (struct list *l = mounts.next; l != &mounts; l = l->next)
		if (LIST_OF(l, struct mount, list)->number == number)
			return LIST_OF(l, struct mount, list);
	return 0;
}

i32 call_ustat(u32 device, u32 user);
i32 call_ustat(u32 device, u32 user)
{
	struct statfs64 s;
	struct ustat u = { 0 };
	struct mount *m;
	i32 r = -EINVAL;

	mutex_lock(&mounts_lock);
	m = mount_numbered(device);
	if (m)
		r = statfs_mount(m, &s);
	mutex_unlock(&mounts_lock);
	if (r < 0)
		return r;
	u.free = (u32)s.free;
	u.files_free = (u32)s.files_free;
	return user_write(user, &u, sizeof(u));
}
