/*
 * Root archives: boot modules in cpio's newc form, unpacked into the tree.
 * Contents that lie at whole pages are not copied: their frames become the
 * page cache's. The rest of the module is free memory afterwards.
 */
#include "kernel/archive.h"
#include "kernel/heap.h"
#include "kernel/memory.h"
#include "kernel/page.h"
#include "kernel/print.h"
#include "kernel/vfs/change_work.h"

#define LINK_BUCKETS 256u

/* A file that has several names in the archive. */
struct linked {
	struct linked *next;
	struct inode *inode; /* counted */
	u32 number; /* in the archive */
};

struct unpacking {
	struct walked folder; /* of the member before */
	char *path; /* its path, as text */
	u32 length; /* bytes of that which name it */
	struct linked *links[LINK_BUCKETS];
	const u8 *unused; /* the module is free up to here */
};

/* ---- memory ---- */

static const u8 *page_of(const u8 *at)
{
	return (const u8 *)((u32)at & ~(PAGE - 1));
}

/* Whole pages up to `end` that nobody has adopted become free memory. */
static void release(struct unpacking *u, const u8 *end)
{
	for (; u->unused + PAGE <= end; u->unused += PAGE) {
		struct physical p = direct_physical(u->unused);

		frame_adopt(p);
		frame_drop(p);
	}
}

/* `size` bytes, at most a page, are page `index` of i. */
static i32 copy_page(struct inode *i, u32 index, const u8 *bytes, u32 size)
{
	struct physical p;
	i32 r = cache_page(i, index, CACHE_WHOLE, &p);

	if (r < 0)
		return r;
	memory_copy(direct(p), bytes, size);
	frame_drop(p);
	return 0;
}

static i32 fill(struct unpacking *u, struct inode *i, const u8 *bytes, u32 size)
{
	u32 whole = (u32)bytes % PAGE ? 0 : size / PAGE;
	i32 r = 0;

	if (whole) {
		release(u, bytes);
		u->unused = bytes + whole * PAGE;
	}
	for (u32 n = 0; n < whole && r == 0; n++)
		r = cache_adopt(i, n, direct_physical(bytes + n * PAGE));
	for (u32 n = whole; n * PAGE < size && r == 0; n++)
		r = copy_page(i, n, bytes + n * PAGE,
			      min(PAGE, size - n * PAGE));
	i->size = size;
	i->dirty |= CHANGE_SIZE;
	return r;
}

/* ---- names ---- */

/* Walk to a directory, making what is missing of the way. */
static i32 walk_making(char *path, struct walked *w)
{
	i32 r = walk_core(path, WALK_FOLDER, w);

	for (char *slash = path + 1; r == -ENOENT; slash++) {
		char was;

		while (*slash && *slash != '/')
			slash++;
		was = *slash;
		*slash = 0;
		r = walk_core(path, WALK_CREATE, w);
		if (r == 0 && !place_inode(w->place)) {
			struct entry *e = w->place.entry;

			r = change_make((struct place){ e->parent }, e->name,
					MODE_FOLDER | 0755, 0, 0, 0);
		}
		*slash = was;
		walked_drop(w);
		if (r < 0)
			return r;
		r = walk_core(path, WALK_FOLDER, w);
		if (!was)
			break;
	}
	return r;
}

/* The directory of a member; *name is what is left of the path. */
static i32 go_to(struct unpacking *u, const char *path, const char **name)
{
	u32 length = 0;
	i32 r;

	for (u32 i = 0; path[i]; i++)
		if (path[i] == '/')
			length = i + 1;
	*name = path + length;
	if (u->folder.place.entry && length == u->length &&
	    memcmp(path, u->path + 1, length) == 0)
		return 0;
	if (length + 2 > PATH_MOST)
		return -ENAMETOOLONG;
	walked_drop(&u->folder);
	u->length = length;
	u->path[0] = '/';
	memory_copy(u->path + 1, path, length);
	u->path[length + 1] = 0;
	r = walk_making(u->path, &u->folder);
	if (r < 0)
		u->folder = (struct walked){ 0 };
	return r;
}

static struct linked *link_find(struct unpacking *u, u32 number)
{
	struct linked *l = u->links[number % LINK_BUCKETS];

	while (l && l->number != number)
		l = l->next;
	return l;
}

static i32 link_remember(struct unpacking *u, u32 number, struct inode *i)
{
	struct linked *l = heap_take_now(sizeof(*l));
	struct linked **head = &u->links[number % LINK_BUCKETS];

	if (!l)
		return -ENOMEM;
	inode_hold(i);
	*l = (struct linked){ .next = *head, .inode = i, .number = number };
	*head = l;
	return 0;
}

/* ---- members ---- */

static void stamp(struct inode *i, const struct archive_file *m)
{
	i->mode = (i->mode & MODE_KIND) | (m->mode & 07777);
	i->uid = m->uid;
	i->gid = m->gid;
	i->accessed = i->modified = (struct instant){ m->modified, 0 };
	i->dirty |= CHANGE_ACCESSED | CHANGE_MODIFIED;
}

/* Does that name, a symbolic link, lead to a directory? */
static int leads_to_folder(struct unpacking *u, const char *name)
{
	struct walked w;
	u32 room = PATH_TEXT - u->length - 1;
	i32 r;

	text_copy(u->path + u->length + 1, room, name);
	r = walk_core(u->path, WALK_FOLDER, &w);
	u->path[u->length + 1] = 0;
	if (r < 0)
		return 0;
	walked_drop(&w);
	return 1;
}

