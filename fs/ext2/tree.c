/*
 * Names made and taken away. What an operation changed before it fails never
 * was, so that each simply goes on until something stands in its way.
 */
#include "tree.h"

#include "grow.h"
#include "truncate.h"

char words[WORDS_MOST + 1];

i32 words_take(from char *text, u32 size)
{
	if (size > WORDS_MOST)
		return -E_BIG;
	take(words, text, size);
	words[size] = 0;
	return 0;
}

i32 word_of(const char *text, struct word *w)
{
	u32 length = (u32)strlen(text);

	*w = (struct word){ text, length };
	if (!length)
		return -E_NAME;
	if (length > NAME_MOST)
		return -E_BIG;
	for (u32 n = 0; n < length; n++)
		if (text[n] == '/')
			return -E_FORM;
	if (text[0] == '.' && (!text[1] || (text[1] == '.' && !text[2])))
		return -E_EXISTS;
	return 0;
}

i32 name_get(const struct inode *dir, struct word w, struct spot *s,
	     struct inode *i)
{
	struct gap gap;
	i32 there = folder_find(dir, w, s, &gap);

	RETURN_IF(there);
	if (!there)
		return -E_NAME;
	there = inode_get(s->inode, i);
	if (there == -E_NAME)
		return -E_FORM; /* a name, but nothing behind it */
	return there;
}

i32 name_gap(const struct inode *dir, struct word w, struct gap *gap)
{
	struct spot s;
	i32 there;

	if (!dir->raw.links)
		return -E_NAME; /* it was removed */
	there = folder_find(dir, w, &s, gap);
	RETURN_IF(there);
	return there ? -E_EXISTS : 0;
}

/* ---- make ---- */

static i32 device_parse(const char *text, u32 *device)
{
	u32 n = 0;

	for (; *text; text++) {
		u32 digit = (u32)(*text - '0');

		if (digit > 9 || n > 0xFFFFFF)
			return -E_FORM;
		n = n * 10 + digit;
	}
	*device = n;
	return 0;
}

static i32 link_make(struct inode *i, const char *target)
{
	u32 size = (u32)strlen(target);
	struct filesystem_run run;

	if (!size)
		return -E_NAME;
	if (size >= fs.block_size)
		return -E_BIG;
	i->raw.size = size;
	if (size < sizeof i->raw.block) {
		memcpy(i->raw.block, target, size);
		return 0;
	}
	RETURN_IF(grow_begin(i, 0));
	RETURN_IF(hole_fill(i, 0, 1, &run));
	RETURN_IF(volume_clear(run.block));
	return volume_write(run.block, 0, (const u8 *)target, size);
}

/* What is in a new inode, by its kind; `behind` is what came with its name. */
static i32 contents_make(struct inode *i, struct inode *dir, const char *behind)
{
	u32 device;

	i->raw.links = 1;
	switch (inode_kind(i)) {
	case MODE_FOLDER:
		if (dir->raw.links >= LINKS_MOST)
			return -E_FULL;
		dir->raw.links++;
		i->raw.links = 2;
		return folder_make(i, dir->number);
	case MODE_LINK:
		return link_make(i, behind);
	case MODE_BLOCK:
	case MODE_CHARACTER:
		RETURN_IF(device_parse(behind, &device));
		device_set(i, device);
		return 0;
	case MODE_FILE:
	case MODE_FIFO:
	case MODE_SOCKET:
		return 0;
	}
	return -E_FORM;
}

i32 filesystem_make(u32 op, u32 dir, u32 mode, u32 uid, u32 gid,
		    from char *name, u32 size,
		    into struct filesystem_attributes *made)
{
	struct filesystem_attributes a;
	static struct inode d, i;
	struct gap gap;
	struct word w;

	(void)op;
	RETURN_IF(operation_begin(true));
	RETURN_IF(words_take(name, size));
	RETURN_IF(word_of(words, &w));
	RETURN_IF(folder_get(dir, &d));
	RETURN_IF(name_gap(&d, w, &gap));
	RETURN_IF(inode_make(&d, mode & (MODE_KIND | MODE_BITS), uid, gid, &i));
	RETURN_IF(contents_make(&i, &d,
				w.length < size ? words + w.length + 1 : ""));
	RETURN_IF(inode_put_new(&i));
	RETURN_IF(folder_insert(&d, &gap, w, &i));
	RETURN_IF(inode_stamp(&d, STAMP_MODIFIED | STAMP_CHANGED));
	RETURN_IF(inode_put(&d));
	inode_attributes(&i, &a);
	give(made, &a, sizeof a);
	return operation_end(0);
}

i32 filesystem_link(u32 op, u32 dir, u32 inode, from char *name, u32 size)
{
	static struct inode d, i;
	struct gap gap;
	struct word w;

	(void)op;
	RETURN_IF(operation_begin(true));
	RETURN_IF(words_take(name, size));
	RETURN_IF(word_of(words, &w));
	RETURN_IF(folder_get(dir, &d));
	RETURN_IF(inode_get(inode, &i));
	if (is_folder(&i))
		return -E_FOLDER;
	if (!i.raw.links)
		return -E_NAME;
	RETURN_IF(name_gap(&d, w, &gap));
	if (i.raw.links >= LINKS_MOST)
		return -E_FULL;
	i.raw.links++;
	RETURN_IF(inode_stamp(&i, STAMP_CHANGED));
	RETURN_IF(inode_put(&i));
	RETURN_IF(folder_insert(&d, &gap, w, &i));
	RETURN_IF(inode_stamp(&d, STAMP_MODIFIED | STAMP_CHANGED));
	RETURN_IF(inode_put(&d));
	return operation_end(0);
}

/* ---- unlink ---- */

i32 leave_check(const struct inode *i, bool folder)
{
	i32 empty;

	if (!is_folder(i))
		return folder ? -E_KIND : 0;
	if (!folder)
		return -E_FOLDER;
	if (i->number == INODE_ROOT)
		return -E_FORM;
	empty = folder_is_empty(i);
	RETURN_IF(empty);
	return empty ? 0 : -E_FILLED;
}

i32 inode_leave(struct inode *i, struct inode *dir)
{
	if (!i->raw.links)
		return -E_FORM;
	i->raw.links--;
	if (is_folder(i)) {
		i->raw.links = 0;
		link_drop(dir);
	}
	RETURN_IF(inode_stamp(i, STAMP_CHANGED));
	return i->raw.links ? 0 : orphan_add(i);
}

i32 filesystem_unlink(u32 op, u32 dir, u32 folder, from char *name, u32 size)
{
	static struct inode d, i;
	struct spot s;
	struct word w;

	(void)op;
	RETURN_IF(operation_begin(true));
	RETURN_IF(words_take(name, size));
	RETURN_IF(word_of(words, &w));
	RETURN_IF(folder_get(dir, &d));
	RETURN_IF(name_get(&d, w, &s, &i));
	RETURN_IF(leave_check(&i, folder != 0));
	if (i.number == d.number)
		return -E_FORM;
	RETURN_IF(folder_remove(&s));
	RETURN_IF(inode_leave(&i, &d));
	RETURN_IF(inode_put(&i));
	RETURN_IF(inode_stamp(&d, STAMP_MODIFIED | STAMP_CHANGED));
	RETURN_IF(inode_put(&d));
	return operation_end(i.raw.links);
}
