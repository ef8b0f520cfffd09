/* Disks and partitions: a list that only grows. */
#include "kernel/inspect/inspect.h"

#include "kernel/disk/disk.h"
#include "kernel/memory.h"

i32 up_inspect_disk(u32 index, into struct inspect_disk *found)
{
	struct inspect_disk out;
	const struct list *l = disks.next;

	while (l != &disks && index--)
		l = l->next;
	if (l == &disks)
		return -E_NAME;
	const struct disk *d = LIST_OF(l, struct disk, list);
	memory_fill(&out, 0, sizeof(out));
	text_copy((char *)out.name, sizeof(out.name), d->name);
	out.device = d->device;
	out.sectors = d->sectors;
	out.flags = d->flags;
	return lend_give(found, &out, sizeof(out));
}
