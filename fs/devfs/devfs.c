/*
 * Device nodes, behind the `filesystem` gate: looking, and changes of
 * attributes. There is one tree, however often it is mounted. What makes and
 * removes names is in tree.c. Nothing here has contents.
 */
#include "terminals.h"
#include "tree.h"

#define MAGIC	    0x01021994u /* as devtmpfs tells statfs on Linux */
#define CHANGE_SIZE 8u
#define FIRST	    16u /* positions in directories; lower: the beginning */

i32 life_start(u32 generation)
{
	char text[48];
	i32 error = nodes_open();

	if (error < 0)
		return error;
	log_write(text,
		  print_to(text, sizeof text, "devfs: start %u", generation));
	return 0;
}

i32 filesystem_mount(from char *options, u32 size)
{
	(void)options;
	(void)size;
	return ROOT;
}

static void describe(const struct node *n, struct filesystem_attributes *a)
{
	u32 inode = node_inode(n);

	*a = (struct filesystem_attributes){
		.inode = inode,
		.mode = n->owner.mode,
		.links = n->links,
		.uid = n->owner.uid,
		.gid = n->owner.gid,
		.device = n->device,
		.size = (u32)strlen(n->target),
		.accessed = n->times[0],
		.accessed_ns = n->times[1],
		.modified = n->times[2],
		.modified_ns = n->times[3],
		.changed = n->times[4],
		.changed_ns = n->times[5],
		.flags = inode == PTS,
	};
	if (is_folder(n) && n->links)
		a->links = 2 + folders_in(inode);
}

i32 attributes_give(u32 inode, into struct filesystem_attributes *found)
{
	struct filesystem_attributes a;
	const struct node *n = node_find(inode);

	if (n)
		describe(n, &a);
	else if (terminal_is(inode))
		terminal_describe(inode, &a);
	else
		return -E_NAME;
	give(found, &a, sizeof a);
	return 0;
}

i32 filesystem_attributes(u32 inode, into struct filesystem_attributes *found)
{
	return attributes_give(inode, found);
}

i32 filesystem_lookup(u32 dir, from char *name, u32 size,
		      into struct filesystem_attributes *found)
{
	char text[NAME_ROOM];
	const struct node *n, *d = node_find(dir);

	if (!d)
		return -E_NAME;
	if (!is_folder(d))
		return -E_KIND;
	if (size >= NAME_ROOM)
		return -E_NAME;
	take(text, name, size);
	text[size] = 0;
	if (dir == ROOT)
		nodes_of_disks();
	if (dir == PTS)
		return attributes_give(terminal_named(text), found);
	n = node_named(dir, text);
	return n ? attributes_give(node_inode(n), found) : -E_NAME;
}

static void node_change(struct node *n, u32 which,
			const struct filesystem_attributes *a)
{
	const u32 times[] = {
		a->accessed,	a->accessed_ns, a->modified,
		a->modified_ns, a->changed,	a->changed_ns,
	};

	if (which & 1)
		n->owner.mode =
			(n->owner.mode & MODE_KIND) | (a->mode & MODE_BITS);
	if (which & 2)
		n->owner.uid = a->uid;
	if (which & 4)
		n->owner.gid = a->gid;
	for (u32 i = 0; i < 6; i++)
		if (which & 16u << i / 2)
			n->times[i] = times[i];
}

i32 filesystem_change(u32 op, u32 inode, u32 which,
		      from struct filesystem_attributes *wanted)
{
	struct filesystem_attributes a;
	struct node *n = node_find(inode);

	if (!n && !terminal_is(inode))
		return -E_NAME;
	if (which & CHANGE_SIZE)
		return n && is_folder(n) ? -E_FOLDER : -E_FORM;
	take(&a, wanted, sizeof a);
	if (n)
		node_change(n, which, &a);
	else
		terminal_change(inode, which, &a);
	return operation_end(op, 0);
}

