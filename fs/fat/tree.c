/*
 * Names made and taken away. What an operation changed before it fails never
 * was, so that each simply goes on until something stands in its way.
 */
#include "tree.h"

#include "kept.h"

i32 spot_find(struct spot *s, u32 dir, const char *text, u32 size)
{
	if (size > NAME_MOST)
		return -E_BIG;
	RETURN_IF(folder_get(dir, &s->dir));
	RETURN_IF(name_parse(&s->name, text, size));
	return folder_find(&s->dir, &s->name, &s->found);
}

i32 spot_leave(struct spot *s)
{
	struct folder gone;
	struct inode i;
	i32 empty;

	inode_of(&s->found, &i);
	if (is_folder(&i)) {
		RETURN_IF(folder_of(&i, &gone));
		empty = folder_is_empty(&gone);
		RETURN_IF(empty);
		if (!empty)
			return -E_FILLED;
	}
	RETURN_IF(orphan_set(i.number, &i.record));
	return folder_remove(&s->dir, &s->found);
}

/* A new file's record, in all but its name. */
static i32 record_make(struct record *r, const struct folder *dir, u32 mode)
{
	u32 seconds, cluster;
	struct moment now;

	RETURN_IF(time_now(&seconds));
	now = moment_of(seconds);
	*r = (struct record){
		.attributes = RECORD_ARCHIVE,
		.made_centiseconds = (u8)(seconds % 2 * 100),
		.made_time = now.time,
		.made_date = now.date,
		.accessed_date = now.date,
		.time = now.time,
		.date = now.date,
	};
	if ((mode & MODE_KIND) == MODE_FOLDER) {
		r->attributes = RECORD_FOLDER;
		RETURN_IF(folder_make(folder_dots(dir), r, &cluster));
		record_cluster_set(r, cluster);
	} else if (!(mode & 0200)) {
		r->attributes |= RECORD_READ_ONLY;
	}
	return 0;
}

i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    from char *name, u32 size,
		    into struct filesystem_attributes *made)
{
	static struct spot s;
	struct filesystem_attributes a;
	char text[NAME_MOST + 1];
	struct inode i = { 0 };
	i32 there;

	(void)op, (void)uid, (void)gid;
	RETURN_IF(operation_begin(true));
	if ((mode & MODE_KIND) != MODE_FILE &&
	    (mode & MODE_KIND) != MODE_FOLDER)
		return -E_KIND;
	take(text, name, min(size, NAME_MOST + 1));
	there = spot_find(&s, dir, text, size);
	RETURN_IF(there);
	if (there)
		return -E_EXISTS;
	RETURN_IF(record_make(&i.record, &s.dir, mode));
	RETURN_IF(folder_add(&s.dir, &s.name, &i.record, &i.number));
	RETURN_IF(inode_attributes(&i, &a));
	give(made, &a, sizeof a);
	return operation_end(0);
}

i32 filesystem_link(u32 op, u32 dir, u32 inode, from char *name, u32 size)
{
	(void)op, (void)dir, (void)inode, (void)name, (void)size;
	return -E_KIND;
}

i32 filesystem_unlink(u32 op, u32 dir, u32 folder, from char *name, u32 size)
{
	static struct spot s;
	char text[NAME_MOST + 1];
	bool is_dir;
	i32 there;

	(void)op;
	RETURN_IF(operation_begin(true));
	take(text, name, min(size, NAME_MOST + 1));
	there = spot_find(&s, dir, text, size);
	if (there == -E_FORM || !there)
		return -E_NAME;
	RETURN_IF(there);
	is_dir = s.found.record.attributes & RECORD_FOLDER;
	if (is_dir != (folder != 0))
		return is_dir ? -E_FOLDER : -E_KIND;
	RETURN_IF(spot_leave(&s));
	return operation_end(0);
}
