/*
 * Drives that take commands as packets: CDs and DVDs, read only. Commands as
 * in MMC-3 (T10 1363D), and how they travel in ATA/ATAPI-6, chapter 8.23.
 */
#ifndef ATA_PACKET_H
#define ATA_PACKET_H

#include "channel.h"

#define PACKET_SECTORS 4u /* of 512 bytes in one of a CD */

/* What IDENTIFY PACKET's `words` say; false if it is no such drive. */
bool packet_read(struct drive *d, const u16 *words, bool master);

/* How large the disc in it is; 0 without one. Only while the channel is not
 * busy. */
u32 packet_sectors(struct channel *c, u32 drive);

/* Begin the channel's request. 0 or -E_DEVICE. */
i32 packet_begin(struct channel *c);

/* The drive has interrupted, with `state`: enum step, or -E_DEVICE. */
i32 packet_step(struct channel *c, u32 state);

/* The request failed: is there reason to begin it again? */
bool packet_again(struct channel *c);

#endif
