/* Checks of attributes and of directories' lists. */
#include "kernel/vfs/checked.h"

#include "kernel/linux/errno.h"
#include "kernel/vfs/mode.h"

#define PAGE	    4096u
#define MODE_BITS   (MODE_KIND | 07777u)
#define SIZE_MOST   (((u64)PAGE << 32) - PAGE) /* page numbers are words */
#define KINDS	    0x1556u /* bit n: there are files of mode n << 12 */
#define KIND_SHIFT  12
#define INODE_FLAGS (INODE_ASK | INODE_MADE | INODE_SIMPLE)
#define NANOSECONDS 1000000000u
#define FIRST_DOTS  2u /* positions that the core adds in front */

_Static_assert(KINDS == (1u << (MODE_FIFO >> KIND_SHIFT) |
			 1u << (MODE_CHARACTER >> KIND_SHIFT) |
			 1u << (MODE_FOLDER >> KIND_SHIFT) |
			 1u << (MODE_BLOCK >> KIND_SHIFT) |
			 1u << (MODE_FILE >> KIND_SHIFT) |
			 1u << (MODE_LINK >> KIND_SHIFT) |
			 1u << (MODE_SOCKET >> KIND_SHIFT)),
	       "a bit for each kind");

static int is_kind_there(u32 type)
{
	return type < 16 && (KINDS >> type & 1);
}

i32 attributes_check(const struct filesystem_attributes *a)
{
	u64 size = (u64)a->size_high << 32 | a->size;

	if (!a->inode || a->mode & ~MODE_BITS ||
	    !is_kind_there(a->mode >> KIND_SHIFT))
		return -EIO;
	if (size > SIZE_MOST || a->flags & ~(u32)INODE_FLAGS)
		return -EIO;
	if (a->accessed_ns >= NANOSECONDS || a->modified_ns >= NANOSECONDS ||
	    a->changed_ns >= NANOSECONDS)
		return -EIO;
	if (a->jump && (a->mode & MODE_KIND) != MODE_LINK)
		return -EIO;
	return 0;
}

i32 listed_check(const struct listed *l, u32 left)
{
	if (left < sizeof(*l) || left - sizeof(*l) < l->length)
		return -EIO;
	if (!l->inode || !l->length || (l->type && !is_kind_there(l->type)) ||
	    l->next > 0xFFFFFFFFu - FIRST_DOTS)
		return -EIO;
	for (u32 i = 0; i < l->length; i++)
		if (!l->name[i] || l->name[i] == '/')
			return -EIO;
	return (i32)(sizeof(*l) + l->length);
}
