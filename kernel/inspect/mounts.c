/*
 * Mounts. They are looked at under the entries' lock, which guards the list as
 * well: who makes a mount has the list's mutex while a domain answers.
 */
#include "kernel/inspect/inspect.h"

#include "kernel/memory.h"
#include "kernel/vfs/entry.h"

/* Lock held. */
static const struct mount *mount_at(u32 index)
{
	for (struct list *l = mounts.next; l != &mounts; l = l->next)
		if (index-- == 0)
			return LIST_OF(l, struct mount, list);
	return 0;
}

i32 up_inspect_mounted(u32 index, into struct inspect_mounted *found)
{
	struct inspect_mounted out;
	const struct mount *m;

	memory_fill(&out, 0, sizeof(out));
	spin_lock(&entry_lock);
	m = mount_at(index);
	if (m) {
		out.number = m->number;
		out.parent = m->over ? m->over->mount->number : m->number;
		out.flags = m->flags;
		out.root = m->root->number;
		out.magic = m->magic;
		text_copy((char *)out.type, sizeof(out.type), m->type);
		text_copy((char *)out.source, sizeof(out.source), m->source);
	}
	spin_unlock(&entry_lock);
	return m ? lend_give(found, &out, sizeof(out)) : -E_NAME;
}

i32 up_inspect_mounted_path(u32 index, into char *path, u32 room)
{
	char *buffer = path_text_take(), *text = 0;
	const struct mount *m;
	int reached = 1;
	i32 r;

	if (!buffer)
		return -E_MEMORY;
	spin_lock(&entry_lock);
	m = mount_at(index);
	if (m)
		text = entry_path(m->top, buffer, PATH_TEXT, &reached);
	spin_unlock(&entry_lock);
	r = !m	     ? -E_NAME :
	    !reached ? 0 :
	    !text    ? -E_BIG :
		       inspect_give_text(path, room, text);
	path_text_give(buffer);
	return r;
}
