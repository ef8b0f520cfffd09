/*
 * The table of inodes, for the files that keep it: found by mount and number;
 * without users they are kept until there are too many, or until their last
 * name is gone.
 */
#ifndef KERNEL_VFS_INODE_TABLE_H
#define KERNEL_VFS_INODE_TABLE_H

#include "kernel/lock.h"
#include "kernel/vfs/inode.h"

#define INODE_BUCKETS 4096u

extern struct spinlock inode_lock; /* guards all of this */
extern struct list inode_buckets[INODE_BUCKETS];
extern struct list inodes_unused; /* in order of last use */
extern struct list inodes_dying; /* out of the table, to be freed */
extern u32 inodes_unused_count;
extern u32 inodes_promised; /* threads that will settle; atomic */

/* Once, before anything else; and, once threads run, the one that forgets. */
void inodes_init(void);
void inodes_start(void);

/* From no users to one, or one more. Lock held. */
void inode_hold_locked(struct inode *i);

/* Free what is in no list any more. */
void inode_free(struct inode *i);

/* There is something for the thread that forgets inodes. */
void inodes_wake(void);

/* A new inode is the current process'. */
void inode_own(struct inode *i);

/* Are these its attributes? What an inode is never changes. */
int inode_is(const struct inode *i, const struct filesystem_attributes *a);

/* Take over attributes; those that are not written back yet stay. */
void inode_take(struct inode *i, const struct filesystem_attributes *a);

/* i, and `other` if it is not NULL, have another number: what i had becomes
 * the other's. No operation of their volume runs. */
void inode_renumber(struct inode *i, u32 number, struct inode *other);

/* The first inode from bucket *b on that `take` wants, of one mount or (NULL)
 * of all, with one user more. */
struct inode *inodes_next(const struct mount *m, u32 *b,
			  int (*take)(const struct inode *));

/* Has it attributes that its file system is to hear of? */
int inode_to_write(const struct inode *i);

/* Give up those that are dying, and wait for others who do. */
#define INODES_MOMENT 1000000u /* ns between looks */
void inodes_settle_all(void);

/* The mount is going: forget all its inodes. The number that is in use,
 * besides those that the mount itself holds. */
u32 inodes_in_use(const struct mount *m);

/* Is any of them open for writing? */
int inodes_written(const struct mount *m);
void inodes_forget(struct mount *m);

#endif
