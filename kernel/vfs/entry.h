/*
 * The cache of names: for (directory, name) the inode, or that there is none.
 * One spinlock guards all of it; a walk holds it once for all the names that
 * are here. Entries without users are kept in order of their last use.
 */
#ifndef KERNEL_VFS_ENTRY_H
#define KERNEL_VFS_ENTRY_H

#include "kernel/linux/errno.h"
#include "kernel/lock.h"
#include "kernel/vfs/path.h"

extern struct spinlock entry_lock;

/* A name as it stands in a path: up to a slash or a NUL. */
struct name {
	const char *text;
	u32 length, hash;
};

/* Bytes of a path, four at a time. */
typedef u32 __attribute__((may_alias, aligned(1))) path_word;

#define WORD_ONES  0x01010101u
#define WORD_HIGHS 0x80808080u

/* Bit 7 of the first byte of w that is NUL or a slash is the lowest set. */
static inline u32 word_ends(u32 w)
{
	u32 slash = w ^ WORD_ONES * '/';

	return ((w - WORD_ONES) & ~w & WORD_HIGHS) |
	       ((slash - WORD_ONES) & ~slash & WORD_HIGHS);
}

static inline u32 word_mix(u32 hash, u32 w)
{
	hash = (hash ^ w) * 0x9E3779B1u;
	return hash << 15 | hash >> 17;
}

/* The name at `text`; returns its end. Reads up to 3 bytes beyond. */
static inline const char *name_scan(const char *text, struct name *n)
{
	const char *p = text;
	u32 hash = 0, w, ends;

	for (;;) {
		w = *(const path_word *)p;
		ends = word_ends(w);
		if (ends)
			break;
		hash = word_mix(hash, w);
		p += 4;
	}
	u32 bytes = (u32)__builtin_ctz(ends) / 8;
	n->text = text;
	n->length = (u32)(p - text) + bytes;
	n->hash = word_mix(hash, w & ((1u << 8 * bytes) - 1));
	return p + bytes;
}

/* Once, before anything else. */
void entries_init(void);

/* One that nobody can find, with one user; the name is copied. It counts
 * `parent` (may be NULL) and takes over the caller's count of `inode`. Lock
 * not held; NULL without memory. */
struct entry *entry_make(struct entry *parent, struct mount *m,
			 const struct name *n, struct inode *inode);

/* ---- lock held ---- */

struct entry *entry_find(struct entry *parent, const struct name *n);
void entry_hold(struct entry *e);

/* Let it be found. No other of its name may be there. */
void entry_show(struct entry *e);

/* Let it not be found any more. `unlinked`: the name itself is gone. It has a
 * user. */
void entry_hide(struct entry *e, u8 unlinked);

/* One user less. What is to be freed goes onto `garbage`. */
void entry_put(struct entry *e, struct list *garbage);

/* Another name for it, in another directory. `name` is what entry_name_copy
 * made; the old one comes back (heap_give; may be NULL). */
char *entry_move(struct entry *e, struct entry *parent, char *name,
		 const struct name *n, struct list *garbage);

/* Is e that folder, or below it in the same mount? */
int entry_under(const struct entry *e, const struct entry *folder);

/* As place_path; *reached: is it below the current process's root? */
char *entry_path(const struct entry *e, char *text, u32 room, int *reached);

/* ---- lock not held ---- */

void garbage_free(struct list *garbage);
char *entry_name_copy(const struct name *n); /* NULL without memory */

/* The directory that e is in now, counted, and its name, copied to `name` of
 * NAME_MOST + 1 bytes: somebody may rename it at any time. */
struct place entry_where(const struct entry *e, char *name);
void entry_drop(struct entry *e);

/* Let go of all unused entries of a mount (NULL: of all); how many. */
u32 entries_prune(const struct mount *m);

/* The same for the names of one directory, which the caller has counted. */
void entry_empty(struct entry *folder);

/*
 * The entry of a name in a directory, asked of the file system if it is not
 * here: counted, negative where there is none. 0 or -errno. The second with
 * the store's `changing` held.
 */
i32 entry_get(struct entry *folder, const struct name *n, struct entry **out);
i32 entry_get_changing(struct entry *folder, const struct name *n,
		       struct entry **out);

#endif
