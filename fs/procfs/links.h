/* Symbolic links, and what open files say of themselves. */
#ifndef PROCFS_LINKS_H
#define PROCFS_LINKS_H

#include "tree.h"

/* Where a link leads: bytes, in a buffer that stays until the next call. */
i32 link_read(const struct node *n, const char **text);

/* fdinfo/N. */
i32 file_info_make(struct who w, u32 file);

/* A path of the core's, NUL-terminated in a buffer of its own: `call` is given
 * path_text and PATH_ROOM, and answers its length or an error. */
#define PATH_ROOM 4096u
extern char path_text[PATH_ROOM + 1];
#define path_ask(call) path_end(call)
i32 path_end(i32 size);

#endif
