/*
 * Attributes changed, and inodes forgotten.
 */
#include "chain.h"
#include "inode.h"
#include "kept.h"

enum change_bit {
	CHANGE_MODE = 1,
	CHANGE_SIZE = 8,
	CHANGE_ACCESSED = 16,
	CHANGE_MODIFIED = 32,
};

/* Of a mode FAT knows whether it can be written; of owners nothing. */
static void record_change(struct record *r, u32 which,
			  const struct filesystem_attributes *a)
{
	struct moment m = moment_of(a->modified);

	if (which & CHANGE_MODE && !(r->attributes & RECORD_FOLDER)) {
		r->attributes &= (u8)~RECORD_READ_ONLY;
		if (!(a->mode & 0200))
			r->attributes |= RECORD_READ_ONLY;
	}
	if (which & CHANGE_ACCESSED)
		r->accessed_date = moment_of(a->accessed).date;
	if (which & CHANGE_MODIFIED) {
		r->date = m.date;
		r->time = m.time;
	}
}

/*
 * A file's size. The core has written zeros where it is larger than before,
 * so there are clusters. Where it is smaller the rest of the chain goes, which
 * may take more than one operation.
 */
static i32 size_change(struct inode *i, const struct filesystem_attributes *a)
{
	u32 cluster = 1u << fs.cluster_shift, there;
	u32 keep = a->size / cluster + (a->size % cluster != 0);
	u32 first = record_cluster(&i->record);
	i32 more;

	if (is_folder(i))
		return -E_FOLDER;
	if (a->size_high)
		return -E_FULL;
	if (a->size > i->record.size) {
		RETURN_IF(chain_at(first, keep - 1, &there));
		if (!there)
			return -E_FULL;
		i->record.size = a->size;
		return 0;
	}
	i->record.size = a->size;
	if (!first)
		return 0;
	more = chain_cut(&first, keep, false);
	record_cluster_set(&i->record, first);
	return more;
}

i32 filesystem_change(u32 op, u32 inode, u32 which,
		      from struct filesystem_attributes *wanted)
{
	struct filesystem_attributes a;
	struct inode i;
	i32 more = 0;

	(void)op;
	RETURN_IF(operation_begin(true));
	RETURN_IF(inode_get(inode, &i));
	take(&a, wanted, sizeof a);
	record_change(&i.record, which, &a);
	if (which & CHANGE_SIZE)
		more = size_change(&i, &a);
	RETURN_IF(more);
	RETURN_IF(inode_put(&i));
	return operation_end(more);
}

i32 filesystem_forget(u32 op, u32 inode)
{
	struct record r;
	u32 first;
	i32 more = 0;

	(void)op;
	RETURN_IF(operation_begin(false));
	if (fs.read_only || !orphan_find(inode))
		return 0;
	RETURN_IF(operation_begin(true));
	r = orphan_find(inode)->record;
	first = record_cluster(&r);
	if (first)
		more = chain_cut(&first, 0, r.attributes & RECORD_FOLDER);
	RETURN_IF(more);
	record_cluster_set(&r, first);
	if (more)
		RETURN_IF(orphan_set(inode, &r));
	else
		orphan_end(inode);
	return operation_end(more);
}
