/*
 * The domain's first, and operations that only look.
 */
#include "inode.h"
#include "kept.h"
#include "table.h"

#define MAGIC_MSDOS 0x4D44u

i32 life_start(u32 generation)
{
	kept_start();
	if (generation > 1)
		say("fat: start %u", generation);
	return 0;
}

i32 filesystem_attributes(u32 inode, into struct filesystem_attributes *found)
{
	struct filesystem_attributes a;
	struct inode i;

	RETURN_IF(operation_begin(false));
	RETURN_IF(inode_get(inode, &i));
	RETURN_IF(inode_attributes(&i, &a));
	give(found, &a, sizeof a);
	return 0;
}

i32 filesystem_lookup(u32 dir, from char *name, u32 size,
		      into struct filesystem_attributes *found)
{
	static struct found f;
	static struct name n;
	struct filesystem_attributes a;
	char text[NAME_MOST];
	struct folder d;
	struct inode i;
	i32 there;

	RETURN_IF(operation_begin(false));
	RETURN_IF(folder_get(dir, &d));
	if (size > NAME_MOST)
		return -E_BIG;
	take(text, name, size);
	there = name_parse(&n, text, size);
	if (there == -E_FORM)
		return -E_NAME;
	RETURN_IF(there);
	there = folder_find(&d, &n, &f);
	RETURN_IF(there);
	if (!there)
		return -E_NAME;
	inode_of(&f, &i);
	RETURN_IF(inode_attributes(&i, &a));
	give(found, &a, sizeof a);
	return 0;
}

/* A name as the gate lists it; 0 if it cannot be spelled. */
static u32 entry_make(u8 *to, struct found *f, u32 next)
{
	bool is_dir = f->record.attributes & RECORD_FOLDER;
	u32 length = name_text(&f->name, (char *)to + 10);

	if (!length) {
		name_of_record(&f->record, &f->name);
		length = name_text(&f->name, (char *)to + 10);
	}
	if (!length)
		return 0;
	memcpy(to, &f->number, 4);
	memcpy(to + 4, &next, 4);
	to[8] = (u8)((is_dir ? MODE_FOLDER : MODE_FILE) >> 12);
	to[9] = (u8)length;
	return 10 + length;
}

i32 filesystem_entries(u32 dir, u32 at, into u8 *list, u32 room)
{
	static struct found f;
	struct inode i;
	struct folder d;
	struct walk w;
	u32 done = 0;

	RETURN_IF(operation_begin(false));
	RETURN_IF(inode_get(dir, &i));
	if (is_folder(&i) && i.is_orphan)
		return 0;
	RETURN_IF(folder_of(&i, &d));
	walk_begin(&w, &d, at);
	for (;;) {
		u8 entry[10 + NAME_MOST];
		i32 more = walk_name(&w, &f);
		u32 size;

		if (more <= 0 && done)
			return (i32)done; /* what there is, then the error */
		if (more <= 0)
			return more;
		size = entry_make(entry, &f, w.index);
		if (size > room - done)
			return done ? (i32)done : -E_RANGE;
		give(list + done, entry, size);
		done += size;
	}
}

i32 filesystem_readlink(u32 inode, into char *target, u32 room)
{
	(void)inode, (void)target, (void)room;
	return -E_FORM; /* there are none */
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
	struct filesystem_space space = { .kind = MAGIC_MSDOS };

	RETURN_IF(operation_begin(false));
	space.block_size = 1u << fs.cluster_shift;
	space.blocks = fs.clusters;
	RETURN_IF(clusters_free(&space.free));
	space.free = min(space.free, space.blocks);
	give(found, &space, sizeof space);
	return 0;
}
