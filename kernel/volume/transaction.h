/*
 * Transactions: all that operations changed since the last commit, made
 * durable together by a thread for each volume: after five seconds, when
 * somebody asks, or when the journal has no room for more.
 */
#ifndef KERNEL_VOLUME_TRANSACTION_H
#define KERNEL_VOLUME_TRANSACTION_H

#include "gates/abi.h"

struct volume;

/* The volume's thread. 0 or -ENOMEM; end it: all is committed, and home. */
i32 transactions_start(struct volume *v);
void transactions_stop(struct volume *v);

/* An operation changed something. `operating` held. */
void transaction_changed(struct volume *v);

/* Has the running transaction no room for another operation? `operating`
 * held. Then commit it, and wait for that; no locks held. */
int transaction_is_here(const struct volume *v); /* is this its thread? */
int transaction_is_full(const struct volume *v);
void transaction_room(struct volume *v);

/*
 * Write the contents of files that the transaction to be committed is about:
 * all dirty pages of the mount whose blocks are known. Set by the page cache;
 * called by the volume's thread with no locks held. 0 or -EIO.
 */
extern i32 (*transaction_contents)(struct volume *v);

/* Before that: let attributes that are changed in memory alone become
 * operations. Set by the inode table. */
extern i32 (*transaction_attributes)(struct volume *v);

/*
 * The journal is in these runs of blocks (u32 first, u32 count), which are
 * checked against the volume. 0: it is in use; -E_AGAIN: volume_end is to call
 * journal_look; -E_FORM. `operating` held.
 */
i32 journal_claim(struct volume *v, const u32 *runs, u32 count);

/* Read and replay it. 0 or -errno; no locks held. */
i32 journal_look(struct volume *v);
void journal_free(struct volume *v);

#endif
