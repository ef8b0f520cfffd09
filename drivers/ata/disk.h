/* Disks: what they say of themselves, and their commands. */
#ifndef ATA_DISK_H
#define ATA_DISK_H

#include "channel.h"

/* What bits of IDENTIFY's `words` say of a disk; false if it is none that can
 * be used. */
bool disk_read(struct drive *d, const u16 *words, bool master);

/* After each reset: how it is to move its sectors. */
void disk_prepare(struct channel *c, u32 drive);

/* Begin the channel's request. 0 or -E_DEVICE. */
i32 disk_begin(struct channel *c);

/* The drive has interrupted, with `state`: enum step, or -E_DEVICE. */
i32 disk_step(struct channel *c, u32 state);

#endif
