/* The calls that mount, unmount and write back. */
#include "kernel/disk/disk.h"
#include "kernel/heap.h"
#include "kernel/load.h"
#include "kernel/memory.h"
#include "kernel/print.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/change_work.h"
#include "kernel/vfs/file.h"

#define MS_REMOUNT 32u
#define MS_BIND	   4096u
#define MS_MOVE	   8192u
#define MS_SHARING 0x1E0000u /* how mounts spread among name spaces */
#define MS_KEPT \
	(MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES | \
	 MOUNT_NO_EXECUTE | MOUNT_NO_ACCESSED)

#define UMOUNT_FORCE	 1u
#define UMOUNT_DETACH	 2u
#define UMOUNT_NO_FOLLOW 8u

struct mount_texts {
	char type[32], source[64], options[1024];
};

/* Linux' names of file systems that a domain of another name is. */
static const char *domain_of(const char *type)
{
	static const struct {
		const char *type, *domain;
	} names[] = {
		{ "proc", "procfs" },	 { "sysfs", "procfs" },
		{ "devtmpfs", "devfs" }, { "ramfs", "tmpfs" },
		{ "ext3", "ext2" },	 { "vfat", "fat" },
		{ "msdos", "fat" },
	};

	for (u32 i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_equal(type, names[i].type))
			return names[i].domain;
	return type;
}

static i32 texts_read(struct mount_texts *m, u32 source, u32 type, u32 options)
{
	i32 r = type ? user_text(m->type, type, sizeof(m->type)) : -EINVAL;

	if (r == -ENAMETOOLONG)
		return -ENODEV;
	if (r >= 0 && source)
		r = user_text(m->source, source, sizeof(m->source));
	if (r >= 0 && options)
		r = user_text(m->options, options, sizeof(m->options));
	return r == -ENAMETOOLONG ? -EINVAL : r;
}

static i32 remount(struct place p, u32 flags)
{
	struct mount *m = p.entry->mount;

	if (!m || m->top != p.entry)
		return -EINVAL;
	return mount_again(m, flags & MS_KEPT);
}

/* The disk that a path leads to. 0 (and NULL: it leads to none), -errno. */
static i32 disk_at(const char *path, struct disk **out)
{
	struct walked w;
	struct inode *i;
	i32 r = 0;

	*out = 0;
	if (*path != '/' || walk_core(path, 0, &w) < 0)
		return 0;
	i = place_inode(w.place);
	if (i && (i->mode & MODE_KIND) == MODE_BLOCK) {
		*out = disk_of(i->device);
		r = *out ? 0 : -ENXIO;
	}
	walked_drop(&w);
	return r;
}

/* Take that word away from those that commas part. Was it there? */
static int option_take(char *list, const char *word)
{
	for (;;) {
		char *start = list;
		const char *w = word;

		while (*w && *list == *w)
			list++, w++;
		if (!*w && (!*list || *list == ',')) {
			list += *list == ',';
			do
				*start++ = *list;
			while (*list++);
			return 1;
		}
		while (*list && *list != ',')
			list++;
		if (!*list++)
			return 0;
	}
}

static i32 mount_texts(struct mount_texts *m, struct place over, u32 flags)
{
	struct mounting how = {
		.type = m->type,
		.domain = domain_of(m->type),
		.source = m->source,
		.options = m->options,
		.flags = flags,
	};
	i32 r = disk_at(m->source, &how.disk);

	if (r < 0)
		return r;
	if (option_take(m->options, "sealed")) {
		if (!how.disk || FLAT_BUILD)
			return -EINVAL; /* it has no domain of its own */
		how.flags |= MOUNT_SEALED;
	}
	if (!how.disk && load_is_for_disks(how.domain))
		return -ENOTBLK;
	return mount_make(&how, over);
}

static i32 mount_new_at(struct place over, u32 source, u32 type, u32 flags,
			u32 options)
{
	struct mount_texts *m = heap_take_now(sizeof(*m));
	i32 r = -ENOMEM;

	if (!m)
		return r;
	r = texts_read(m, source, type, options);
	if (r >= 0 && text_equal(m->type, "sysfs")) /* procfs has it, too */
		text_copy(m->options, sizeof(m->options), m->type);
	if (r >= 0)
		r = mount_texts(m, over, flags & MS_KEPT);
	heap_give(m);
	return r;
}

i32 call_mount(u32 source, u32 target, u32 type, u32 flags, u32 options);
i32 call_mount(u32 source, u32 target, u32 type, u32 flags, u32 options)
{
	struct walked w;
	i32 r;

	if (!process_privileged())
		return -EPERM;
	r = walk_user(AT_FDCWD, target, 0, &w);
	if (r < 0)
		return r;
	if (flags & MS_REMOUNT)
		r = remount(w.place, flags);
	else if (flags & (MS_BIND | MS_MOVE))
		r = -EINVAL;
	else if (!(flags & MS_SHARING))
		r = mount_new_at(w.place, source, type, flags, options);
	walked_drop(&w);
	return r;
}

i32 call_umount2(u32 target, u32 flags);
i32 call_umount2(u32 target, u32 flags)
{
	struct walked w;
	struct mount *m;
	i32 r;

	if (flags & ~(UMOUNT_FORCE | UMOUNT_DETACH | UMOUNT_NO_FOLLOW))
		return -EINVAL;
	if (!process_privileged())
		return -EPERM;
	r = walk_user(AT_FDCWD, target,
		      flags & UMOUNT_NO_FOLLOW ? WALK_NO_FOLLOW : 0, &w);
	if (r < 0)
		return r;
	m = w.place.entry->mount;
	if (!m || m->top != w.place.entry)
		r = -EINVAL;
	walked_drop(&w);
	return r < 0 ? r : mount_end(m, flags);
}

i32 call_umount(u32 target);
i32 call_umount(u32 target)
{
	return call_umount2(target, 0);
}

i32 call_sync(void);
i32 call_sync(void)
{
	mounts_sync();
	return 0;
}

i32 call_syncfs(u32 descriptor);
i32 call_syncfs(u32 descriptor)
{
	struct file *f = file_get(descriptor);
	i32 r;

	if (!f)
		return -EBADF;
	r = f->inode->mount ? mount_sync(f->inode->mount) : 0;
	file_drop(f);
	return r;
}
