/* A walk on its way, between the files that do it. */
#ifndef KERNEL_VFS_WALK_H
#define KERNEL_VFS_WALK_H

#include "kernel/vfs/entry.h"

#define LINKS_MOST 40u

/* What it stands on is counted only while the entries' lock is free; `kept`
 * is, where it might not be found again. */
struct walk {
	struct entry *at, *root, *kept;
	char *text, *rest; /* all of it, and what is left */
	char *last; /* of WALK_PARENT */
	u32 flags, links, steps;
	u8 slashes; /* behind the name that was met last */
	struct list garbage;
};

/* Keep e, counted for us, instead of what was kept. Lock held. */
void walk_keep(struct walk *w, struct entry *e);

/* Go where the symbolic link e leads, then on with `end`. Lock held, let go of
 * in between. 0 or -errno. */
i32 walk_follow(struct walk *w, struct entry *e, char *end);

struct mount *mount_root(void); /* the root of all */

#endif
