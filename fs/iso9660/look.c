/*
 * The domain's operations: those that look, and refusals of all others.
 */
#include "folder.h"

#define MAGIC_ISO 0x9660u

static struct entry entry;

i32 life_start(u32 generation)
{
	if (generation > 1)
		say("iso9660: start %u", generation);
	return 0;
}

i32 filesystem_mount(from char *options, u32 size)
{
	(void)options, (void)size;
	fs.ready = false;
	RETURN_IF(operation_begin());
	return ROOT;
}

static void attributes_give(const struct entry *e,
			    into struct filesystem_attributes *found)
{
	u64 size = e->bytes;
	struct filesystem_attributes a = {
		.inode = e->number,
		.mode = e->mode,
		.links = e->links ? e->links : 1,
		.uid = e->uid,
		.gid = e->gid,
		.device = e->device,
		.accessed = e->accessed,
		.modified = e->modified,
		.changed = e->changed,
	};

	if ((e->mode & MODE_KIND) == MODE_LINK)
		size = e->target_size;
	else if ((e->mode & MODE_KIND) != MODE_FILE &&
		 (e->mode & MODE_KIND) != MODE_FOLDER)
		size = 0;
	a.size = (u32)size;
	a.size_high = (u32)(size >> 32);
	a.blocks = (u32)((size + BLOCK - 1) >> BLOCK_SHIFT) * (BLOCK / 512);
	give(found, &a, sizeof a);
}

i32 filesystem_attributes(u32 inode, into struct filesystem_attributes *found)
{
	RETURN_IF(operation_begin());
	RETURN_IF(entry_get(inode, &entry));
	attributes_give(&entry, found);
	return 0;
}

i32 filesystem_lookup(u32 dir, from char *name, u32 size,
		      into struct filesystem_attributes *found)
{
	char text[NAME_MOST];
	struct folder d;
	i32 there;

	RETURN_IF(operation_begin());
	RETURN_IF(folder_get(dir, &d));
	if (size > NAME_MOST)
		return -E_BIG;
	take(text, name, size);
	there = size ? folder_find(&d, text, size, &entry) : 0;
	RETURN_IF(there);
	if (!there)
		return -E_NAME;
	RETURN_IF(entry_child(&entry));
	attributes_give(&entry, found);
	return 0;
}

i32 filesystem_readlink(u32 inode, into char *text, u32 room)
{
	RETURN_IF(operation_begin());
	RETURN_IF(entry_get(inode, &entry));
	if ((entry.mode & MODE_KIND) != MODE_LINK || !entry.target_size)
		return -E_FORM;
	room = min(room, entry.target_size);
	give(text, target, room);
	return (i32)room;
}

i32 filesystem_entries(u32 dir, u32 at, into u8 *list, u32 room)
{
	struct folder d;
	struct walk w;
	u32 done = 0;

	RETURN_IF(operation_begin());
	RETURN_IF(folder_get(dir, &d));
	walk_begin(&w, &d, at);
	for (;;) {
		i32 more = walk_name(&w, &entry);
		u8 bytes[10];

		if (more <= 0 && done)
			return (i32)done; /* what there is, then the error */
		if (more <= 0)
			return more;
		if (10 + entry.name_size > room - done)
			return done ? (i32)done : -E_RANGE;
		memcpy(bytes, &entry.number, 4);
		memcpy(bytes + 4, &w.at, 4);
		bytes[8] = (u8)(entry.mode >> 12);
		if (entry.child)
			bytes[8] = MODE_FOLDER >> 12;
		bytes[9] = (u8)entry.name_size;
		give(list + done, bytes, sizeof bytes);
		give(list + done + 10, entry.name, entry.name_size);
		done += 10 + entry.name_size;
	}
}

i32 filesystem_space(into struct filesystem_space *found)
{
	struct filesystem_space space = { .kind = MAGIC_ISO,
					  .block_size = BLOCK };

	RETURN_IF(operation_begin());
	space.blocks = fs.stated;
	give(found, &space, sizeof space);
	return 0;
}

/* ---- contents go past a file system on a volume ---- */

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

/* ---- nothing is ever written ---- */

i32 filesystem_writing(u32 on)
{
	return on ? -E_DENIED : 0;
}

i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    from char *name, u32 size,
		    into struct filesystem_attributes *made)
{
	(void)op, (void)dir, (void)mode, (void)uid, (void)gid, (void)name;
	(void)size, (void)made;
	return -E_DENIED;
}

i32 filesystem_link(u32 op, u32 dir, u32 inode, from char *name, u32 size)
{
	(void)op, (void)dir, (void)inode, (void)name, (void)size;
	return -E_DENIED;
}

i32 filesystem_unlink(u32 op, u32 dir, u32 folder, from char *name, u32 size)
{
	(void)op, (void)dir, (void)folder, (void)name, (void)size;
	return -E_DENIED;
}

i32 filesystem_rename(u32 op, u32 dir, u32 to_dir, u32 how, from char *names,
		      u32 size)
{
	(void)op, (void)dir, (void)to_dir, (void)how, (void)names, (void)size;
	return -E_DENIED;
}

i32 filesystem_change(u32 op, u32 inode, u32 which,
		      from struct filesystem_attributes *wanted)
{
	(void)op, (void)inode, (void)which, (void)wanted;
	return -E_DENIED;
}

i32 filesystem_forget(u32 op, u32 inode)
{
	(void)op, (void)inode;
	return 0;
}

i32 filesystem_allocate(u32 inode, u32 at, u32 count, u32 size, u32 size_high,
			into u8 *runs, u32 room)
{
	(void)inode, (void)at, (void)count, (void)size, (void)size_high;
	(void)runs, (void)room;
	return -E_DENIED;
}
