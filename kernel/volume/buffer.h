/*
 * Inside volumes: blocks in memory, what the running operation staged, and
 * the sets that a transaction consists of.
 *
 * `operating` guards all of it but a buffer's `state` while it is READING: that
 * is the disk's. Completions wake `reads`, under the scheduler's lock.
 */
#ifndef KERNEL_VOLUME_BUFFER_H
#define KERNEL_VOLUME_BUFFER_H

#include "kernel/frame.h"
#include "kernel/mutex.h"
#include "kernel/volume/set.h"
#include "kernel/volume/volume.h"

enum buffer_state { BUFFER_EMPTY, BUFFER_READING, BUFFER_VALID, BUFFER_FAILED };

enum buffer_flag {
	BUFFER_RUNNING = 1, /* changed by the running transaction */
	BUFFER_COMMITTING = 2, /* part of the one that is being committed */
	BUFFER_HOME = 4, /* committed, but its place on the disk is older */
};

/*
 * `now` is the block as the last operation left it. While it is RUNNING,
 * `before` is what it was before this transaction (none if it was nowhere):
 * for a block that is COMMITTING or HOME, that is what they are about.
 */
struct buffer {
	struct volume *volume;
	u32 block;
	volatile u8 state; /* enum buffer_state, of `now` */
	u8 flags; /* enum buffer_flag */
	u16 pins; /* looked at without `operating` */
	struct physical now, staged, before;
	struct list hash, used, stage;
	struct list running, committing, home; /* sets of the volume */
};

#define STAGED_MOST   256u
#define RELEASES_MOST 256u
#define BUCKETS	      2048u
#define UNDO_BYTES    8192u /* of notes of what an operation overwrote */
#define UNDO_SIZE     512u /* bytes of one note */

struct release {
	u32 block, count;
};

struct journal; /* kernel/volume/journal.h */

struct volume {
	struct disk *disk;
	struct mount *mount;
	struct domain *domain;
	char name[MANIFEST_NAME_SIZE];
	struct thread *operator; /* whose operation runs */
	u32 changes; /* may it stage? */
	u32 block_size, blocks; /* 0: not opened yet */
	u8 read_only;
	u8 failed; /* a write of metadata did: nothing is changed any more */
	struct mutex operating;
	struct buffer *missed; /* the first block that the operation lacked */
	u32 starved; /* it lacked memory */
	u32 waits_journal; /* it waits until the journal was looked at */
	u32 reading; /* it began to read blocks: io_go is to follow */
	struct wait_queue reads;
	struct list *buckets, used; /* used: longest ago first */
	u32 buffers;
	struct list staged;
	u32 staged_count;
	u8 *undo; /* UNDO_BYTES, notes one after the other */
	u32 undo_used;
	struct release releases[RELEASES_MOST];
	u32 release_count;
	struct list running, committing, home;
	u32 running_count, committing_count, home_count;
	struct block_set held, held_before; /* released by the running, and by
					     * the committing transaction */
	struct block_set revokes; /* of the running transaction */
	struct journal *journal; /* NULL: it has none */
	struct transactions *transactions; /* kernel/volume/transaction.h */
	struct list list;
};

/* The buffer of a block, if there is one; the same, made. NULL: no memory. */
struct buffer *buffer_find(struct volume *v, u32 block);
struct buffer *buffer_make(struct volume *v, u32 block);

/* Begin to read it, if it is EMPTY and nothing is staged. 0 or -ENOMEM. */
i32 buffer_read(struct buffer *b);

/* Wait until it is not READING any more; any thread, `operating` not held. */
void buffer_wait(struct buffer *b);

/* Free it; it is in no set, not pinned and not READING. */
void buffer_free(struct buffer *b);

/* Free up to `most` buffers that can be read again, those used longest ago
 * first; how many. `operating` held. */
u32 volume_trim(struct volume *v, u32 most);

/* Forget every buffer; nothing is dirty. `operating` held. */
void buffers_drop(struct volume *v);

static inline void buffer_pin(struct buffer *b)
{
	__atomic_add_fetch(&b->pins, 1, __ATOMIC_SEQ_CST);
}

static inline void buffer_unpin(struct buffer *b)
{
	__atomic_sub_fetch(&b->pins, 1, __ATOMIC_SEQ_CST);
}

/* Blocks have that many bytes from now on: how many there are, or -E_RANGE,
 * -E_BUSY, -E_MEMORY. */
i32 volume_size_set(struct volume *v, u32 block_size);

/* ---- staging (stage.c); `operating` held ---- */

/* Where `size` bytes at byte `at` of a block are to be written: all of them,
 * if that is the whole block. NULL: v->missed or v->starved say why, or it is
 * *error. */
u8 *stage_block(struct volume *v, u32 block, u32 at, u32 size, i32 *error);
i32 stage_release(struct volume *v, u32 block, u32 count);

/* What the operation staged holds; or never was. */
void stage_publish(struct volume *v);
void stage_drop(struct volume *v);

#endif
