/*
 * Names of local sockets: between a program's sockaddr_un and what the gate
 * has, eight bytes of key and the name as it was given. The key says which
 * file is meant: names in the file system are looked up here, in the core.
 */
#include "kernel/memory.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/change.h"
#include "kernel/vfs/socket.h"

#define PATH_ROOM 108u /* sockaddr_un's */

struct address {
	u16 family;
	char path[PATH_ROOM + 1];
};

struct key {
	u32 mount, inode;
};

static struct key key_of(const struct inode *i)
{
	return (struct key){ i->mount ? i->mount->number + 1 : 1, i->number };
}

/* The file that a path names; it must be a socket that may be written to. */
static i32 key_find(const char *path, struct key *key)
{
	struct walked w;
	i32 r = walk_core(path, 0, &w);

	if (r < 0)
		return r;
	struct inode *i = place_inode(w.place);
	r = inode_permit(i, 2);
	if (r >= 0 && (i->mode & MODE_KIND) != MODE_SOCKET)
		r = -ECONNREFUSED;
	*key = key_of(i);
	walked_drop(&w);
	return r;
}

static i32 key_make(struct socket *s, const char *path, struct key *key)
{
	struct walked w;
	u32 mode = MODE_SOCKET |
		   (0777 & ~process_current()->whereabouts->umask);
	i32 r = walk_core(path, WALK_PARENT, &w);

	if (r < 0)
		return r;
	r = change_make(w.place, w.last, mode, 0, 0, &s->bound);
	walked_drop(&w);
	if (r < 0)
		return r == -EEXIST ? -EADDRINUSE : r;
	*key = key_of(place_inode(s->bound));
	return 0;
}

/* A name nobody has: five digits behind a NUL, as Linux makes them. */
static u32 name_invent(u8 *name)
{
	static u32 last;
	u32 n = __atomic_add_fetch(&last, 1, __ATOMIC_SEQ_CST);

	name[0] = 0;
	for (u32 i = 5; i; i--, n >>= 4)
		name[i] = (u8)"0123456789abcdef"[n & 15];
	return 6;
}

i32 socket_name_read(struct socket *s, u32 user, u32 size, int make, u8 *name)
{
	struct address a;
	struct key key = { 0, 0 };
	u32 length;
	i32 r;

	if (size < 2 || size > sizeof(a.family) + PATH_ROOM)
		return -EINVAL;
	r = user_read(&a, user, size);
	if (r < 0)
		return r;
	if (a.family != AF_LOCAL)
		return make ? -EINVAL : -EAFNOSUPPORT;
	length = size - 2;
	a.path[length] = 0;
	if (!length) {
		if (!make)
			return -EINVAL;
		length = name_invent((u8 *)a.path);
	} else if (a.path[0]) {
		length = text_length(a.path);
		r = make ? key_make(s, a.path, &key) : key_find(a.path, &key);
		if (r < 0)
			return r;
	}
	memory_copy(name, &key, SOCKET_KEY);
	memory_copy(name + SOCKET_KEY, a.path, length);
	return (i32)(SOCKET_KEY + length);
}

i32 socket_name_write(const u8 *name, i32 size, u32 user, u32 user_size)
{
	struct address a = { .family = AF_LOCAL };
	u32 length = size > (i32)SOCKET_KEY ? (u32)size - SOCKET_KEY : 0, room;
	i32 r = user_read32(&room, user_size);

	if (r < 0)
		return r;
	if ((i32)room < 0)
		return -EINVAL;
	length = min(length, PATH_ROOM);
	memory_copy(a.path, name + SOCKET_KEY, length);
	if (length && a.path[0])
		length++; /* the NUL counts */
	length += 2;
	r = user_write(user, &a, min(room, length));
	return r < 0 ? r : user_write32(user_size, length);
}
