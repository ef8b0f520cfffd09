/*
 * Free inodes. Directories are spread over the groups, at the root more than
 * below it; whatever else is made lies in the group of its directory.
 */
#include "allocate.h"
#include "cache.h"
#include "inode.h"

#define LOOK_MOST 64u /* groups compared for a directory */

static u32 group_of(u32 inode)
{
	return (inode - 1) / fs.group_inodes;
}

/* Is a group with this descriptor a good place for a directory, on a volume
 * with so much free in an average group? */
static bool good_for_folder(const struct descriptor *d, u32 inodes, u32 blocks)
{
	return d->inodes_free && d->inodes_free >= inodes &&
	       d->blocks_free >= blocks;
}

/*
 * Of the groups from `first` on: the first that is good, below the root; the
 * good one with the fewest directories, in the root. `first` if none is.
 */
static i32 group_for_folder(u32 dir, u32 *found)
{
	u32 first = group_of(dir), fewest = ~0u, inodes, blocks;
	bool top = dir == INODE_ROOT;

	*found = first;
	RETURN_IF(inodes_free(&inodes));
	RETURN_IF(blocks_free(&blocks));
	inodes /= fs.groups;
	blocks /= fs.groups;
	if (!top) { /* near its parent even if that is rather full */
		inodes -= inodes / 4;
		blocks -= blocks / 4;
	}
	for (u32 n = 0; n < min(fs.groups, LOOK_MOST); n++) {
		u32 group = (first + n) % fs.groups;
		struct descriptor d;

		RETURN_IF(descriptor_read(group, &d));
		if (!good_for_folder(&d, inodes, blocks) || d.folders >= fewest)
			continue;
		*found = group;
		fewest = top ? d.folders : 0;
	}
	return 0;
}

/* A free inode of the group, taken; 0 if it has none. */
static i32 take_in_group(u32 group, bool folder, u32 *number)
{
	u32 first = group ? 0 : fs.first_inode - 1, bit;
	const struct place *p;
	struct descriptor d;

	*number = 0;
	RETURN_IF(descriptor_read(group, &d));
	if (!d.inodes_free)
		return 0;
	RETURN_IF(group_place(group, &p));
	RETURN_IF(cache_read(p->inode_map, 0, bitmap,
			     (fs.group_inodes / 8 + 3) & ~3u));
	bit = bits_find(first, fs.group_inodes, false);
	if (bit >= fs.group_inodes)
		return 0;
	bitmap[bit / 8] |= (u8)(1 << bit % 8);
	RETURN_IF(cache_write(p->inode_map, bit / 8, bitmap + bit / 8, 1));
	*number = group * fs.group_inodes + bit + 1;
	return counts_change(group, 0, -1, folder ? 1 : 0);
}

i32 inode_number_take(u32 dir, bool folder, u32 *number)
{
	u32 group = group_of(dir);

	if (folder)
		RETURN_IF(group_for_folder(dir, &group));
	for (u32 n = 0; n < fs.groups; n++) {
		RETURN_IF(
			take_in_group((group + n) % fs.groups, folder, number));
		if (*number)
			return 0;
	}
	return -E_FULL;
}

i32 inode_number_give(u32 number, bool folder)
{
	u32 group = group_of(number), bit = (number - 1) % fs.group_inodes;
	const struct place *p;
	u8 byte;

	RETURN_IF(group_place(group, &p));
	RETURN_IF(cache_read(p->inode_map, bit / 8, &byte, 1));
	if (!(byte >> bit % 8 & 1)) {
		say("ext2: free inode %u was in use", number);
		return 0;
	}
	byte &= (u8) ~(1 << bit % 8);
	RETURN_IF(cache_write(p->inode_map, bit / 8, &byte, 1));
	return counts_change(group, 0, 1, folder ? -1 : 0);
}

i32 inode_make(const struct inode *dir, u32 mode, u32 uid, u32 gid,
	       struct inode *made)
{
	bool folder = (mode & MODE_KIND) == MODE_FOLDER;
	u32 number;

	RETURN_IF(inode_number_take(dir->number, folder, &number));
	RETURN_IF(inode_locate(number, made));
	memset(&made->raw, 0, sizeof made->raw);
	made->raw.mode = (u16)mode;
	made->raw.uid = (u16)uid;
	made->raw.uid_high = (u16)(uid >> 16);
	made->raw.gid = (u16)gid;
	made->raw.gid_high = (u16)(gid >> 16);
	made->raw.extra_size = (u16)fs.extra_size;
	RETURN_IF(inode_stamp(made,
			      STAMP_ACCESSED | STAMP_MODIFIED | STAMP_CHANGED));
	made->raw.generation = made->raw.changed ^ made->raw.changed_extra;
	made->raw.made = made->raw.changed;
	made->raw.made_extra = made->raw.changed_extra;
	return 0;
}

i32 inode_free(struct inode *i)
{
	u32 seconds, nanoseconds;

	RETURN_IF(time_now(&seconds, &nanoseconds));
	RETURN_IF(inode_number_give(i->number, is_folder(i)));
	i->raw = (struct disk_inode){
		.deleted = seconds,
		.generation = i->raw.generation,
	};
	return inode_put_new(i);
}
