/*
 * A volume's journal: where it lies, what of it is in use, and how blocks get
 * there. Its format is the business of the domain `cache`.
 */
#ifndef KERNEL_VOLUME_JOURNAL_H
#define KERNEL_VOLUME_JOURNAL_H

#include "core.h"
#include "kernel/volume/buffer.h"

#define JOURNAL_RUNS 512u

struct journal_run {
	u32 first, count;
};

struct journal {
	struct journal_run runs[JOURNAL_RUNS];
	u32 run_count;
	u32 blocks; /* of all runs */
	struct cache_log log;
	struct physical super; /* its first block, as it is on the disk */
	u32 head; /* where the next transaction begins */
	u32 used; /* blocks from the oldest one that is not home, to there */
	u8 ready; /* it was looked at, and all is home */
	u8 begun; /* the disk says where it begins */
};

/* A block of a transaction: what it is to be at home. */
struct journal_block {
	struct buffer *buffer;
	struct physical frame; /* shared */
};

/* Blocks that a transaction takes. */
u32 journal_need(const struct volume *v, u32 blocks, u32 revokes);
u32 journal_room(const struct volume *v);

/* Write a transaction, and wait until it is there for good. 0, -EIO. */
i32 journal_commit(struct volume *v, const struct journal_block *blocks,
		   u32 count, const u32 *revokes, u32 revoke_count);

/* All that was ever committed is home: the log begins anew. `closing`: and
 * nothing more will come. 0, -EIO. */
i32 journal_empty(struct volume *v, int closing);

#endif
