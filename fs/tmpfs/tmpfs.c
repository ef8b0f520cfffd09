/*
 * Files in memory, behind the `filesystem` gate: looking. What changes a tree
 * is in tree.c and rename.c. The contents of files are pages of the core's
 * cache, which nothing but the file's end takes away: here they are holes.
 */
#include "tree.h"

#define MAGIC	   0x01021994u /* as statfs has it on Linux */
#define BLOCK	   4096u
#define SECTORS	   (BLOCK / 512)
#define SPACE_MOST 0x40000u /* blocks that are said to be there */

enum change_bit {
	CHANGE_MODE = 1,
	CHANGE_UID = 2,
	CHANGE_GID = 4,
	CHANGE_SIZE = 8,
	CHANGE_ACCESSED = 16, /* modified and changed: the next two bits */
};

static i32 attributes_give(const struct node *n,
			   into struct filesystem_attributes *found)
{
	u32 kind = n->mode & MODE_KIND;
	struct filesystem_attributes a = {
		.inode = cell_number(n),
		.mode = n->mode,
		.links = n->links,
		.uid = n->uid,
		.gid = n->gid,
		.size = n->size,
		.size_high = n->size_high,
		.blocks = n->blocks,
		.accessed = n->times[0],
		.accessed_ns = n->times[1],
		.modified = n->times[2],
		.modified_ns = n->times[3],
		.changed = n->times[4],
		.changed_ns = n->times[5],
	};

	if (kind == MODE_BLOCK || kind == MODE_CHARACTER)
		a.device = n->device;
	give(found, &a, sizeof a);
	return 0;
}

i32 filesystem_attributes(u32 inode, into struct filesystem_attributes *found)
{
	const struct node *n = node_find(inode);

	return n ? attributes_give(n, found) : -E_NAME;
}

/* "." and ".." are no names here, but whoever asks gets an answer. */
static const struct node *dots_find(const struct node *dir)
{
	if (!words[0] || words[0] != '.')
		return NULL;
	if (!words[1])
		return dir;
	if (words[1] != '.' || words[2])
		return NULL;
	return dir->links ? cell(dir->parent) : dir;
}

i32 filesystem_lookup(u32 dir, from char *name, u32 size,
		      into struct filesystem_attributes *found)
{
	const struct node *dots;
	const struct name *n;
	struct node *d;
	i32 error = folder_find(dir, &d);

	if (!error && size > NAME_MOST)
		error = -E_BIG;
	if (!error)
		error = words_take(name, size);
	if (error < 0)
		return error;
	dots = dots_find(d);
	if (dots)
		return attributes_give(dots, found);
	n = name_find(dir, word_in(dir, words, size));
	return n ? attributes_give(cell(n->node), found) : -E_NAME;
}

static void size_change(struct node *n, const struct filesystem_attributes *a)
{
	n->size = a->size;
	n->size_high = a->size_high;
	head->counts.blocks += a->blocks - n->blocks;
	n->blocks = a->blocks;
}

static void times_change(struct node *n, u32 which,
			 const struct filesystem_attributes *a)
{
	const u32 times[] = {
		a->accessed,	a->accessed_ns, a->modified,
		a->modified_ns, a->changed,	a->changed_ns,
	};

	for (u32 i = 0; i < 6; i++)
		if (which & (u32)CHANGE_ACCESSED << i / 2)
			n->times[i] = times[i];
}

i32 filesystem_change(u32 op, u32 inode, u32 which,
		      from struct filesystem_attributes *wanted)
{
	struct operation o = { op, CHANGE, inode };
	struct filesystem_attributes a;
	struct node *n = node_find(inode);

	if (!n)
		return -E_NAME;
	if ((which & CHANGE_SIZE) && (n->mode & MODE_KIND) != MODE_FILE)
		return is_folder(n) ? -E_FOLDER : -E_FORM;
	take(&a, wanted, sizeof a);
	if (which & CHANGE_MODE)
		n->mode = (u16)((n->mode & MODE_KIND) | (a.mode & MODE_BITS));
	if (which & CHANGE_UID)
		n->uid = a.uid;
	if (which & CHANGE_GID)
		n->gid = a.gid;
	if (which & CHANGE_SIZE)
		size_change(n, &a);
	times_change(n, which, &a);
	touch(n, sizeof *n);
	return operation_end(o, n->mount, 0);
}

i32 filesystem_readlink(u32 inode, into char *target, u32 room)
{
	static char text[TARGET_MOST];
	const struct node *n = node_find(inode);

	if (!n)
		return -E_NAME;
	if ((n->mode & MODE_KIND) != MODE_LINK)
		return -E_FORM;
	room = min(room, n->size);
	text_copy(text, n->target, room);
	give(target, text, room);
	return (i32)room;
}

/* One entry as the gate has it, in `to`; its size. */
static u32 entry_make(u8 *to, const struct name *n)
{
	const struct node *node = cell(n->node);
	u32 next = n->position + 1;

	memcpy(to, &n->node, 4);
	memcpy(to + 4, &next, 4);
	to[8] = (u8)(node->mode >> 12);
	to[9] = n->length;
	name_copy((char *)to + 10, n);
	return 10u + n->length;
}

i32 filesystem_entries(u32 dir, u32 at, into u8 *list, u32 room)
{
	struct node *d;
	const struct name *n;
	u32 done = 0;
	i32 error = folder_find(dir, &d);

	if (error < 0)
		return error;
	n = name_from(dir, at);
	while (n) {
		u8 entry[10 + NAME_MOST];
		u32 size = entry_make(entry, n);

		if (size > room - done) {
			name_remember(n);
			break;
		}
		give(list + done, entry, size);
		done += size;
		n = n->next ? cell(n->next) : NULL;
	}
	return done || !n ? (i32)done : -E_RANGE; /* no room for one */
}

/* The core has the pages; one that it has not is a hole. */
i32 filesystem_read(u32 inode, u32 at, into u8 *data, u32 room)
{
	const struct node *n = node_find(inode);

	(void)at;
	(void)data;
	(void)room;
	if (!n)
		return -E_NAME;
	return is_folder(n) ? -E_FOLDER : 0;
}

i32 filesystem_write(u32 inode, u32 at, from u8 *data, u32 size)
{
	(void)at;
	(void)data;
	(void)size;
	return node_find(inode) ? -E_DENIED : -E_NAME;
}

/* Of memory for contents, only what files state that they have is known. */
i32 filesystem_space(into struct filesystem_space *found)
{
	struct filesystem_space space = {
		.block_size = BLOCK,
		.blocks = SPACE_MOST,
		.files = CELLS_MOST / 2,
		.kind = MAGIC,
	};
	u32 blocks = head->counts.blocks / SECTORS;
	u32 used = head->counts.used / 2;

	space.free = SPACE_MOST - min(blocks, SPACE_MOST);
	space.files_free = space.files - min(used, space.files);
	give(found, &space, sizeof space);
	return 0;
}