i32 filesystem_readlink(u32 inode, into char *target, u32 room)
{
	const struct node *n = node_find(inode);

	if (!n)
		return -E_NAME;
	if ((n->owner.mode & MODE_KIND) != MODE_LINK)
		return -E_FORM;
	room = min(room, (u32)strlen(n->target));
	give(target, n->target, room);
	return (i32)room;
}

/* One entry of a listing under way. */
struct listing {
	into u8 *list;
	u32 room, done;
};

/* False: there is no room for it. `next` is the position behind it. */
static bool entry_put(struct listing *l, u32 inode, u32 next, u32 mode,
		      const char *name)
{
	u8 entry[10 + NAME_ROOM];
	u32 length = (u32)strlen(name);

	if (10 + length > l->room - l->done)
		return false;
	memcpy(entry, &inode, 4);
	memcpy(entry + 4, &next, 4);
	entry[8] = (u8)(mode >> 12);
	entry[9] = (u8)length;
	memcpy(entry + 10, name, length);
	give(l->list + l->done, entry, 10 + length);
	l->done += 10 + length;
	return true;
}

/* Both answer whether all that there is fitted. */
static bool terminals_list(struct listing *l, u32 at)
{
	u32 inode = TERMINAL_INODE + at - FIRST;
	char name[12];

	while ((inode = terminal_next(inode)) != 0) {
		u32 number = inode - TERMINAL_INODE;

		print_to(name, sizeof name, "%u", number);
		if (!entry_put(l, inode, FIRST + number + 1, MODE_CHARACTER,
			       name))
			return false;
		inode++;
	}
	return true;
}

static bool nodes_list(struct listing *l, u32 dir, u32 at)
{
	for (u32 i = at - FIRST; i < NODES; i++) {
		const struct node *n = &kept->nodes[i];

		if (n->links && n->dir == dir && n->name[0] &&
		    !entry_put(l, i + 1, FIRST + i + 1, n->owner.mode, n->name))
			return false;
	}
	return true;
}

i32 filesystem_entries(u32 dir, u32 at, into u8 *list, u32 room)
{
	struct listing l = { .list = list, .room = room };
	const struct node *d = node_find(dir);
	bool all;

	if (!d)
		return -E_NAME;
	if (!is_folder(d))
		return -E_KIND;
	if (dir == ROOT)
		nodes_of_disks();
	at = max(at, FIRST);
	all = dir == PTS ? terminals_list(&l, at) : nodes_list(&l, dir, at);
	return l.done || all ? (i32)l.done : -E_RANGE;
}

i32 filesystem_read(u32 inode, u32 at, into u8 *data, u32 room)
{
	const struct node *n = node_find(inode);

	(void)at;
	(void)data;
	(void)room;
	return n && is_folder(n) ? -E_FOLDER : -E_DENIED;
}

i32 filesystem_write(u32 inode, u32 at, from u8 *data, u32 size)
{
	(void)inode;
	(void)at;
	(void)data;
	(void)size;
	return -E_DENIED;
}

i32 filesystem_space(into struct filesystem_space *found)
{
	struct filesystem_space space = {
		.block_size = 4096,
		.files = NODES,
		.kind = MAGIC,
	};

	for (u32 i = 0; i < NODES; i++)
		space.files_free += !kept->nodes[i].owner.mode;
	give(found, &space, sizeof space);
	return 0;
}

/* Contents are the devices'. */
i32 filesystem_map(u32 inode, u32 at, u32 count, into u8 *runs, u32 room)
{
	(void)inode, (void)at, (void)count, (void)runs, (void)room;
	return -E_KIND;
}

i32 filesystem_allocate(u32 inode, u32 at, u32 count, u32 size, u32 size_high,
			into u8 *runs, u32 room)
{
	(void)inode, (void)at, (void)count, (void)size, (void)size_high;
	(void)runs, (void)room;
	return -E_KIND;
}

i32 filesystem_writing(u32 on)
{
	(void)on;
	return 0;
}
