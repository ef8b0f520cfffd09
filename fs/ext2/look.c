/*
 * The domain's first and last, and operations that only look.
 */
#include "tree.h"

i32 life_start(u32 generation)
{
	if (generation > 1)
		say("ext2: start %u", generation);
	return 0;
}

static void attributes_give(const struct inode *i,
			    into struct filesystem_attributes *found)
{
	struct filesystem_attributes a;

	inode_attributes(i, &a);
	give(found, &a, sizeof a);
}

i32 filesystem_attributes(u32 inode, into struct filesystem_attributes *found)
{
	struct inode i;

	RETURN_IF(operation_begin(false));
	RETURN_IF(inode_get(inode, &i));
	attributes_give(&i, found);
	return 0;
}

/* "." and ".." are no names here, but whoever asks gets an answer. */
static i32 dots_find(const struct inode *dir, u32 size, u32 *number)
{
	*number = dir->number;
	if (size == 1)
		return 0;
	return dir->raw.links ? folder_parent(dir, number) : 0;
}

static bool words_are_dots(u32 size)
{
	return words[0] == '.' && (size == 1 || (size == 2 && words[1] == '.'));
}

/* The folder that was looked into last is known as long as nothing changes. */
static i32 folder_look(u32 dir, struct inode *d)
{
	static u32 changes;
	i32 error = 0;

	if (d->number != dir || changes != folder_changes())
		error = folder_get(dir, d);
	changes = folder_changes();
	if (error < 0)
		d->number = 0;
	return error;
}

i32 filesystem_lookup(u32 dir, from char *name, u32 size,
		      into struct filesystem_attributes *found)
{
	static struct inode d, i;
	struct spot s;

	RETURN_IF(operation_begin(false));
	RETURN_IF(folder_look(dir, &d));
	if (size > NAME_MOST)
		return -E_BIG;
	if (!size)
		return -E_NAME;
	RETURN_IF(words_take(name, size));
	if (words_are_dots(size)) {
		RETURN_IF(dots_find(&d, size, &s.inode));
		RETURN_IF(inode_get(s.inode, &i));
	} else {
		RETURN_IF(name_get(&d, (struct word){ words, size }, &s, &i));
	}
	attributes_give(&i, found);
	return 0;
}

i32 filesystem_readlink(u32 inode, into char *target, u32 room)
{
	static u8 text[4096];
	struct inode i;
	u32 block;

	RETURN_IF(operation_begin(false));
	RETURN_IF(inode_get(inode, &i));
	if (inode_kind(&i) != MODE_LINK)
		return -E_FORM;
	if (inode_is_fast_link(&i)) {
		room = min(room, i.raw.size);
		give(target, i.raw.block, room);
		return (i32)room;
	}
	if (inode_size(&i) > fs.block_size)
		return -E_FORM;
	room = min(room, i.raw.size);
	RETURN_IF(map_block(&i, 0, &block));
	if (!block)
		return -E_FORM;
	RETURN_IF(volume_read(block, 0, text, room));
	give(target, text, room);
	return (i32)room;
}

/* Contents go past a file system on a volume. */
i32 filesystem_read(u32 inode, u32 at, into u8 *data, u32 room)
{
	(void)inode, (void)at, (void)data, (void)room;
	return -E_KIND;
}

i32 filesystem_write(u32 inode, u32 at, from u8 *data, u32 size)
{
	(void)inode, (void)at, (void)data, (void)size;
	return -E_KIND;
}

i32 filesystem_space(into struct filesystem_space *found)
{
	struct filesystem_space space = { .kind = SUPER_MAGIC };

	RETURN_IF(operation_begin(false));
	space.block_size = fs.block_size;
	space.blocks = fs.blocks - min(fs.blocks, fs.overhead);
	space.files = fs.inodes;
	RETURN_IF(blocks_free(&space.free));
	RETURN_IF(inodes_free(&space.files_free));
	space.free = min(space.free, space.blocks);
	space.kept = min(space.free, fs.kept);
	space.files_free = min(space.files_free, space.files);
	give(found, &space, sizeof space);
	return 0;
}
