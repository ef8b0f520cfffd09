/*
 * Attributes changed, and inodes forgotten.
 */
#include "folder.h"
#include "truncate.h"

enum change_bit {
	CHANGE_MODE = 1,
	CHANGE_UID = 2,
	CHANGE_GID = 4,
	CHANGE_SIZE = 8,
	CHANGE_ACCESSED = 16,
	CHANGE_MODIFIED = 32,
	CHANGE_CHANGED = 64,
};

static void times_change(struct inode *i, u32 which,
			 const struct filesystem_attributes *a)
{
	if (which & CHANGE_ACCESSED)
		inode_time_set(i, STAMP_ACCESSED, a->accessed, a->accessed_ns);
	if (which & CHANGE_MODIFIED)
		inode_time_set(i, STAMP_MODIFIED, a->modified, a->modified_ns);
	if (which & CHANGE_CHANGED)
		inode_time_set(i, STAMP_CHANGED, a->changed, a->changed_ns);
}

static void owner_change(struct inode *i, u32 which,
			 const struct filesystem_attributes *a)
{
	struct disk_inode *r = &i->raw;

	if (which & CHANGE_MODE)
		r->mode = (u16)((r->mode & MODE_KIND) | (a->mode & MODE_BITS));
	if (which & CHANGE_UID) {
		r->uid = (u16)a->uid;
		r->uid_high = (u16)(a->uid >> 16);
	}
	if (which & CHANGE_GID) {
		r->gid = (u16)a->gid;
		r->gid_high = (u16)(a->gid >> 16);
	}
}

/*
 * The size becomes the one that is wanted. Whoever asks again after a step
 * wants the size that the inode has by now: what is beyond it may still go.
 */
static i32 size_change(struct inode *i, const struct filesystem_attributes *a)
{
	u64 size = (u64)a->size_high << 32 | a->size;
	bool grows = size > inode_size(i);

	if (inode_kind(i) != MODE_FILE)
		return is_folder(i) ? -E_FOLDER : -E_FORM;
	RETURN_IF(inode_size_set(i, size));
	return grows ? inode_put(i) : file_cut(i);
}

i32 filesystem_change(u32 op, u32 inode, u32 which,
		      from struct filesystem_attributes *wanted)
{
	struct filesystem_attributes a;
	static struct inode i;

	(void)op;
	RETURN_IF(operation_begin(true));
	RETURN_IF(inode_get(inode, &i));
	take(&a, wanted, sizeof a);
	owner_change(&i, which, &a);
	times_change(&i, which, &a);
	return operation_end(which & CHANGE_SIZE ? size_change(&i, &a) :
						   inode_put(&i));
}

i32 filesystem_forget(u32 op, u32 inode)
{
	static struct inode i;
	i32 there;

	(void)op;
	RETURN_IF(operation_begin(false));
	there = inode_get(inode, &i);
	if (there == -E_NAME)
		return 0;
	RETURN_IF(there);
	if (i.raw.links || fs.read_only)
		return 0;
	there = orphan_is(inode);
	RETURN_IF(there);
	if (!there)
		return 0;
	known_forget();
	return operation_end(inode_end(&i));
}
