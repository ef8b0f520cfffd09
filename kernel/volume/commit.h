/* Committing a volume's running transaction: between transaction.c, which knows
 * when, and commit.c, which knows how. */
#ifndef KERNEL_VOLUME_COMMIT_H
#define KERNEL_VOLUME_COMMIT_H

#include "kernel/volume/buffer.h"

/* By the volume's thread: all that changed until now; with `all`, attributes
 * that are changed in memory alone as well. */
void commit(struct volume *v, int all);

/* Everything that was committed goes home, and the journal is empty. */
void commit_home(struct volume *v);

/* When that thread has ended: everything home, the journal empty. */
void commit_last(struct volume *v);

/* The running transaction is closed: its number; the next one runs. And it is
 * committed, or has failed. */
u32 transaction_close(struct volume *v);
void transaction_end(struct volume *v, u32 number);

#endif