/* Something has that name: a directory, or a link to one, stays where there is
 * to be one; the rest makes way. 1: it stays, with the member's attributes. */
static i32 make_way(struct unpacking *u, const char *name,
		    const struct archive_file *m)
{
	struct place p;
	struct inode *i;
	i32 r = walk_name(u->folder.place, name, &p);

	if (r < 0)
		return r;
	i = place_inode(p);
	if (i && (m->mode & MODE_KIND) == MODE_FOLDER &&
	    is_kind(i, MODE_FOLDER)) {
		stamp(i, m);
		i->dirty |= CHANGE_MODE | CHANGE_UID | CHANGE_GID;
		r = 1;
	} else if (i && (m->mode & MODE_KIND) == MODE_FOLDER &&
		   is_kind(i, MODE_LINK) && leads_to_folder(u, name)) {
		r = 1;
	} else if (i) {
		r = change_unlink(u->folder.place, name, 0);
	}
	place_drop(p);
	return r;
}

static i32 make(struct unpacking *u, const char *name,
		const struct archive_file *m, struct inode **out)
{
	struct store_owner owner = { m->mode, m->uid, m->gid };
	char *target = 0;
	i32 r;

	if ((m->mode & MODE_KIND) == MODE_LINK) {
		if (m->size == 0 || m->size >= PATH_MOST)
			return -EINVAL;
		target = path_text_take();
		if (!target)
			return -ENOMEM;
		memory_copy(target, m->bytes, m->size);
		target[m->size] = 0;
	}
	r = change_unpack(u->folder.place, name, owner, m->device, target, out);
	path_text_give(target);
	return r;
}

static int is_linked(const struct archive_file *m)
{
	return m->links > 1 && (m->mode & MODE_KIND) != MODE_FOLDER;
}

/* Make it, or a further name of what is there already. `out` is counted. */
static i32 make_or_link(struct unpacking *u, const char *name,
			const struct archive_file *m, struct inode **out)
{
	struct linked *l = is_linked(m) ? link_find(u, m->number) : 0;
	i32 r;

	if (l) {
		r = change_unpack_link(l->inode, u->folder.place, name);
		if (r == 0)
			inode_hold(l->inode);
		*out = l->inode;
		return r;
	}
	r = make(u, name, m, out);
	if (r == 0 && is_linked(m)) {
		r = link_remember(u, m->number, *out);
		if (r < 0)
			inode_drop(*out);
	}
	return r;
}

static int is_kind_known(u32 mode)
{
	u32 kind = mode & MODE_KIND;

	return kind == MODE_FILE || kind == MODE_FOLDER || kind == MODE_LINK ||
	       kind == MODE_CHARACTER || kind == MODE_BLOCK ||
	       kind == MODE_FIFO || kind == MODE_SOCKET;
}

static i32 unpack_named(struct unpacking *u, const char *name,
			const struct archive_file *m)
{
	struct inode *i;
	i32 r = make_or_link(u, name, m, &i);

	if (r == -EEXIST) {
		r = make_way(u, name, m);
		if (r)
			return min(r, 0);
		r = make_or_link(u, name, m, &i);
	}
	if (r < 0)
		return r;
	stamp(i, m);
	if (is_kind(i, MODE_FILE) && m->size) {
		if (i->size)
			cache_truncate(i, 0);
		r = fill(u, i, m->bytes, m->size);
	}
	inode_drop(i);
	return r;
}

static i32 unpack_member(struct unpacking *u, const struct archive_file *m)
{
	const char *path = m->name, *name;
	i32 r;

	while (*path == '/')
		path++;
	if (!*path || text_equal(path, "."))
		return 0;
	if (!is_kind_known(m->mode) || m->mode > 0177777)
		return -EINVAL;
	r = go_to(u, path, &name);
	if (r < 0)
		return r;
	if (!*name || text_equal(name, ".") || text_equal(name, ".."))
		return -EINVAL;
	return unpack_named(u, name, m);
}

static i32 unpack_all(struct unpacking *u, struct archive *a)
{
	struct archive_file m;
	i32 more, r = 0;

	while ((more = archive_next(a, &m)) > 0) {
		r = unpack_member(u, &m);
		if (r < 0) {
			print("root: %s: error %d\n", m.name, -r);
			return r;
		}
		release(u, page_of(a->bytes + a->at));
	}
	if (more < 0)
		print("root: the archive is malformed at byte %u\n", a->at);
	return more < 0 ? -EINVAL : 0;
}

i32 unpack_archive(const u8 *archive, u32 size)
{
	struct unpacking *u = heap_take_now(sizeof(*u));
	struct archive a;
	i32 r = -ENOMEM;

	if (!u || (u32)archive % PAGE) {
		heap_give(u);
		return u ? -EINVAL : -ENOMEM;
	}
	u->unused = archive;
	u->path = path_text_take();
	archive_open(&a, archive, size);
	if (u->path)
		r = unpack_all(u, &a);
	if (r == 0)
		release(u, page_of(archive + size + PAGE - 1));
	walked_drop(&u->folder);
	for (u32 i = 0; i < LINK_BUCKETS; i++) {
		for (struct linked *l = u->links[i], *next; l; l = next) {
			next = l->next;
			inode_drop(l->inode);
			heap_give(l);
		}
	}
	path_text_give(u->path);
	heap_give(u);
	return r;
}
